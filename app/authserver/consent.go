package authserver

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

// decisionTime is how long a person may take to decide.
const decisionTime = 10 * time.Minute

// Question is what a person decides about.
type Question struct {
	Decision     string    `json:"decision"`      // what Decide needs
	Name         string    `json:"name"`          // how the assistant calls itself, which nobody has checked; may be blank
	Host         string    `json:"host"`          // where its description is; blank if it has none
	RedirectHost string    `json:"redirect_host"` // where the code is sent
	IsLocal      bool      `json:"is_local"`      // the code is sent to a program on the person's computer
	Ends         time.Time `json:"ends"`          // when the access ends
}

// decision is what the person sees, so that they decide about exactly that.
type decision struct {
	User      string `json:"u"`
	ClientID  string `json:"i"`
	Name      string `json:"n"`
	Client    string `json:"c"` // see tokens.GrantRequest
	Redirect  string `json:"r"`
	Challenge string `json:"p"`
	State     string `json:"s,omitempty"`
	Until     int64  `json:"t"` // seconds since the epoch
}

// Ask returns the question that the query of a request for access leads to. The error is a *PageError, a *RateError, or
// one of the global database.
func (s *Service) Ask(ctx context.Context, userID, query string) (Question, error) {
	r, err := s.parseRequest(ctx, query, userID)
	if err != nil {
		return Question{}, err
	}
	if err := s.mayConnect(ctx, userID); err != nil {
		return Question{}, err
	}
	q := Question{
		Name: r.client.Name, Host: r.client.Host, RedirectHost: r.redirect.Host, IsLocal: isLocal(r.redirect),
		Ends: s.now().Add(GrantLifetime),
	}
	d := decision{
		User: userID, ClientID: r.client.ID, Name: q.Name, Client: q.Host, Redirect: r.redirect.String(), Challenge: r.challenge,
		State: r.state, Until: s.now().Add(decisionTime).Unix(),
	}
	if d.Client == "" {
		d.Client = r.redirect.Hostname()
	}
	if d.Name == "" {
		d.Name = d.Client
	}
	q.Decision, err = s.decisions.seal(d)
	return q, err
}

func (s *Service) mayConnect(ctx context.Context, userID string) error {
	switch err := s.tokens.MayGrant(ctx, userID); {
	case errors.Is(err, tokens.ErrTooMany):
		return &PageError{Message: "20 assistants have access already. Revoke one in Settings, then start again in the assistant."}
	default:
		return err
	}
}

// Decide returns where a person goes after they have decided about what Ask returned: back to the assistant, with a code if
// they allow access. It is only for the user that Ask was called for. The error is a *PageError, a *RateError, or one of the
// global database.
func (s *Service) Decide(ctx context.Context, user *core.Record, sealed string, isAllowed bool, actor audit.Actor) (string, error) {
	var d decision
	if err := s.decisions.open(sealed, &d); err != nil || d.User != user.Id || s.now().Unix() > d.Until {
		return "", &PageError{Message: "This request for access has expired. Start again in the assistant.", cause: err}
	}
	if !isAllowed {
		return s.responseURL(d.Redirect, d.State, url.Values{"error": {codeAccessDenied}, "error_description": {"the user denied access"}})
	}
	if wait, ok := s.decided.Take(limit.Account(user.Id)); !ok {
		return "", &RateError{Wait: wait}
	}
	if err := s.mayConnect(ctx, user.Id); err != nil {
		return "", err
	}
	code, err := s.codes.add(&pending{
		userID: user.Id, clientID: d.ClientID, redirect: d.Redirect, challenge: d.Challenge,
		grant: tokens.GrantRequest{
			Name: d.Name, Client: d.Client, ClientID: d.ClientID, Credential: registry.Credential(user),
			Expires: s.now().Add(GrantLifetime), Actor: actor,
		},
	})
	if err != nil {
		return "", err
	}
	return s.responseURL(d.Redirect, d.State, url.Values{"code": {code}})
}
