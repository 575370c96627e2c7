package simulator_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// oembed requests the oEmbed data of a share URL.
func (s *sim) oembed(share string) response {
	s.t.Helper()
	return s.getURL(s.LoomURL() + "/v1/oembed?format=json&url=" + url.QueryEscape(share))
}

func TestRecordingCanBeUploadedToLoom(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	groundTruth, _ := s.Meeting(1002)
	raw := s.getURL(s.completed(1002).URL).body

	share, err := s.Upload(t.Context(), "dir/Brightwater: onboarding.v2.mp4", bytes.NewReader(raw))
	require.NoError(t, err)
	assert.Regexp(t, `^`+s.LoomURL()+`/share/[0-9a-f]{32}$`, share)
	videos := s.Uploads()
	require.Len(t, videos, 1)
	v := videos[0]
	assert.Equal(t, groundTruth.SHA256, v.SHA256)
	assert.Equal(t, groundTruth.Size, v.Size)
	assert.Equal(t, "Brightwater: onboarding.v2", v.Title)
	assert.InDelta(t, groundTruth.Duration.Seconds(), v.Duration.Seconds(), 1)

	for _, link := range []string{
		share, share + "?sid=1", "https://www.loom.com/share/" + v.ID, "https://loom.com/share/Some-Title-" + v.ID,
		"https://www.loom.com/embed/" + v.ID + "?hide_owner=true",
	} {
		res := s.oembed(link)
		require.Equal(t, http.StatusOK, res.StatusCode, link)
		var got map[string]any
		res.decode(t, &got)
		assert.Equal(t, v.Title, got["title"])
		assert.Equal(t, "Loom", got["provider_name"])
		assert.InDelta(t, groundTruth.Duration.Seconds(), got["duration"], 2)
		for _, name := range []string{
			"type", "version", "html", "height", "width", "provider_url", "thumbnail_height", "thumbnail_width",
		} {
			assert.NotEmpty(t, got[name], name)
		}
		assert.Equal(t, http.StatusOK, s.getURL(got["thumbnail_url"].(string)).StatusCode)
	}
	for _, link := range []string{
		"https://evil.example/share/" + v.ID, "http://www.loom.com/share/" + v.ID, "https://www.loom.com/looms/" + v.ID,
		"https://www.loom.com/share/" + strings.Repeat("0", 32), "https://www.loom.com/share/x", "::",
	} {
		assert.Equal(t, http.StatusNotFound, s.oembed(link).StatusCode, link)
	}
	assert.Equal(t, http.StatusBadRequest, s.getURL(s.LoomURL()+"/v1/oembed").StatusCode)
	assert.Equal(t, http.StatusNotImplemented, s.getURL(s.LoomURL()+"/v1/oembed?format=xml&url=x").StatusCode)

	page := s.getURL(s.LoomURL() + "/share/Some-Title-" + v.ID)
	assert.Equal(t, http.StatusOK, page.StatusCode)
	assert.Contains(t, string(page.body), "<h1>Brightwater: onboarding.v2</h1>")

	require.NoError(t, s.SetTitle(v.ID, "<b>Renamed</b>"))
	assert.Contains(t, string(s.getURL(share).body), "&lt;b&gt;Renamed")
	require.NoError(t, s.SetPrivate(share))
	assert.Equal(t, http.StatusNotFound, s.oembed(share).StatusCode)
	assert.Equal(t, http.StatusNotFound, s.getURL(share).StatusCode)
	assert.Error(t, s.SetPrivate("unknown"))
}

func TestUploadEndpoint(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	path := s.URL() + "/_simulator/loom/upload"
	res, err := s.send(http.MethodPost, path+"?filename="+url.QueryEscape("Ünïcode/🚀 launch.MP4"), "not a movie")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode)
	var got struct {
		ID       string `json:"id"`
		Path     string `json:"path"`
		ShareURL string `json:"share_url"`
	}
	res.decode(t, &got)
	assert.Equal(t, s.URL()+got.Path, got.ShareURL)
	assert.Equal(t, sum([]byte("not a movie")), s.Uploads()[0].SHA256)
	assert.Equal(t, "🚀 launch", s.Uploads()[0].Title)
	assert.Zero(t, s.Uploads()[0].Duration)

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	require.NoError(t, w.WriteField("title", "x"))
	part, err := w.CreateFormFile("file", "b.webm")
	require.NoError(t, err)
	_, _ = part.Write([]byte("abc"))
	require.NoError(t, w.Close())
	res, err = s.send(http.MethodPost, path, form.String(), "Content-Type", w.FormDataContentType())
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, "%s", res.body)
	assert.Equal(t, sum([]byte("abc")), s.Uploads()[1].SHA256)

	for query, status := range map[string]int{"": 400, "?filename=a.txt": 415, "?filename=mp4": 415} {
		res, err = s.send(http.MethodPost, path+query, "x")
		require.NoError(t, err)
		assert.Equal(t, status, res.StatusCode, query)
	}
	s.Inject(simulator.Fault{Path: "/_simulator/loom/upload", Status: 500})
	res, err = s.send(http.MethodPost, path+"?filename=a.mp4", "x")
	require.NoError(t, err)
	assert.Equal(t, 500, res.StatusCode)
}

