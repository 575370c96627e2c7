package simulator

import "net/http"

// bindAtlassianControl binds the routes that control the Atlassian side. See bindControl.
func (s *Server) bindAtlassianControl(mux *http.ServeMux) {
	const prefix = controlPrefix + "atlassian"
	mux.HandleFunc("GET "+prefix, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{
			"stats": s.AtlassianStats(), "uploads": s.AtlassianUploads(), "behaviour": s.atlassian.currentBehaviour(),
		})
	})
	mux.HandleFunc("PATCH "+prefix+"/behaviour", s.controlBehaviour)
	mux.HandleFunc("POST "+prefix+"/faults", s.controlAtlassianFault)
	mux.HandleFunc("POST "+prefix+"/tokens", s.controlAddToken)
	mux.HandleFunc("POST "+prefix+"/revoke", s.controlRevoke)
	mux.HandleFunc("POST "+prefix+"/consent", s.controlConsent)
	for path, action := range map[string]func(){
		"/lose-sessions": s.LoseAtlassianSessions, "/expire-uploads": s.ExpireAtlassianUploads,
		"/expire-access": s.ExpireAtlassianAccess, "/end-grants": s.EndAtlassianGrants,
	} {
		mux.HandleFunc("POST "+prefix+path, func(w http.ResponseWriter, _ *http.Request) {
			action()
			w.WriteHeader(http.StatusNoContent)
		})
	}
}

// controlBehaviour handles PATCH atlassian/behaviour, the counterpart of ChangeAtlassian. Absent keys keep their values.
func (s *Server) controlBehaviour(w http.ResponseWriter, r *http.Request) {
	b := s.atlassian.currentBehaviour().clone()
	if !decodeControl(w, r, &b) {
		return
	}
	s.ChangeAtlassian(func(current *AtlassianBehaviour) { *current = b })
	w.WriteHeader(http.StatusNoContent)
}

// controlAtlassianFault handles POST atlassian/faults, the counterpart of InjectAtlassian.
func (s *Server) controlAtlassianFault(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Operation       string  `json:"operation"`
		Times           int     `json:"times"`
		Message         string  `json:"message"`
		IsError         bool    `json:"is_error"`
		Plain           bool    `json:"plain"`
		AfterDone       bool    `json:"after_done"`
		Hold            bool    `json:"hold"` // hold until POST /_simulator/release; hold_after implies it
		Status          int     `json:"status"`
		Body            string  `json:"body"`
		RetryAfter      seconds `json:"retry_after"`
		CloseConnection bool    `json:"close_connection"`
		LoseSessions    bool    `json:"lose_sessions"`
		HoldAfter       int64   `json:"hold_after"`
		CutAfter        int64   `json:"cut_after"`
	}
	if !decodeControl(w, r, &in) {
		return
	}
	f := AtlassianFault{
		Operation: in.Operation, Times: in.Times, Message: in.Message, IsError: in.IsError, Plain: in.Plain, AfterDone: in.AfterDone,
		Status: in.Status, Body: in.Body, RetryAfter: in.RetryAfter.duration(), CloseConnection: in.CloseConnection,
		LoseSessions: in.LoseSessions, HoldAfter: in.HoldAfter, CutAfter: in.CutAfter,
	}
	if in.Hold || in.HoldAfter > 0 {
		f.Hold = s.faults.nextRelease()
	}
	s.InjectAtlassian(f)
	w.WriteHeader(http.StatusNoContent)
}

// controlAddToken handles POST atlassian/tokens, the counterpart of AddAtlassianToken.
func (s *Server) controlAddToken(w http.ResponseWriter, r *http.Request) {
	var in AtlassianToken
	if !decodeControl(w, r, &in) {
		return
	}
	s.AddAtlassianToken(in)
	w.WriteHeader(http.StatusNoContent)
}

// controlRevoke handles POST atlassian/revoke, the counterpart of RevokeAtlassian.
func (s *Server) controlRevoke(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Credential string `json:"credential"`
	}
	if !decodeControl(w, r, &in) {
		return
	}
	s.RevokeAtlassian(in.Credential)
	w.WriteHeader(http.StatusNoContent)
}

// controlConsent handles POST atlassian/consent, the counterpart of Consent.
func (s *Server) controlConsent(w http.ResponseWriter, r *http.Request) {
	var in struct {
		URL string `json:"url"`
	}
	if !decodeControl(w, r, &in) {
		return
	}
	callback, err := s.Consent(r.Context(), in.URL)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"callback": callback})
}
