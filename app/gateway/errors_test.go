package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

func newRequestEvent() (*core.RequestEvent, *httptest.ResponseRecorder) {
	recorder := httptest.NewRecorder()
	e := new(core.RequestEvent)
	e.Request = httptest.NewRequest(http.MethodGet, "/db/2024-01-15-001-ada/api/health", nil)
	e.Response = recorder
	return e, recorder
}

func TestErrorsAreMappedToResponses(t *testing.T) {
	openError := func(err error) error { return fmt.Errorf("%w: open user database: %w", errOpenFailed, err) }
	damaged := errors.New("file is not a database")
	for name, c := range map[string]struct {
		err                error
		owner, superuser   int
		retryAfter, logged string
	}{
		"invalid session":          {fmt.Errorf("verify session: %w: too long", session.ErrInvalid), 401, 401, "", ""},
		"expired session":          {session.ErrExpired, 401, 401, "", ""},
		"session for another":      {session.ErrWrongDatabase, 403, 403, "", ""},
		"unknown database":         {openError(registry.ErrNotFound), 401, 404, "", ""},
		"forbidden route":          {errForbidden, 404, 403, "", ""},
		"address not allowed":      {errAddressNotAllowed, 403, 403, "", ""},
		"rate exceeded":            {errRateExceeded, 429, 429, "1", ""},
		"too many requests":        {errTooManyRequests, 429, 429, "2", ""},
		"large body":               {errBodyTooLarge, 413, 413, "", ""},
		"unreadable body":          {fmt.Errorf("%w: unexpected EOF", errBodyUnreadable), 400, 400, "", ""},
		"all databases are in use": {openError(userdb.ErrBusy), 503, 503, "2", ""},
		"server is stopping":       {openError(userdb.ErrClosed), 503, 503, "2", ""},
		"server cancels requests":  {openError(context.Canceled), 503, 503, "2", ""},
		"damaged database":         {openError(damaged), 503, 503, "", "failed to open user database"},
		"missing database":         {openError(errors.Join(damaged, userdb.ErrMissing)), 503, 503, "", "failed to open user database"},
		"full disk":                {openError(errors.Join(damaged, syscall.ENOSPC)), 507, 507, "60", "disk is full"},
		"read-only disk":           {openError(errors.Join(damaged, syscall.EROFS)), 503, 503, "60", "disk is read-only"},
		"no file descriptors":      {openError(fmt.Errorf("%w: %w", descriptors.ErrExhausted, damaged)), 503, 503, "2", "out of file descriptors"},
		"anything else":            {damaged, 500, 500, "", "request failed"},
	} {
		for who, want := range map[string]int{"owner": c.owner, "superuser": c.superuser} {
			t.Run(name+" for "+who, func(t *testing.T) {
				var log bytes.Buffer
				logger := slog.New(slog.NewTextHandler(&log, nil))
				g := &Gateway{logger: logger, disk: disk.New(disk.Config{Logger: logger}), openFailures: limit.NewRate(1, 1, time.Now)}
				state := &requestState{name: "2024-01-15-001-ada", principal: principal{id: "ada"}}
				if who == "superuser" {
					state.principal.superuser = new(core.Record)
				}
				e, recorder := newRequestEvent()
				response, ok := errors.AsType[*router.ApiError](g.apiError(e, state, c.err))
				require.True(t, ok)
				assert.Equal(t, want, response.Status)
				assert.NotContains(t, response.Message, damaged.Error())
				assert.Empty(t, response.Data)
				assert.Equal(t, c.retryAfter, recorder.Header().Get("Retry-After"))
				if c.logged == "" {
					assert.Empty(t, log.String())
				} else {
					assert.Contains(t, log.String(), c.logged)
					assert.Contains(t, log.String(), damaged.Error())
				}
				assert.Equal(t, name == "damaged database" || name == "missing database", strings.Contains(log.String(), "userdb verify"))
				if c.logged == "failed to open user database" {
					log.Reset()
					require.Error(t, g.apiError(e, state, c.err))
					assert.Empty(t, log.String(), "a browser that tries again fills no log")
				}
			})
		}
	}
}

func TestErrorsWithoutAMappingAreReturned(t *testing.T) {
	g := &Gateway{logger: slog.New(slog.DiscardHandler)}
	e, _ := newRequestEvent()
	for _, err := range []error{nil, router.NewBadRequestError("A field is missing.", nil)} {
		assert.Equal(t, err, g.apiError(e, &requestState{}, err))
	}
}

func TestForbiddenRouteLooksUnknownToTheOwner(t *testing.T) {
	g := &Gateway{logger: slog.New(slog.DiscardHandler)}
	e, _ := newRequestEvent()
	forbidden := router.ToApiError(g.apiError(e, &requestState{}, errForbidden))
	unknown := router.NewNotFoundError("", nil)
	assert.Equal(t, unknown.Status, forbidden.Status)
	assert.Equal(t, unknown.Message, forbidden.Message)
	assert.Equal(t, unknown.Data, forbidden.Data)
}

func TestRequestsThatAStopCancelsCanBeRepeated(t *testing.T) {
	t.Parallel()
	g := &Gateway{}
	failed := errors.New("interrupted")
	e, recorder := newRequestEvent()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	e.Request = e.Request.WithContext(canceled)
	assert.Equal(t, failed, g.ExplainUnavailable(e, failed), "the client has disconnected")
	g.NoteStop()
	assert.NoError(t, g.ExplainUnavailable(e, nil))
	response, ok := errors.AsType[*router.ApiError](g.ExplainUnavailable(e, failed))
	require.True(t, ok)
	assert.Equal(t, http.StatusServiceUnavailable, response.Status)
	assert.NotEmpty(t, recorder.Header().Get("Retry-After"))
	e.Request = e.Request.WithContext(t.Context())
	assert.Equal(t, failed, g.ExplainUnavailable(e, failed), "it failed for another reason")
}
