package simulator

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net/http"
	"strings"
)

//go:embed pages/*.html
var pageFS embed.FS

var pageTemplates = template.Must(template.ParseFS(pageFS, "pages/*.html"))

func (s *Server) writePageNamed(w http.ResponseWriter, status int, name string, data any) {
	var buf bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&buf, name+".html", data); err != nil {
		s.cfg.Logger.Error("simulator page", "page", name, "error", err)
		writeError(w, http.StatusInternalServerError, "page "+name)
		return
	}
	header := w.Header()
	header.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'")
	header.Set("Cache-Control", "no-store")
	writeBody(w, status, "text/html; charset=utf-8", buf.Bytes())
}

// getHome says what this is.
func (s *Server) getHome(w http.ResponseWriter, r *http.Request) {
	s.writePageNamed(w, http.StatusOK, "home", map[string]any{
		"Base": s.baseURL(r), "Keys": s.cfg.APIKeys, "Meetings": s.Meetings(),
	})
}

// getLogin is where Loom would send somebody without a session.
func (s *Server) getLogin(w http.ResponseWriter, _ *http.Request) {
	s.writePageNamed(w, http.StatusOK, "login", nil)
}

// signedIn tells whether the request has the session that the configuration asks for.
func (s *Server) signedIn(r *http.Request) bool {
	if s.cfg.LoomSession == "" {
		return true
	}
	cookie, err := r.Cookie("connect.sid")
	return err == nil && cookie.Value == s.cfg.LoomSession
}

// getVideos is Loom's library with its upload dialog: "New video", "Upload a video", a file input in a dialog, "Upload
// 1 file", progress, and at last the share page. Words and selectors are those people reported of the real page in
// September 2026; it changes without notice.
func (s *Server) getVideos(w http.ResponseWriter, r *http.Request) {
	if !s.signedIn(r) {
		http.Redirect(w, r, "/login?redirect_to="+template.URLQueryEscaper(r.URL.Path), http.StatusFound)
		return
	}
	s.writePageNamed(w, http.StatusOK, "videos", map[string]any{
		"Videos": s.Uploads(), "Upload": uploadPath,
		"Types": strings.Join(uploadTypes, " "), "Accept": strings.Join(uploadTypes, ","),
	})
}

// getShare is the page of one video; a slug with its title may stand before the id.
func (s *Server) getShare(w http.ResponseWriter, r *http.Request) {
	id, _ := videoID(r.PathValue("id"))
	v, ok := s.loom.public(id)
	if !ok {
		s.writePageNamed(w, http.StatusNotFound, "missing", nil)
		return
	}
	s.writePageNamed(w, http.StatusOK, "share", v)
}

// getThumbnail is a picture for whoever follows oEmbed's thumbnail_url.
func (s *Server) getThumbnail(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.loom.public(r.PathValue("id")); !ok {
		writeError(w, http.StatusNotFound, "video not found")
		return
	}
	writeBody(w, http.StatusOK, "image/svg+xml", fmt.Appendf(nil,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d">`+
			`<rect width="100%%" height="100%%" fill="#4b4bd6"/><path d="M560 260v200l180-100z" fill="#fff"/></svg>`,
		videoWidth, videoHeight))
}

// postUpload takes what the upload page sends: the file as the body with ?filename=, or the first file of a multipart
// form. Loom's own endpoint is not known to anybody outside; this one is the simulator's.
func (s *Server) postUpload(w http.ResponseWriter, r *http.Request) {
	if !s.signedIn(r) {
		writeError(w, http.StatusUnauthorized, "not signed in")
		return
	}
	filename, body, err := uploadedFile(r)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	v, err := s.loom.upload(r.Context(), s.baseURL(r), filename, body)
	switch {
	case errors.Is(err, ErrUploadType):
		writeError(w, http.StatusUnsupportedMediaType, err.Error())
	case errors.Is(err, ErrUploadSize):
		writeError(w, http.StatusRequestEntityTooLarge, err.Error())
	case err != nil:
		writeError(w, http.StatusBadRequest, err.Error())
	default:
		writeJSON(w, http.StatusOK, map[string]any{"id": v.ID, "path": "/share/" + v.ID, "share_url": v.ShareURL})
	}
}

func uploadedFile(r *http.Request) (string, io.Reader, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		if name := r.URL.Query().Get("filename"); name != "" {
			return name, r.Body, nil
		}
		return "", nil, errors.New("filename is required")
	}
	form, err := r.MultipartReader()
	if err != nil {
		return "", nil, err
	}
	for {
		part, err := form.NextPart()
		if err != nil {
			return "", nil, fmt.Errorf("find the file in the form: %w", err)
		}
		if part.FileName() != "" {
			return part.FileName(), part, nil
		}
	}
}
