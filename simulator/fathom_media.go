package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// SetRange switches support of Range at the signed file URLs on or off; whether Fathom's host has it is undocumented.
func (s *Server) SetRange(on bool) {
	s.downloads.mu.Lock()
	defer s.downloads.mu.Unlock()
	s.downloads.noRange = !on
}

// signature of a signed file URL. The key is no secret: it keeps a client from making URLs up, nothing else.
func signature(d *download) string {
	mac := hmac.New(sha256.New, []byte("simulator"))
	fmt.Fprintf(mac, "%s.%d", d.token, d.expires.Unix())
	return hex.EncodeToString(mac.Sum(nil))
}

// getMedia serves the file behind a signed URL. It stands for another host, so a credential that arrives here has
// leaked: that is refused and recorded as a violation.
func (s *Server) getMedia(w http.ResponseWriter, r *http.Request) {
	out, _ := w.(*responseWriter)
	for _, name := range []string{"X-Api-Key", "Authorization"} {
		if r.Header.Get(name) == "" {
			continue
		}
		text := name + " was sent to the file host, which must never see it"
		if out != nil {
			out.violation(text)
		}
		writeBody(w, http.StatusBadRequest, "text/plain; charset=utf-8", []byte(text+"\n"))
		return
	}
	d, m, withRange := s.signedFile(r)
	if d == nil {
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
	if withRange {
		http.ServeContent(w, r, "", m.createdAt, f)
		return
	}
	header.Set("Content-Length", strconv.FormatInt(f.Size(), 10))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, f) // fails only when the client has gone
	}
}

// signedFile finds what a signed URL stands for; nil when it is unknown, forged or expired.
func (s *Server) signedFile(r *http.Request) (*download, *meeting, bool) {
	b := s.downloads
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.byToken[r.PathValue("token")]
	q := r.URL.Query()
	if d == nil || !d.ready || d.failure != "" || !b.cfg.Now().Before(d.expires) ||
		q.Get("expires") != strconv.FormatInt(d.expires.Unix(), 10) ||
		!hmac.Equal([]byte(q.Get("sig")), []byte(signature(d))) {
		return nil, nil, false
	}
	m := s.library.find(d.recording)
	if m == nil || m.file == nil {
		return nil, nil, false
	}
	return d, m, !b.noRange
}
