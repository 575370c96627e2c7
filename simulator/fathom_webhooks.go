package simulator

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Webhook is a webhook as it was created, including its secret. Its JSON is the response to POST
// /webhooks. Fathom shows the ID and the secret only then; tests can read them at any time.
type Webhook struct {
	ID                 string   `json:"id"`
	URL                string   `json:"url"`
	Secret             string   `json:"secret"`
	CreatedAt          string   `json:"created_at"`
	IncludeTranscript  bool     `json:"include_transcript"`
	IncludeCRMMatches  bool     `json:"include_crm_matches"`
	IncludeSummary     bool     `json:"include_summary"`
	IncludeActionItems bool     `json:"include_action_items"`
	TriggeredFor       []string `json:"triggered_for"`

	owner string
}

// triggers are the allowed values of triggered_for, https://developers.fathom.ai/api-reference/openapi.yaml.
var triggers = []string{
	"my_recordings", "shared_external_recordings", "my_shared_with_team_recordings", "shared_team_recordings",
}

type webhookStore struct {
	mu    sync.Mutex
	hooks []Webhook
}

func (st *webhookStore) reset() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.hooks = nil
}

// Webhooks returns the existing webhooks, oldest first.
func (s *Server) Webhooks() []Webhook {
	s.webhooks.mu.Lock()
	defer s.webhooks.mu.Unlock()
	return slices.Clone(s.webhooks.hooks)
}

func (st *webhookStore) find(id string) (Webhook, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	i := slices.IndexFunc(st.hooks, func(h Webhook) bool { return h.ID == id })
	if i < 0 {
		return Webhook{}, false
	}
	return st.hooks[i], true
}

func (st *webhookStore) add(h Webhook) Webhook {
	st.mu.Lock()
	defer st.mu.Unlock()
	key := make([]byte, 24)
	_, _ = rand.Read(key) // never fails, see crypto/rand
	h.ID, h.Secret = newID(10), secretPrefix+base64.StdEncoding.EncodeToString(key)
	st.hooks = append(st.hooks, h)
	return h
}

func (st *webhookStore) remove(id, owner string) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	before := len(st.hooks)
	st.hooks = slices.DeleteFunc(st.hooks, func(h Webhook) bool { return h.ID == id && h.owner == owner })
	return len(st.hooks) < before
}

// postWebhook handles POST /webhooks.
func (s *Server) postWebhook(w http.ResponseWriter, r *http.Request, c client) {
	hook, err := decodeWebhook(w, r)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	hook.owner, hook.CreatedAt = c.key, formatTime(s.cfg.Now())
	writeJSON(w, http.StatusCreated, s.webhooks.add(hook))
}

func decodeWebhook(w http.ResponseWriter, r *http.Request) (Webhook, error) {
	var in struct {
		DestinationURL     string   `json:"destination_url"`
		TriggeredFor       []string `json:"triggered_for"`
		IncludeTranscript  bool     `json:"include_transcript"`
		IncludeCRMMatches  bool     `json:"include_crm_matches"`
		IncludeSummary     bool     `json:"include_summary"`
		IncludeActionItems bool     `json:"include_action_items"`
	}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10))
	dec.DisallowUnknownFields() // the schema does not allow other keys
	if err := dec.Decode(&in); err != nil {
		return Webhook{}, fmt.Errorf("decode webhook: %w", err)
	}
	switch {
	case !isDestination(in.DestinationURL):
		return Webhook{}, errors.New("destination_url must be an absolute http(s) URL")
	case len(in.TriggeredFor) == 0:
		return Webhook{}, errors.New("triggered_for must contain at least one value")
	case !in.IncludeTranscript && !in.IncludeCRMMatches && !in.IncludeSummary && !in.IncludeActionItems:
		return Webhook{}, errors.New("at least one of the include_ options must be true")
	}
	for _, t := range in.TriggeredFor {
		if !slices.Contains(triggers, t) {
			return Webhook{}, errors.New("triggered_for may only contain " + strings.Join(triggers, ", "))
		}
	}
	return Webhook{
		URL: in.DestinationURL, TriggeredFor: in.TriggeredFor,
		IncludeTranscript: in.IncludeTranscript, IncludeCRMMatches: in.IncludeCRMMatches,
		IncludeSummary: in.IncludeSummary, IncludeActionItems: in.IncludeActionItems,
	}, nil
}

// deleteWebhook handles DELETE /webhooks/{id}.
func (s *Server) deleteWebhook(w http.ResponseWriter, r *http.Request, c client) {
	if !s.webhooks.remove(r.PathValue("id"), c.key) {
		writeError(w, http.StatusNotFound, "webhook not found")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
