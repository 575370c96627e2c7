package hooks_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// sendPicture sends a JPEG, or whatever the content is, as the poster at a URL.
func sendPicture(s *apptest.Server, link, token string, content []byte) apptest.Answer {
	s.T.Helper()
	request, err := http.NewRequest(http.MethodPut, link, bytes.NewReader(content))
	require.NoError(s.T, err)
	request.Header.Set("Authorization", token)
	request.Header.Set("Content-Type", "image/jpeg")
	return s.Do(request)
}

func grayJPEG(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, 320, 180)), nil))
	return out.Bytes()
}

func TestPosterOfAMeeting(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, bob := s.SignUp("ada@example.com"), s.SignUp("bob@example.com")
	meeting := ada.SaveRecord("meetings", map[string]any{"recording_id": 1, "title": "Secret plan"})
	path := "/api/meetings/" + meeting.Id + "/poster"
	link := ada.DatabaseURL + path

	tile := ada.Own("GET", path, nil)
	assert.Equal(t, 200, tile.Status)
	assert.Equal(t, "image/svg+xml", tile.Header.Get("Content-Type"))
	assert.Contains(t, tile.Raw, ">SP</text>")
	assert.Contains(t, tile.Header.Get("Content-Security-Policy"), "default-src 'none'")
	assert.Equal(t, "private, no-cache", tile.Header.Get("Cache-Control"))

	_, reader := ada.CreateToken("read")
	for _, token := range []string{"", bob.Session, ada.Token, s.SuperuserToken(), reader} {
		assert.Contains(t, []int{401, 403}, sendPicture(s, link, token, grayJPEG(t)).Status)
	}
	for _, content := range [][]byte{nil, []byte("{}"), bytes.Repeat([]byte{0xff}, 300<<10)} {
		refused := sendPicture(s, link, ada.Session, content)
		assert.Equal(t, 400, refused.Status, refused.Raw)
		assert.Contains(t, refused.Text("message"), "A poster ", refused.Raw)
	}
	assert.Equal(t, 413, sendPicture(s, link, ada.Session, make([]byte, 2<<20)).Status)
	assert.Equal(t, 404, sendPicture(s, ada.DatabaseURL+"/api/meetings/000000000000000/poster", ada.Session, grayJPEG(t)).Status)
	assert.Equal(t, 404, ada.Own("GET", "/api/meetings/000000000000000/poster", nil).Status)

	saved := sendPicture(s, link, ada.Session, grayJPEG(t))
	require.Equal(t, 200, saved.Status, saved.Raw)
	name := saved.Text("poster")
	assert.Regexp(t, `^poster_[a-z0-9]{12}\.jpg$`, name)
	assert.Equal(t, name, ada.ListOwn("meetings", "")[0]["poster"], "lists say which meetings have one")

	shown := ada.Own("GET", path, nil)
	assert.Equal(t, "image/jpeg", shown.Header.Get("Content-Type"))
	assert.Equal(t, "nosniff", shown.Header.Get("X-Content-Type-Options"))
	_, err := jpeg.Decode(strings.NewReader(shown.Raw))
	require.NoError(t, err)
	assert.Equal(t, "private, no-cache", shown.Header.Get("Cache-Control"))
	assert.Contains(t, ada.Own("GET", path+"?v="+name, nil).Header.Get("Cache-Control"), "immutable")
	assert.NotContains(t, ada.Own("GET", path+"?v=poster_of_earlier.jpg", nil).Header.Get("Cache-Control"), "immutable")
	request, err := http.NewRequest(http.MethodGet, link, nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", reader)
	request.Header.Set("If-None-Match", shown.Header.Get("ETag"))
	assert.Equal(t, http.StatusNotModified, s.Do(request).Status, "with an API token")

	limited := false
	for range 100 {
		limited = limited || sendPicture(s, link, ada.Session, []byte("no picture")).Status == 429
	}
	assert.True(t, limited, "encoding costs time")

	fileToken := ada.Own("POST", "/api/files/token", nil).Text("token")
	assert.Equal(t, shown.Raw, s.Call("GET", link+"?token="+fileToken, "", nil).Raw, "as a picture on a page")
	foreign := bob.Own("POST", "/api/files/token", nil).Text("token")
	for _, query := range []string{"", "?token=", "?token=" + foreign, "?token=" + ada.Session, "?token=" + reader} {
		assert.Contains(t, []int{401, 403}, s.Call("GET", link+query, "", nil).Status, query)
	}
	assert.Equal(t, shown.Raw, ada.Own("GET", "/api/files/meetings/"+meeting.Id+"/"+name, nil).Raw, "as any file of a record")
}
