package simulator

import "net/http"

// controlDeliver handles POST webhooks/{id}/deliver, the counterpart of DeliverWebhook.
func (s *Server) controlDeliver(w http.ResponseWriter, r *http.Request) {
	var in struct {
		RecordingID int64   `json:"recording_id"`
		Duplicates  int     `json:"duplicates"`
		Retries     int     `json:"retries"`
		Age         seconds `json:"age"`    // age of the timestamp
		Secret      string  `json:"secret"` // replaces the webhook's secret
		MessageID   string  `json:"message_id"`
		Body        *string `json:"body"`
	}
	if !decodeControl(w, r, &in) {
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
