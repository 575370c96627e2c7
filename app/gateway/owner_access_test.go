package gateway_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestOwnerWritesOnlyTheirOwnCollections(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")

	created := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "theme", "value": "dark"})
	require.Equal(t, 200, created.Status, created.Raw)
	updated := p.Own("PATCH", "/api/collections/preferences/records/"+created.Text("id"), map[string]any{"value": "light"})
	assert.Equal(t, "light", updated.Text("value"), updated.Raw)
	assert.Equal(t, 204, p.Own("DELETE", "/api/collections/preferences/records/"+created.Text("id"), nil).Status)

	batch := p.Own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "POST", "url": "/api/collections/preferences/records", "body": map[string]any{"key": "one", "value": 1}},
		{"method": "POST", "url": "/api/collections/preferences/records", "body": map[string]any{"key": "two", "value": 2}},
	}})
	assert.Equal(t, 200, batch.Status, batch.Raw)
	assert.Len(t, p.ListOwn("preferences", ""), 2)

	for _, collection := range []string{"meetings", "transcripts", "recordings", "transfers", "users"} {
		got := p.Own("POST", "/api/collections/"+collection+"/records", map[string]any{"recording_id": 1})
		assert.Equal(t, 403, got.Status, "only the server writes %s: %s", collection, got.Raw)
	}
}

func TestOwnerCannotUploadRecordings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("key", "theme"))
	part, err := form.CreateFormFile("file", "x.mp4")
	require.NoError(t, err)
	_, err = part.Write([]byte("not a video"))
	require.NoError(t, err)
	require.NoError(t, form.Close())
	request, err := http.NewRequest(http.MethodPost, p.DatabaseURL+"/api/collections/recordings/records", &body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Authorization", p.Session)
	assert.Equal(t, 403, s.Do(request).Status)
}
