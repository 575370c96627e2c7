package simulator

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// getMedia serves the file of a signed URL. It represents a different host, so a request that includes a
// credential is rejected and recorded as a violation.
func (s *Server) getMedia(w http.ResponseWriter, r *http.Request) {
	out, _ := w.(*responseWriter)
	for _, name := range []string{"X-Api-Key", "Authorization"} {
		if r.Header.Get(name) == "" {
			continue
		}
		text := name + " was sent to the file host, which must never receive it"
		if out != nil {
			out.recordViolation(text)
		}
		writeBody(w, http.StatusBadRequest, "text/plain; charset=utf-8", []byte(text+"\n"))
		return
	}
	m := s.signedMeeting(r)
	if m == nil {
		writeBody(w, http.StatusForbidden, "application/xml",
			[]byte("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"))
		return
	}
	f := m.file.reader()
	if out != nil && out.fault.WrongLength {
		f = io.NewSectionReader(m.file, 0, m.file.size-min(m.file.size/2, 1000))
	}
	header := w.Header()
	header.Set("Content-Type", m.file.clip.contentType)
	extension := "mp4"
	if m.audioOnly {
		extension = "m4a"
	}
	header.Set("Content-Disposition", fmt.Sprintf("attachment; filename=\"recording-%d.%s\"", m.id, extension))
	header.Set("ETag", fmt.Sprintf("\"%x-%x\"", m.id, f.Size()))
	if s.downloads.supportsRange() {
		http.ServeContent(w, r, "", m.createdAt, f)
		return
	}
	header.Set("Content-Length", strconv.FormatInt(f.Size(), 10))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, f) // a write error means that the client is gone
	}
}

// signedMeeting returns the meeting whose file a signed URL refers to, or nil if the URL is forged or has
// expired, or if the file no longer exists.
func (s *Server) signedMeeting(r *http.Request) *meeting {
	q := r.URL.Query()
	d := s.downloads.findSigned(r.PathValue("token"), q.Get("expires"), q.Get("sig"))
	if d == nil {
		return nil
	}
	m := s.meetings.find(d.recording)
	if m == nil || m.file == nil {
		return nil
	}
	return m
}
