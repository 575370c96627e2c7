package simulator

import "net/http"

// getSummary handles GET /recordings/{recording_id}/summary.
func (s *Server) getSummary(w http.ResponseWriter, r *http.Request, c client) {
	m := s.meetings.findVisible(c, r.PathValue("recording_id"))
	if m == nil {
		writeError(w, http.StatusNotFound, "recording not found")
		return
	}
	s.respondOrCallBack(w, r, map[string]any{"summary": m.summary})
}

// getTranscript handles GET /recordings/{recording_id}/transcript.
func (s *Server) getTranscript(w http.ResponseWriter, r *http.Request, c client) {
	m := s.meetings.findVisible(c, r.PathValue("recording_id"))
	if m == nil {
		writeError(w, http.StatusNotFound, "recording not found")
		return
	}
	s.respondOrCallBack(w, r, map[string]any{"transcript": append([]transcriptItem{}, m.transcript...)})
}

// respondOrCallBack responds with v or, if the request has a destination_url, posts v there. An empty
// destination_url counts as absent, because the official SDK sends one.
func (s *Server) respondOrCallBack(w http.ResponseWriter, r *http.Request, v any) {
	destination := r.URL.Query().Get("destination_url")
	if destination == "" {
		writeJSON(w, http.StatusOK, v)
		return
	}
	if !isDestination(destination) {
		writeError(w, http.StatusBadRequest, "destination_url must be an absolute http(s) URL")
		return
	}
	s.postCallback(destination, v)
	writeJSON(w, http.StatusOK, map[string]string{"destination_url": destination})
}
