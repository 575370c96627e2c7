package simulator

import (
	"encoding/json"
	"net/http"
	"time"
)

// bindControl binds the routes below controlPrefix. Tests in other languages use them instead of the Go
// methods of Server. Durations are numbers of seconds.
func (s *Server) bindControl(mux *http.ServeMux) {
	mux.HandleFunc("POST "+controlPrefix+"faults", s.controlInject)
	mux.HandleFunc("DELETE "+controlPrefix+"faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST "+controlPrefix+"release", func(w http.ResponseWriter, _ *http.Request) {
		s.faults.release()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST "+controlPrefix+"reset", func(w http.ResponseWriter, _ *http.Request) {
		s.Reset()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET "+controlPrefix+"requests", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{
			"requests": s.Requests(), "violations": append([]string{}, s.Violations()...),
		})
	})
	mux.HandleFunc("GET "+controlPrefix+"meetings", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"meetings": s.Meetings()})
	})
	mux.HandleFunc("POST "+controlPrefix+"meetings", s.controlAddMeeting)
	mux.HandleFunc("PATCH "+controlPrefix+"meetings/{id}", s.controlChangeMeeting)
	mux.HandleFunc("GET "+controlPrefix+"meetings/{id}", s.controlGetMeeting)
	mux.HandleFunc("GET "+controlPrefix+"webhooks", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"webhooks": append([]Webhook{}, s.Webhooks()...)})
	})
	mux.HandleFunc("POST "+controlPrefix+"webhooks/{id}/deliver", s.controlDeliver)
	mux.HandleFunc("GET "+controlPrefix+"loom/videos", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"videos": s.Uploads()})
	})
	mux.HandleFunc("PATCH "+controlPrefix+"loom/videos/{id}", s.controlChangeVideo)
}

// decodeControl decodes the body of a control request. It rejects unknown keys, because a test with a
// misspelt key would otherwise pass without testing anything. It returns false if it has responded with an
// error.
func decodeControl(w http.ResponseWriter, r *http.Request, into any) bool {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return false
	}
	return true
}

// seconds is the JSON representation of a duration.
type seconds float64

func (s seconds) duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }
