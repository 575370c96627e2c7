package hooks

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/bundle"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// meetingSelection selects meetings of a user database: those with the given recording ids or, if there are none,
// those that match a filter. The zero value selects all meetings.
type meetingSelection struct {
	RecordingIDs []int64 `json:"recording_ids"`
	Filter       string  `json:"filter"`
}

// isEmpty reports whether the selection names neither meetings nor a filter.
func (s meetingSelection) isEmpty() bool {
	return len(s.RecordingIDs) == 0 && strings.TrimSpace(s.Filter) == ""
}

// recordingIDs returns the recording ids of the selected meetings, newest first if a filter selects them. maxIDs is how
// many meetings may be selected by their ids. Errors are API errors.
func (s meetingSelection) recordingIDs(e *core.RequestEvent, maxIDs int) ([]int64, error) {
	ctx := e.Request.Context()
	refuse := func(field, message string) ([]int64, error) { return refuseSelection(e, field, message) }
	switch {
	case len(s.RecordingIDs) > 0 && s.Filter != "":
		return refuse("filter", "Select meetings by their recording ids or by a filter, not by both.")
	case len(s.RecordingIDs) > maxIDs:
		return refuse("recording_ids", fmt.Sprintf("You can select %d meetings at once. Use a filter for more.", maxIDs))
	case len(s.RecordingIDs) > 0:
		ids := slices.Compact(slices.Sorted(slices.Values(s.RecordingIDs)))
		err := bundle.CheckMeetings(ctx, e.App, ids)
		if unknown, ok := errors.AsType[*bundle.UnknownMeetingError](err); ok {
			return refuse("recording_ids", fmt.Sprintf("There is no meeting with the recording id %d.", unknown.RecordingID))
		}
		return ids, err
	}
	ids, err := readlimit.SelectIDs(ctx, e.App, schema.Meetings, "recording_id", s.Filter, "-recorded_at,-recording_id")
	switch {
	case err != nil:
		return nil, err
	case len(ids) == 0 && s.Filter != "":
		return refuse("filter", "No meeting matches the filter.")
	case len(ids) > bundle.MaxMeetings:
		return refuse("filter", fmt.Sprintf("You have selected %d meetings. At most %d are possible at once.", len(ids), bundle.MaxMeetings))
	}
	return ids, nil
}

func refuseSelection(e *core.RequestEvent, field, message string) ([]int64, error) {
	return nil, e.BadRequestError(message, validation.Errors{field: validation.NewError("validation_selection", message)})
}

// query returns the selection as parameters of a URL, which selectionFrom reads.
func (s meetingSelection) query() url.Values {
	query := url.Values{}
	if s.Filter != "" {
		query.Set("filter", s.Filter)
	}
	if len(s.RecordingIDs) > 0 {
		ids := make([]string, len(s.RecordingIDs))
		for i, id := range s.RecordingIDs {
			ids[i] = strconv.FormatInt(id, 10)
		}
		query.Set("recording_ids", strings.Join(ids, ","))
	}
	return query
}

func selectionFrom(e *core.RequestEvent, query url.Values) (meetingSelection, error) {
	s := meetingSelection{Filter: query.Get("filter")}
	if list := query.Get("recording_ids"); list != "" {
		for text := range strings.SplitSeq(list, ",") {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return s, e.BadRequestError("The recording ids are not numbers.", err)
			}
			s.RecordingIDs = append(s.RecordingIDs, id)
		}
	}
	return s, nil
}
