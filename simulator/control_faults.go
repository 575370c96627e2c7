package simulator

import "net/http"

// controlInject handles POST faults, the counterpart of Inject.
func (s *Server) controlInject(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Method          string            `json:"method"`
		Path            string            `json:"path"`
		Query           map[string]string `json:"query"`
		Times           int               `json:"times"`
		Delay           seconds           `json:"delay"`
		Hold            bool              `json:"hold"` // hold until POST /_simulator/release; hold_after implies it
		CloseConnection bool              `json:"close_connection"`
		Status          int               `json:"status"`
		Body            string            `json:"body"`
		ContentType     string            `json:"content_type"`
		Header          http.Header       `json:"header"`
		RetryAfter      seconds           `json:"retry_after"`
		CutAfter        int64             `json:"cut_after"`
		HoldAfter       int64             `json:"hold_after"`
		BytesPerSecond  int64             `json:"bytes_per_second"`
		WrongLength     bool              `json:"wrong_length"`
		NoLength        bool              `json:"no_length"`
	}
	if !decodeControl(w, r, &in) {
		return
	}
	f := Fault{
		Method: in.Method, Path: in.Path, Query: in.Query, Times: in.Times, Delay: in.Delay.duration(), CloseConnection: in.CloseConnection,
		Status: in.Status, Body: in.Body, ContentType: in.ContentType, Header: in.Header, RetryAfter: in.RetryAfter.duration(),
		CutAfter: in.CutAfter, HoldAfter: in.HoldAfter, BytesPerSecond: in.BytesPerSecond,
		WrongLength: in.WrongLength, NoLength: in.NoLength,
	}
	if in.Hold || in.HoldAfter > 0 {
		f.Hold = s.faults.nextRelease()
	}
	s.Inject(f)
	w.WriteHeader(http.StatusNoContent)
}
