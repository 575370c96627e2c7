package fathom_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

const signedURL = "https://media.fathom.ai/downloads/x?sig=y"

func TestDownloadIsRequestedAndPolled(t *testing.T) {
	var asked []string
	account, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.Method+" "+r.URL.RequestURI()+" "+string(body))
		if r.Method == http.MethodPost {
			assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
			respond(202, download)(w, r)
			return
		}
		respond(200, `{"download_id":"dl/1","recording_id":1001,"status":"completed","audio":null,
			"video":{"url":"`+signedURL+`","content_type":"video/mp4","file_size_bytes":73400320,"expires_at":"2026-08-02T10:00:00Z"}}`)(w, r)
	})
	d, err := account.RequestDownload(t.Context(), 1001, "")
	require.NoError(t, err)
	assert.Equal(t, fathom.DownloadProcessing, d.Status)
	_, ok := d.File()
	assert.False(t, ok)

	d, err = account.PollDownload(t.Context(), 1001, "dl/1")
	require.NoError(t, err)
	file, ok := d.File()
	require.True(t, ok)
	assert.Equal(t, signedURL, file.URL.Reveal())
	assert.Equal(t, int64(73400320), file.Size)
	assert.Equal(t, time.Date(2026, 8, 2, 10, 0, 0, 0, time.UTC), file.ExpiresAt)
	assert.Equal(t, ".mp4", file.Ext())
	assert.Equal(t, []string{"POST /external/v1/recordings/1001/download {}", "GET /external/v1/recordings/1001/downloads/dl%2F1 "}, asked)

	encoded, err := json.Marshal(d)
	require.NoError(t, err)
	assert.NotContains(t, string(encoded), "sig=y")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		text := fmt.Sprintf(verb+verb+verb, file, file.URL, *d.Video)
		assert.NotContains(t, text, "sig=y", verb)
		assert.NotContains(t, text, fmt.Sprintf("%x", "sig=y"), verb)
	}
}

func TestDownloadAnswersAreValidated(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		ok   bool
	}{
		"completed audio": {`{"download_id":"d","status":"completed","audio":{"url":"https://x.test/a","content_type":"audio/mpeg","file_size_bytes":5,"expires_at":"tomorrow"}}`, true},
		"failed":          {`{"download_id":"d","status":"failed","failure_reason":"generation_timeout"}`, true},
		"expired":         {`{"download_id":"d","status":"expired","video":null}`, true},
		"unknown status":  {`{"download_id":"d","status":"queued"}`, true},
		"no id":           {`{"status":"processing"}`, false},
		"no status":       {`{"download_id":"d"}`, false},
		"without a file":  {`{"download_id":"d","status":"completed"}`, false},
		"with a null url": {`{"download_id":"d","status":"completed","video":{"url":null}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			account, _ := newAccount(t, respond(202, c.body))
			_, err := account.RequestDownload(t.Context(), 1, "")
			assert.Equal(t, c.ok, err == nil, "%v", err)
		})
	}
}

func TestIDsThatChangeThePathAreNotSent(t *testing.T) {
	account, _ := newAccount(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	for _, id := range []string{"", ".", ".."} {
		_, err := account.PollDownload(t.Context(), 1, id)
		require.Error(t, err)
		require.Error(t, account.DeleteWebhook(t.Context(), id))
	}
}

func TestFileExtMatchesContentType(t *testing.T) {
	for kind, want := range map[string]string{
		"video/mp4": ".mp4", "video/mp4; codecs=x": ".mp4", "VIDEO/WEBM": ".webm", "video/quicktime": ".mov", "video/x-new": ".mp4",
		"audio/mp4": ".m4a", "audio/mpeg": ".mp3", "": "", "text/html": "",
	} {
		assert.Equal(t, want, fathom.File{ContentType: kind}.Ext(), kind)
	}
}

func TestWebhookIsCreatedAndDeleted(t *testing.T) {
	account, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			assert.Equal(t, "/external/v1/webhooks/abc%2F1", r.URL.RequestURI())
			w.WriteHeader(http.StatusNoContent)
			return
		}
		body, _ := io.ReadAll(r.Body)
		assert.JSONEq(t, `{"destination_url":"https://e.test/hook","triggered_for":["my_recordings"],"include_transcript":false,
			"include_crm_matches":false,"include_summary":true,"include_action_items":false}`, string(body))
		respond(201, `{"id":"abc","url":"https://e.test/hook","secret":"whsec_AAEC","created_at":"2026-01-01T00:00:00Z","include_summary":true,"triggered_for":["my_recordings"]}`)(w, r)
	})
	hook, err := account.CreateWebhook(t.Context(), fathom.WebhookRequest{
		DestinationURL: "https://e.test/hook", TriggeredFor: []string{fathom.TriggerMyRecordings}, IncludeSummary: true,
	})
	require.NoError(t, err)
	assert.Equal(t, "whsec_AAEC", hook.Secret.Reveal())
	encoded, err := json.Marshal(hook)
	require.NoError(t, err)
	assert.NotContains(t, string(encoded)+fmt.Sprintf("%+v %#v %s", hook, hook, hook.Secret), "whsec_AAEC")
	require.NoError(t, account.DeleteWebhook(t.Context(), "abc/1"))
}
