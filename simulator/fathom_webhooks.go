package simulator

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Webhook is one webhook as it was created, secret included: Fathom shows id and secret this once only, but a test
// may look. Its JSON is the answer to POST /webhooks.
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

// triggers are the values of triggered_for, https://developers.fathom.ai/api-reference/openapi.yaml.
var triggers = []string{
	"my_recordings", "shared_external_recordings", "my_shared_with_team_recordings", "shared_team_recordings",
}

type webhookBook struct {
	mu    sync.Mutex
	rng   *rand.Rand
	hooks []Webhook
	sent  int // messages so far, for their ids
}

func newWebhookBook() *webhookBook {
	b := &webhookBook{}
	b.reset()
	return b
}

func (b *webhookBook) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rng, b.hooks, b.sent = newIDs(), nil, 0
}

// Webhooks lists the webhooks that exist, oldest first.
func (s *Server) Webhooks() []Webhook {
	s.webhooks.mu.Lock()
	defer s.webhooks.mu.Unlock()
	return slices.Clone(s.webhooks.hooks)
}

func (b *webhookBook) find(id string) (Webhook, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.hooks, func(h Webhook) bool { return h.ID == id })
	if i < 0 {
		return Webhook{}, false
	}
	return b.hooks[i], true
}

func (b *webhookBook) add(h Webhook) Webhook {
	b.mu.Lock()
	defer b.mu.Unlock()
	raw := make([]byte, 24)
	for i := range raw {
		raw[i] = byte(b.rng.Uint32())
	}
	h.ID, h.Secret = token(b.rng, 10), secretPrefix+base64.StdEncoding.EncodeToString(raw)
	b.hooks = append(b.hooks, h)
	return h
}

func (b *webhookBook) remove(id, owner string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.hooks)
	b.hooks = slices.DeleteFunc(b.hooks, func(h Webhook) bool { return h.ID == id && h.owner == owner })
	return len(b.hooks) < before
}

// postWebhook answers POST /webhooks.
func (s *Server) postWebhook(w http.ResponseWriter, r *http.Request, c client) {
	hook, err := readWebhook(w, r)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	hook.owner, hook.CreatedAt = c.key, stamp(s.cfg.Now())
	writeJSON(w, http.StatusCreated, s.webhooks.add(hook))
}

func readWebhook(w http.ResponseWriter, r *http.Request) (Webhook, error) {
	var in struct {
		DestinationURL     string   `json:"destination_url"`
		TriggeredFor       []string `json:"triggered_for"`
		IncludeTranscript  bool     `json:"include_transcript"`
		IncludeCRMMatches  bool     `json:"include_crm_matches"`
		IncludeSummary     bool     `json:"include_summary"`
		IncludeActionItems bool     `json:"include_action_items"`
	}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10))
	dec.DisallowUnknownFields() // the schema allows no other keys
	if err := dec.Decode(&in); err != nil {
		return Webhook{}, fmt.Errorf("read webhook: %w", err)
	}
	switch {
	case !validDestination(in.DestinationURL):
		return Webhook{}, errors.New("destination_url must be an absolute http(s) URL")
	case len(in.TriggeredFor) == 0:
		return Webhook{}, errors.New("triggered_for must name at least one kind of recording")
	case !in.IncludeTranscript && !in.IncludeCRMMatches && !in.IncludeSummary && !in.IncludeActionItems:
		return Webhook{}, errors.New("at least one of the include_ options must be true")
	}
	for _, t := range in.TriggeredFor {
		if !slices.Contains(triggers, t) {
			return Webhook{}, errors.New("triggered_for must be among " + strings.Join(triggers, ", "))
		}
	}
	return Webhook{
		URL: in.DestinationURL, TriggeredFor: in.TriggeredFor,
		IncludeTranscript: in.IncludeTranscript, IncludeCRMMatches: in.IncludeCRMMatches,
		IncludeSummary: in.IncludeSummary, IncludeActionItems: in.IncludeActionItems,
	}, nil
}

// deleteWebhook answers DELETE /webhooks/{id}.
func (s *Server) deleteWebhook(w http.ResponseWriter, r *http.Request, c client) {
	if !s.webhooks.remove(r.PathValue("id"), c.key) {
		writeError(w, http.StatusNotFound, "webhook not found")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
