package simulator

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The dimensions of every video, in pixels.
const (
	videoWidth  = 1280
	videoHeight = 720
)

// oEmbed is the response of https://www.loom.com/v1/oembed for a public video, see https://oembed.com.
type oEmbed struct {
	Type            string  `json:"type"`
	Version         string  `json:"version"`
	HTML            string  `json:"html"`
	Title           string  `json:"title"`
	Height          int     `json:"height"`
	Width           int     `json:"width"`
	ProviderName    string  `json:"provider_name"`
	ProviderURL     string  `json:"provider_url"`
	ThumbnailHeight int     `json:"thumbnail_height"`
	ThumbnailWidth  int     `json:"thumbnail_width"`
	ThumbnailURL    string  `json:"thumbnail_url"`
	Duration        float64 `json:"duration"`
}

// getOEmbed handles GET /v1/oembed. Unknown and private videos get a 404, one of the statuses that Loom
// uses for them.
func (s *Server) getOEmbed(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if format := q.Get("format"); format != "" && format != "json" {
		writeError(w, http.StatusNotImplemented, "format must be json") // https://oembed.com requires this status
		return
	}
	if q.Get("url") == "" {
		writeError(w, http.StatusBadRequest, "url is required")
		return
	}
	id, ok := s.videoIDFromURL(r, q.Get("url"))
	v, found := s.videos.findPublic(id)
	if !ok || !found {
		writeError(w, http.StatusNotFound, "video not found")
		return
	}
	base := s.baseURL(r)
	writeJSON(w, http.StatusOK, oEmbed{
		Type: "video", Version: "1.0",
		HTML: fmt.Sprintf("<iframe src=\"%s\" frameborder=\"0\" width=\"%d\" height=\"%d\" allowfullscreen></iframe>",
			html.EscapeString(base+"/embed/"+v.ID), videoWidth, videoHeight),
		Title: v.Title, Height: videoHeight, Width: videoWidth,
		ProviderName: "Loom", ProviderURL: "https://www.loom.com",
		ThumbnailHeight: videoHeight, ThumbnailWidth: videoWidth, ThumbnailURL: base + "/thumbnails/" + v.ID,
		Duration: v.Duration.Seconds(),
	})
}

// videoIDFromURL extracts the ID from a share or embed URL of this simulator or of loom.com. It accepts
// loom.com because some clients build such links themselves.
func (s *Server) videoIDFromURL(r *http.Request, text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil {
		return "", false
	}
	own, _ := url.Parse(s.baseURL(r))
	switch {
	case u.Scheme == "https" && slices.Contains([]string{"loom.com", "www.loom.com"}, u.Host):
	case own != nil && (u.Host == own.Host || u.Host == r.Host):
	default:
		return "", false
	}
	if !strings.HasPrefix(u.Path, "/share/") && !strings.HasPrefix(u.Path, "/embed/") {
		return "", false
	}
	return videoID(text)
}
