package simulator

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

//go:embed pages/*.html
var pageFS embed.FS

var pageTemplates = template.Must(template.ParseFS(pageFS, "pages/*.html"))

// writeHTML responds with the page pages/name.html.
func (s *Server) writeHTML(w http.ResponseWriter, status int, name string, data any) {
	var buf bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&buf, name+".html", data); err != nil {
		s.cfg.Logger.Error("failed to render page", "page", name, "error", err)
		writeError(w, http.StatusInternalServerError, "failed to render page "+name)
		return
	}
	header := w.Header()
	header.Set("Content-Security-Policy",
		"default-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'")
	header.Set("Cache-Control", "no-store")
	writeBody(w, status, "text/html; charset=utf-8", buf.Bytes())
}

// getHomePage describes the simulator: its URLs, keys and meetings.
func (s *Server) getHomePage(w http.ResponseWriter, r *http.Request) {
	data := map[string]any{"Base": s.baseURL(r), "Keys": s.cfg.APIKeys, "Meetings": s.Meetings()}
	if s.atlassian != nil {
		data["Atlassian"], data["Tokens"] = true, s.atlassian.cfg.Tokens
	}
	s.writeHTML(w, http.StatusOK, "home", data)
}

// getLoginPage represents the page to which Loom redirects visitors without a session.
func (s *Server) getLoginPage(w http.ResponseWriter, _ *http.Request) {
	s.writeHTML(w, http.StatusOK, "login", nil)
}

// isSignedIn reports whether the request has the session that Config.LoomSession requires.
func (s *Server) isSignedIn(r *http.Request) bool {
	if s.cfg.LoomSession == "" {
		return true
	}
	cookie, err := r.Cookie("connect.sid")
	return err == nil && cookie.Value == s.cfg.LoomSession
}

// getVideosPage is Loom's library with its upload dialog: "New video", "Upload a video", a file input in
// a dialog, "Upload 1 file", a progress text and finally the share page. The labels and selectors are those
// reported for Loom's page in September 2026. Loom changes them without notice.
func (s *Server) getVideosPage(w http.ResponseWriter, r *http.Request) {
	if !s.isSignedIn(r) {
		http.Redirect(w, r, "/login?redirect_to="+template.URLQueryEscaper(r.URL.Path), http.StatusFound)
		return
	}
	s.writeHTML(w, http.StatusOK, "videos", map[string]any{
		"Videos": s.Uploads(), "Upload": uploadPath,
		"Types": strings.Join(uploadTypes, " "), "Accept": strings.Join(uploadTypes, ","),
	})
}

// getSharePage shows one video. The ID in the path may be preceded by a slug of the title.
func (s *Server) getSharePage(w http.ResponseWriter, r *http.Request) {
	id, _ := videoID(r.PathValue("id"))
	v, ok := s.videos.findPublic(id)
	if !ok {
		s.writeHTML(w, http.StatusNotFound, "missing", nil)
		return
	}
	s.writeHTML(w, http.StatusOK, "share", v)
}

// getThumbnail serves the picture at oEmbed's thumbnail_url.
func (s *Server) getThumbnail(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.videos.findPublic(r.PathValue("id")); !ok {
		writeError(w, http.StatusNotFound, "video not found")
		return
	}
	writeBody(w, http.StatusOK, "image/svg+xml", fmt.Appendf(nil,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d">`+
			`<rect width="100%%" height="100%%" fill="#4b4bd6"/><path d="M560 260v200l180-100z" fill="#fff"/></svg>`,
		videoWidth, videoHeight))
}
