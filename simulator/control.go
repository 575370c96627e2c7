package simulator

import (
	"encoding/json"
	"net/http"
	"time"
)

// bindControl binds what tests in other languages use instead of the Go methods of the same names. Durations are
// numbers of seconds.
func (s *Server) bindControl(mux *http.ServeMux) {
	mux.HandleFunc("POST "+controlPrefix+"faults", s.controlFault)
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
		writeJSON(w, http.StatusOK, map[string]any{"requests": s.Requests(), "violations": append([]string{}, s.Violations()...)})
	})
	mux.HandleFunc("GET "+controlPrefix+"meetings", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"meetings": s.Meetings()})
	})
	mux.HandleFunc("POST "+controlPrefix+"meetings", s.controlAddMeeting)
	mux.HandleFunc("PATCH "+controlPrefix+"meetings/{id}", s.controlChangeMeeting)
	mux.HandleFunc("GET "+controlPrefix+"meetings/{id}", s.controlMeeting)
	mux.HandleFunc("GET "+controlPrefix+"webhooks", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"webhooks": append([]Webhook{}, s.Webhooks()...)})
	})
	mux.HandleFunc("POST "+controlPrefix+"webhooks/{id}/deliver", s.controlDeliver)
	mux.HandleFunc("GET "+controlPrefix+"loom/videos", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"videos": s.Uploads()})
	})
	mux.HandleFunc("PATCH "+controlPrefix+"loom/videos/{id}", s.controlVideo)
}

// readControl decodes a body; unknown keys are refused, since a misspelt fault would make a test pass for nothing.
func readControl(w http.ResponseWriter, r *http.Request, into any) bool {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return false
	}
	return true
}

// seconds is a duration in JSON.
type seconds float64

func (s seconds) duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

func (s *Server) controlFault(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Method          string      `json:"method"`
		Path            string      `json:"path"`
		Times           int         `json:"times"`
		Delay           seconds     `json:"delay"`
		Hold            bool        `json:"hold"` // until POST /_simulator/release; hold_after does so too
		CloseConnection bool        `json:"close_connection"`
		Status          int         `json:"status"`
		Body            string      `json:"body"`
		ContentType     string      `json:"content_type"`
		Header          http.Header `json:"header"`
		RetryAfter      seconds     `json:"retry_after"`
		CutAfter        int64       `json:"cut_after"`
		HoldAfter       int64       `json:"hold_after"`
		BytesPerSecond  int64       `json:"bytes_per_second"`
		WrongLength     bool        `json:"wrong_length"`
		NoLength        bool        `json:"no_length"`
	}
	if !readControl(w, r, &in) {
		return
	}
	f := Fault{
		Method: in.Method, Path: in.Path, Times: in.Times, Delay: in.Delay.duration(), CloseConnection: in.CloseConnection,
		Status: in.Status, Body: in.Body, ContentType: in.ContentType, Header: in.Header, RetryAfter: in.RetryAfter.duration(),
		CutAfter: in.CutAfter, HoldAfter: in.HoldAfter, BytesPerSecond: in.BytesPerSecond,
		WrongLength: in.WrongLength, NoLength: in.NoLength,
	}
	if in.Hold || in.HoldAfter > 0 {
		f.Hold = s.faults.gate()
	}
	s.Inject(f)
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) controlDeliver(w http.ResponseWriter, r *http.Request) {
	var in struct {
		RecordingID int64   `json:"recording_id"`
		Duplicates  int     `json:"duplicates"`
		Retries     int     `json:"retries"`
		Age         seconds `json:"age"`    // how old the timestamp is
		Secret      string  `json:"secret"` // another than the webhook's
		MessageID   string  `json:"message_id"`
		Body        *string `json:"body"`
	}
	if !readControl(w, r, &in) {
		return
	}
	options := []DeliverOption{
		Duplicated(in.Duplicates), Retried(in.Retries), SignedAt(s.cfg.Now().Add(-in.Age.duration())),
	}
	if in.Secret != "" {
		options = append(options, SignedWith(in.Secret))
	}
	if in.MessageID != "" {
		options = append(options, WithMessageID(in.MessageID))
	}
	if in.Body != nil {
		options = append(options, WithBody([]byte(*in.Body)))
	}
	status, err := s.DeliverWebhook(r.Context(), r.PathValue("id"), in.RecordingID, options...)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	writeJSON(w, http.StatusOK, map[string]int{"status": status})
}

func (s *Server) controlVideo(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Private bool   `json:"private"`
		Title   string `json:"title"`
	}
	if !readControl(w, r, &in) {
		return
	}
	err := s.loom.change(r.PathValue("id"), func(v *Video) {
		v.Private = in.Private
		if in.Title != "" {
			v.Title = in.Title
		}
	})
	if err != nil {
		writeError(w, http.StatusNotFound, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
