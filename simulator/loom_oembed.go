package simulator

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The size every video claims to have.
const (
	videoWidth  = 1280
	videoHeight = 720
)

// oEmbed is what https://www.loom.com/v1/oembed answers for a public video, after https://oembed.com.
type oEmbed struct {
	Type            string  `json:"type"`
	Version         string  `json:"version"`
	HTML            string  `json:"html"`
	Title           string  `json:"title"`
	Height          *int    `json:"height"`
	Width           *int    `json:"width"`
	ProviderName    string  `json:"provider_name"`
	ProviderURL     string  `json:"provider_url"`
	ThumbnailHeight int     `json:"thumbnail_height"`
	ThumbnailWidth  int     `json:"thumbnail_width"`
	ThumbnailURL    string  `json:"thumbnail_url"`
	Duration        float64 `json:"duration"`
}

// getOEmbed answers GET /v1/oembed. Unknown and private videos are 404, which is one of the answers Loom may give.
func (s *Server) getOEmbed(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if format := q.Get("format"); format != "" && format != "json" {
		writeError(w, http.StatusNotImplemented, "only format=json") // the status https://oembed.com asks for
		return
	}
	if q.Get("url") == "" {
		writeError(w, http.StatusBadRequest, "url is required")
		return
	}
	id, ok := s.videoOf(r, q.Get("url"))
	v, found := s.loom.public(id)
	if !ok || !found {
		writeError(w, http.StatusNotFound, "video not found")
		return
	}
	base, width, height := s.baseURL(r), videoWidth, videoHeight
	writeJSON(w, http.StatusOK, oEmbed{
		Type: "video", Version: "1.0",
		HTML: fmt.Sprintf("<iframe src=\"%s\" frameborder=\"0\" width=\"%d\" height=\"%d\" allowfullscreen></iframe>",
			html.EscapeString(base+"/embed/"+v.ID), width, height),
		Title: v.Title, Height: &height, Width: &width,
		ProviderName: "Loom", ProviderURL: "https://www.loom.com",
		ThumbnailHeight: height, ThumbnailWidth: width, ThumbnailURL: base + "/thumbnails/" + v.ID,
		Duration: v.Duration.Seconds(),
	})
}

// videoOf takes the id from a share or embed URL of this simulator or of Loom itself, so that both a client that
// builds loom.com links and one that uses the links it was given are understood.
func (s *Server) videoOf(r *http.Request, text string) (string, bool) {
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