func TestFailedUploadsCreateNoVideo(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	_, err := s.Upload(t.Context(), "a.mp4", iotest.TimeoutReader(strings.NewReader("x")))
	require.Error(t, err)
	_, err = s.Upload(t.Context(), "a.txt", strings.NewReader("x"))
	require.ErrorIs(t, err, simulator.ErrUploadType)
	assert.Empty(t, s.Uploads())
}

func TestVideoDurationComesFromTheMovieHeader(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	box := func(kind string, content ...byte) []byte {
		return append([]byte{0, 0, 0, byte(8 + len(content)), kind[0], kind[1], kind[2], kind[3]}, content...)
	}
	v0 := box("mvhd", 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0x03, 0xe8, 0, 0, 0x05, 0xdc)
	v1 := box("mvhd", 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 25)
	large := append([]byte{0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 0, 0, 0, 0, 18}, 7, 7)
	for name, c := range map[string]struct {
		raw  []byte
		want time.Duration
	}{
		"version 0":         {box("moov", v0...), 1500 * time.Millisecond},
		"version 1":         {box("moov", append(box("free"), v1...)...), 2500 * time.Millisecond},
		"header at the end": {append(append(box("ftyp", 'q', 't'), large...), box("moov", v0...)...), 1500 * time.Millisecond},
		"no header":         {box("moov", box("trak")...), 0},
		"open-ended box":    {[]byte{0, 0, 0, 0, 'm', 'd', 'a', 't', 1, 2}, 0},
		"invalid size":      {[]byte{0, 0, 0, 3, 'm', 'o', 'o', 'v', 1, 2}, 0},
		"truncated":         {box("moov", v0...)[:20], 0},
		"empty":             {nil, 0},
	} {
		_, err := s.Upload(t.Context(), name+".mp4", bytes.NewReader(c.raw))
		require.NoError(t, err, name)
		v := s.Uploads()[len(s.Uploads())-1]
		assert.Equal(t, c.want, v.Duration, name)
		assert.Equal(t, sum(c.raw), v.SHA256, name)
	}
}

func FuzzUpload(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("\x00\x00\x00\x0cmoov\x00\x00\x00\x00"))
	s, err := simulator.New(simulator.Config{Meetings: -1})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, raw []byte) {
		s.Reset()
		_, err := s.Upload(t.Context(), "a.mp4", bytes.NewReader(raw))
		require.NoError(t, err)
		require.Equal(t, sum(raw), s.Uploads()[0].SHA256)
	})
}

func TestUploadPageRequiresASession(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{LoomSession: "secret"})
	res := s.getURL(s.LoomURL() + "/looms/videos")
	assert.Equal(t, http.StatusFound, res.StatusCode)
	assert.Contains(t, res.Header.Get("Location"), "/login")
	assert.Equal(t, http.StatusOK, s.getURL(s.LoomURL()+res.Header.Get("Location")).StatusCode)
	res, err := s.send(http.MethodPost, s.URL()+"/_simulator/loom/upload?filename=a.mp4", "x")
	require.NoError(t, err)
	assert.Equal(t, http.StatusUnauthorized, res.StatusCode)

	res, err = s.send(http.MethodGet, s.LoomURL()+"/looms/videos", "", "Cookie", "connect.sid=secret")
	require.NoError(t, err)
	for _, text := range []string{
		"New video", "Upload a video", `role="dialog"`, `type="file"`, "uppy-StatusBar-actionBtn--upload", "Upload 1 file",
		"uppy-StatusBar-statusPrimary",
	} {
		assert.Contains(t, string(res.body), text)
	}
}
