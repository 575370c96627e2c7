package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/bundle"
	"github.com/fathom-to-loom/fathom-to-loom/app/library"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// meetingSelection selects meetings of a user database: those with the given recording ids or, if there are none,
// those that match a filter, or the filters of the library. The zero value selects all meetings.
type meetingSelection struct {
	RecordingIDs []int64         `json:"recording_ids"`
	Filter       string          `json:"filter"`
	Library      *library.Filter `json:"library"`
	Except       []int64         `json:"except"` // recording ids that the filters of the library don't select
}

// isEmpty reports whether the selection names neither meetings nor a filter.
func (s meetingSelection) isEmpty() bool {
	return len(s.RecordingIDs) == 0 && strings.TrimSpace(s.Filter) == "" && s.Library == nil
}

// recordingIDs returns the recording ids of the selected meetings, newest first if a filter selects them. maxIDs is how
// many meetings may be selected by their ids. Errors are API errors.
func (h handlers) recordingIDs(e *core.RequestEvent, s meetingSelection, maxIDs int) (ids []int64, err error) {
	ctx := e.Request.Context()
	refuse := func(field, message string) ([]int64, error) { return refuseSelection(e, field, message) }
	switch {
	case len(s.RecordingIDs) > 0 && s.Filter != "":
		return refuse("filter", "Select meetings by their recording ids or by a filter, not by both.")
	case s.Library != nil && (len(s.RecordingIDs) > 0 || s.Filter != ""):
		return refuse("library", "Select meetings by the filters of the library or in another way, not in both.")
	case len(s.Except) > 0 && s.Library == nil || len(s.Except) > maxIDs:
		return refuse("except", fmt.Sprintf("Only the filters of the library can leave out meetings, %d at most.", maxIDs))
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
	by := "filter"
	if s.Library != nil {
		by = "library"
		ids, err = h.selectFromLibrary(e, *s.Library, s.Except)
	} else {
		ids, err = readlimit.SelectIDs(ctx, e.App, schema.Meetings, "recording_id", s.Filter, "-recorded_at,-recording_id")
	}
	switch {
	case err != nil:
		return nil, err
	case len(ids) == 0 && (s.Filter != "" || s.Library != nil):
		return refuse(by, "No meeting matches the filter.")
	case len(ids) > bundle.MaxMeetings:
		return refuse(by, fmt.Sprintf("You have selected %d meetings. At most %d are possible at once.", len(ids), bundle.MaxMeetings))
	}
	return ids, nil
}

func refuseSelection(e *core.RequestEvent, field, message string) ([]int64, error) {
	return nil, e.BadRequestError(message, validation.Errors{field: validation.NewError("validation_selection", message)})
}

// query returns the selection as parameters of a URL, which selectionFrom reads.
func (s meetingSelection) query() (url.Values, error) {
	query := url.Values{}
	if s.Filter != "" {
		query.Set("filter", s.Filter)
	}
	if len(s.RecordingIDs) > 0 {
		query.Set("recording_ids", idList(s.RecordingIDs))
	}
	if s.Library != nil {
		filter, err := json.Marshal(s.Library)
		if err != nil {
			return nil, fmt.Errorf("encode the filters of the library: %w", err)
		}
		query.Set("library", string(filter))
	}
	if len(s.Except) > 0 {
		query.Set("except", idList(s.Except))
	}
	return query, nil
}

func idList(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

func selectionFrom(e *core.RequestEvent, query url.Values) (meetingSelection, error) {
	s := meetingSelection{Filter: query.Get("filter")}
	if text := query.Get("library"); text != "" {
		if err := json.Unmarshal([]byte(text), &s.Library); err != nil {
			return s, e.BadRequestError("The filters of the library could not be read.", err)
		}
	}
	for name, ids := range map[string]*[]int64{"recording_ids": &s.RecordingIDs, "except": &s.Except} {
		list := query.Get(name)
		if list == "" {
			continue
		}
		for text := range strings.SplitSeq(list, ",") {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return s, e.BadRequestError("The recording ids are not numbers.", err)
			}
			*ids = append(*ids, id)
		}
	}
	return s, nil
}
