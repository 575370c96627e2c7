// Package tokens manages API tokens, with which scripts and assistants use an account: named, limited to scopes and in
// time, and revocable. Users create them, or agree to a grant: an assistant then holds a token that it renews every hour. A token is shown once, when it is created; the collection api_tokens of the global database keeps
// its SHA-256. Triggers there delete the tokens of a user when their sessions are revoked, however that happens (see
// migrations/1796500010_api_tokens.go).
//
// A Service is safe for concurrent use. It decides whether a token is valid. It must not decide what a route does: the
// allow-lists of the routers say which scope a request needs. Requests never wait for it to write.
package tokens

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

const (
	// MaxActive is how many tokens of a user can be valid at the same time.
	MaxActive = 20
	// MaxLifetime is the longest time for which a token is valid.
	MaxLifetime = 366 * 24 * time.Hour
	// MaxName is how many characters the name of a token may have.
	MaxName = 80

	// keepExpired is how long the owner sees that a token has expired.
	keepExpired = 30 * 24 * time.Hour
)

// Config configures a Service. Revoked, Audit, Logger and Now are optional.
type Config struct {
	App core.App // the global database
	// Revoked is called with the id of a user after one of their tokens was revoked, and after Forget. It has whatever
	// uses the token end.
	Revoked func(userID string)
	Audit   *audit.Recorder  // nil records nothing
	Logger  *slog.Logger     // default: discards everything
	Now     func() time.Time // default: time.Now
}

// Service creates, verifies and revokes tokens. It must be created with New.
type Service struct {
	app     core.App
	revoked func(userID string)
	audit   *audit.Recorder
	logger  *slog.Logger
	now     func() time.Time

	known   *known
	unknown *limit.Rate // lookups of tokens that don't exist, by network
	created *limit.Rate // by user

	background background.Group
	uses       uses
}

// New returns a Service. The last uses of tokens are written after Start.
func New(cfg Config) *Service {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Revoked == nil {
		cfg.Revoked = func(string) {}
	}
	return &Service{
		app: cfg.App, revoked: cfg.Revoked, audit: cfg.Audit, logger: cfg.Logger, now: cfg.Now, known: newKnown(),
		unknown: limit.NewRate(limit.UnknownTokensPerSecond, limit.UnknownTokenBurst, cfg.Now),
		created: limit.NewRate(limit.NewTokensPerSecond, limit.NewTokenBurst, cfg.Now),
		uses:    uses{pending: map[string]use{}},
	}
}

// Start begins to write when tokens were last used. The global database must be migrated.
func (s *Service) Start(ctx context.Context) error {
	s.background.Start(ctx)
	return s.background.Go(s.run)
}

// Stop writes the last uses, or returns ctx.Err if ctx ends first. It may be called more than once and without Start.
func (s *Service) Stop(ctx context.Context) error { return s.background.Stop(ctx) }

// Forget forgets what is known of the tokens of a user, or of all users if the id is empty. It must be called after they
// may have been revoked by anything but Revoke.
func (s *Service) Forget(userID string) { s.known.forget(userID) }

// Token is a token that exists. It must not be changed.
type Token struct {
	ID      string
	UserID  string
	Name    string
	Client  string // the host of the assistant that the user gave access; blank for tokens that the user created
	Scopes  []Scope
	Expires time.Time

	hash hash
}

// Has reports whether the token has a scope.
func (t *Token) Has(scope Scope) bool { return slices.Contains(t.Scopes, scope) }
