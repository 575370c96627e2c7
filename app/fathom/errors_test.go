package fathom_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

func TestStatusDeterminesKindAndRetry(t *testing.T) {
	bodies := []string{`{"message":"no luck"}`, `{"error":"no luck"}`, "", "<html>\x00no\nluck</html>", `{"message":{"a":1}}`, "not json " + strings.Repeat("é", 4000)}
	for status, want := range map[int]struct {
		kind      fathom.Kind
		temporary bool
		calls     int
	}{
		400: {fathom.KindBadRequest, false, 1}, 401: {fathom.KindUnauthorized, false, 1}, 403: {fathom.KindForbidden, false, 1},
		404: {fathom.KindNotFound, false, 1}, 410: {fathom.KindNotFound, false, 1}, 422: {fathom.KindUnprocessable, false, 1}, 418: {fathom.KindBadRequest, false, 1},
		408: {fathom.KindUnavailable, true, 0}, 429: {fathom.KindRateLimited, true, 0}, 500: {fathom.KindUnavailable, true, 0},
		502: {fathom.KindUnavailable, true, 0}, 503: {fathom.KindUnavailable, true, 0}, 304: {fathom.KindInvalidResponse, true, 1},
	} {
		for i, body := range bodies {
			s := newScript(respond(status, body))
			account, clk := newAccount(t, s.ServeHTTP)
			err := account.Check(t.Context())
			var failure *fathom.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, want.kind, failure.Kind, "%d", status)
			assert.Equal(t, status, failure.Status)
			assert.Equal(t, want.temporary, failure.Temporary(), "%d", status)
			assert.LessOrEqual(t, len(failure.Detail), 200)
			assert.NotContains(t, failure.Detail, "\n")
			assert.Contains(t, err.Error(), fmt.Sprint(status))
			if i < 2 && status != 304 {
				assert.Equal(t, "no luck", failure.Detail)
			}
			if want.calls == 1 {
				assert.Equal(t, 1, s.Calls(), "%d is not retried", status)
				assert.Zero(t, clk.Slept())
			} else {
				assert.Greater(t, s.Calls(), 3, "%d is retried", status)
				assert.LessOrEqual(t, clk.Slept(), time.Minute)
			}
		}
	}
}

func TestMalformedResponsesAreInvalid(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"html":     respond(200, "<html>hello</html>", "Content-Type", "text/html"),
		"empty":    respond(200, ""),
		"no body":  respond(204, ""),
		"cut json": respond(200, `{"items":[`),
		"trailing": respond(200, emptyPage+"x"),
		"array":    respond(200, `[]`),
	} {
		t.Run(name, func(t *testing.T) {
			account, _ := newAccount(t, handler)
			_, err := account.ListMeetings(t.Context(), fathom.MeetingQuery{}, "")
			var failure *fathom.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, fathom.KindInvalidResponse, failure.Kind)
			assert.True(t, failure.Temporary())
			assert.NotContains(t, failure.Detail, "hello")
		})
	}
}

func TestResponseSizeIsLimited(t *testing.T) {
	account, _ := newAccount(t, respond(200, `{"summary":{"markdown_formatted":"`+strings.Repeat("x", 2<<20)+`"}}`))
	_, err := account.Summary(t.Context(), 1)
	var failure *fathom.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, fathom.KindInvalidResponse, failure.Kind)

	account, _ = newAccount(t, respond(200, `{"transcript":[{"text":"`+strings.Repeat("x", 2<<20)+`"}]}`))
	_, err = account.Transcript(t.Context(), 1)
	require.NoError(t, err, "transcripts may be long")
}

func TestUnusableKeysAreNotSent(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("sent") }))
	defer server.Close()
	client := newClient(t, fathom.Config{BaseURL: server.URL})
	for _, key := range []string{"", "  ", "a b", "a\nb", "ключ"} {
		err := client.Account(key).Check(t.Context())
		var failure *fathom.Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, fathom.KindUnauthorized, failure.Kind)
	}
}

func TestNetworkErrorsAreUnavailableAndHideTheURL(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	clk := newClock()
	client := newClient(t, fathom.Config{BaseURL: server.URL + "/secretpath", Now: clk.Now, Sleep: clk.Sleep})
	err := client.Account(testKey).Check(t.Context())
	var failure *fathom.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, fathom.KindUnavailable, failure.Kind)
	assert.True(t, failure.Temporary())
	assert.Error(t, failure.Unwrap())
	assert.NotContains(t, err.Error(), "secretpath")
	assert.NotZero(t, clk.Slept())
}

func TestSlowResponseTimesOut(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	client := newClient(t, fathom.Config{BaseURL: server.URL, Timeout: 20 * time.Millisecond, RetryFor: -1})
	err := client.Account(testKey).Check(t.Context())
	var failure *fathom.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, fathom.KindUnavailable, failure.Kind)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestCancelledContextIsNotAFathomError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	account, clk := newAccount(t, func(w http.ResponseWriter, r *http.Request) { cancel(); respond(503, "")(w, r) })
	err := account.Check(ctx)
	require.ErrorIs(t, err, context.Canceled)
	var failure *fathom.Error
	assert.NotErrorAs(t, err, &failure)
	assert.Zero(t, clk.Slept())
}

func TestKeyIsNeverPrinted(t *testing.T) {
	var log bytes.Buffer
	server := httptest.NewServer(respond(400, `{"message":"bad key `+testKey+`"}`))
	defer server.Close()
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client := newClient(t, fathom.Config{BaseURL: server.URL, Logger: logger})
	account := client.Account(testKey)
	err := account.Check(t.Context())

	var failure *fathom.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, "bad key [redacted]", failure.Detail)
	logger.Info("seen", "account", account, "error", failure, "client", client)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		fmt.Fprintf(&log, verb+verb+verb, account, client, failure)
	}
	assert.NotContains(t, log.String(), testKey)
	assert.NotContains(t, log.String(), fmt.Sprintf("%x", testKey))
}

func TestKeyIsNotSentToOtherHosts(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed to another host") }))
	defer other.Close()
	account, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	for _, err := range []error{account.Check(t.Context()), account.DeleteWebhook(t.Context(), "w")} {
		var failure *fathom.Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, fathom.KindInvalidResponse, failure.Kind)
	}

	account, _ = newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/") {
			http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
			return
		}
		respond(200, emptyPage)(w, r)
	})
	assert.NoError(t, account.Check(t.Context()), "the same host is fine")
}

func TestNewRejectsBadBaseURL(t *testing.T) {
	for _, base := range []string{"", "api.fathom.ai", "ftp://x", "https://", "https://u:secret@x/", "https://x/?a=b", "http://[::1", "https://x/#f"} {
		_, err := fathom.New(fathom.Config{BaseURL: base})
		require.Error(t, err, base)
		assert.NotContains(t, err.Error(), "secret")
	}
}
