package simulator

import (
	"net/http"
)

// getSummary answers GET /recordings/{recording_id}/summary.
func (s *Server) getSummary(w http.ResponseWriter, r *http.Request, c client) {
	m := s.library.findFor(c, r.PathValue("recording_id"))
	if m == nil {
		writeError(w, http.StatusNotFound, "recording not found")
		return
	}
	s.answerOrCallBack(w, r, map[string]any{"summary": m.summary})
}

// getTranscript answers GET /recordings/{recording_id}/transcript.
func (s *Server) getTranscript(w http.ResponseWriter, r *http.Request, c client) {
	m := s.library.findFor(c, r.PathValue("recording_id"))
	if m == nil {
		writeError(w, http.StatusNotFound, "recording not found")
		return
	}
	s.answerOrCallBack(w, r, map[string]any{"transcript": append([]transcriptItem{}, m.transcript...)})
}

// answerOrCallBack answers with v, or with the destination it is posted to. An empty destination_url is none: the
// official SDK sends that.
func (s *Server) answerOrCallBack(w http.ResponseWriter, r *http.Request, v any) {
	destination := r.URL.Query().Get("destination_url")
	if destination == "" {
		writeJSON(w, http.StatusOK, v)
		return
	}
	if !validDestination(destination) {
		writeError(w, http.StatusBadRequest, "destination_url must be an absolute http(s) URL")
		return
	}
	s.callBack(destination, v)
	writeJSON(w, http.StatusOK, map[string]string{"destination_url": destination})
}
