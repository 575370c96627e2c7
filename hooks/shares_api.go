package hooks

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/share"
)

// listShares responds with the links of the caller, all of them or those to one recording.
func (h handlers) listShares(e *core.RequestEvent) error {
	var recordingID int64
	if text := e.Request.URL.Query().Get("recording_id"); text != "" {
		var err error
		if recordingID, err = strconv.ParseInt(text, 10, 64); err != nil || recordingID == 0 {
			return shareError(e, &share.InvalidError{Field: "recording_id", Message: "The id of a recording is a number."})
		}
	}
	list, err := h.Shares.List(e.Request.Context(), e.Auth.Id, recordingID)
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, map[string]any{"shares": list})
}

// shareBody is the body of requests to create or change a link. What is missing has its default or stays as it is.
type shareBody struct {
	RecordingID int64   `json:"recording_id"`
	Expires     *string `json:"expires"`
	Password    *string `json:"password"`
	Title       *bool   `json:"title"`
	Summary     *bool   `json:"summary"`
	Transcript  *bool   `json:"transcript"`
}

// expires returns the time at which the link expires, or nil. A text that isn't a date is in the past.
func (b shareBody) expires() *time.Time {
	if b.Expires == nil || *b.Expires == "" {
		return nil
	}
	at, err := types.ParseDateTime(*b.Expires)
	parsed := at.Time()
	if err != nil || at.IsZero() {
		parsed = time.Unix(0, 0)
	}
	return &parsed
}

func (h handlers) createShare(e *core.RequestEvent) error {
	var body shareBody
	if err := bindJSON(e, &body, "recording_id and, optionally, expires, password, title, summary and transcript"); err != nil {
		return err
	}
	request := share.Request{
		RecordingID: body.RecordingID,
		Shows:       share.Shows{Title: isOn(body.Title), Summary: isOn(body.Summary), Transcript: isOn(body.Transcript)},
	}
	if at := body.expires(); at != nil {
		request.Expires = *at
	}
	if body.Password != nil {
		request.Password = *body.Password
	}
	info, err := h.Shares.Create(e.Request.Context(), e.Auth.Id, request)
	if err != nil {
		return shareError(e, err)
	}
	return e.JSON(http.StatusOK, info)
}

// isOn returns the value of a setting that is on by default.
func isOn(value *bool) bool { return value == nil || *value }

func (h handlers) changeShare(e *core.RequestEvent) error {
	var body shareBody
	if err := bindJSON(e, &body, "some of expires, password, title, summary and transcript"); err != nil {
		return err
	}
	change := share.Change{
		Expires: body.expires(), Password: body.Password, Title: body.Title, Summary: body.Summary, Transcript: body.Transcript,
	}
	info, err := h.Shares.Change(e.Request.Context(), e.Auth.Id, e.Request.PathValue("id"), change)
	if err != nil {
		return shareError(e, err)
	}
	return e.JSON(http.StatusOK, info)
}

func (h handlers) revokeShare(e *core.RequestEvent) error {
	if err := h.Shares.Revoke(e.Request.Context(), e.Auth.Id, e.Request.PathValue("id")); err != nil {
		return shareError(e, err)
	}
	return e.NoContent(http.StatusNoContent)
}

// shareError translates an error of package share for the owner of a link.
func shareError(e *core.RequestEvent, err error) error {
	if invalid, ok := errors.AsType[*share.InvalidError](err); ok {
		return e.BadRequestError(invalid.Message, validation.Errors{invalid.Field: validation.NewError("validation_share", invalid.Message)})
	}
	if rate, ok := errors.AsType[*share.RateError](err); ok {
		return tooManyRequests(e, rate.Wait, "Too many new links. Wait a moment and try again.")
	}
	switch {
	case errors.Is(err, share.ErrTooMany):
		return e.BadRequestError("You have "+strconv.Itoa(share.MaxActive)+" links. Revoke one that you don't use.", nil)
	case errors.Is(err, share.ErrNoRecording):
		const message = "The video of this recording isn't stored here. Copy it from Fathom first."
		return e.BadRequestError(message, validation.Errors{"recording_id": validation.NewError("validation_share", message)})
	case errors.Is(err, share.ErrNotFound):
		return e.NotFoundError("", nil)
	case errors.Is(err, share.ErrUnavailable), errors.Is(err, registry.ErrElsewhere):
		return e.Error(http.StatusConflict, "Your database isn't ready. Sign in again and wait until your meetings are shown.", nil)
	}
	return e.InternalServerError("", err)
}
