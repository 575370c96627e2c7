// Package share lets people show a recording to others: at a link that nobody can guess, that expires and can be revoked,
// with a password if they want. The collection shares of the global database keeps the SHA-256 of the id in a link, and
// the id itself sealed with the key of its owner's database, so that the owner can copy the link again.
//
// A Service is safe for concurrent use. It decides which links are valid, what they show and who knows the password. It
// must not know how pages look or how bytes are sent, it never unpacks an archived database, and reading a recording for a
// viewer never counts as a use of the database by its owner. Of the viewers, it keeps nothing but how often a page was
// opened.
package share

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	// MaxActive is how many links of a user can be valid at the same time.
	MaxActive = 200
	// DefaultLifetime is how long a link is valid if its owner doesn't choose.
	DefaultLifetime = 30 * 24 * time.Hour
	// MaxLifetime is the longest time for which a link is valid.
	MaxLifetime = 366 * 24 * time.Hour

	// keepExpired is how long the owner sees that a link has expired.
	keepExpired = 30 * 24 * time.Hour
)

// Path precedes the id in the path of a link.
const Path = "/s/"

// Config configures a Service. Previous, Chapters, Poster, Audit, Logger and Now are optional.
type Config struct {
	App       core.App // the global database
	Databases *userdb.Service
	BaseURL   string // public URL of the server
	Secret    []byte // grants are derived from it
	Previous  []byte // the secret before its rotation
	// Chapters returns the chapters of a meeting, a record of the collection meetings; nil means that there are none.
	Chapters func(meeting *core.Record) []Chapter
	// Poster returns a picture of a meeting, a record of an open database, with its media type. It is blank if there is none.
	// Nil means that no meeting has one.
	Poster func(db *userdb.Database, meeting *core.Record) (picture []byte, mediaType string, err error)
	Audit  *audit.Recorder  // nil records nothing
	Logger *slog.Logger     // default: discards everything
	Now    func() time.Time // default: time.Now
}

// Service creates, finds and revokes links. It must be created with New.
type Service struct {
	app       core.App
	databases *userdb.Service
	baseURL   string
	chapters  func(meeting *core.Record) []Chapter
	poster    func(db *userdb.Database, meeting *core.Record) (picture []byte, mediaType string, err error)
	audit     *audit.Recorder
	logger    *slog.Logger
	now       func() time.Time

	grants    grants
	passwords passwords
	created   *limit.Rate // by user

	background background.Group
	views      views
}

// New returns a Service. Views are written after Start.
func New(cfg Config) (*Service, error) {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Chapters == nil {
		cfg.Chapters = func(*core.Record) []Chapter { return nil }
	}
	if cfg.Poster == nil {
		cfg.Poster = func(*userdb.Database, *core.Record) ([]byte, string, error) { return nil, "", nil }
	}
	signed, err := newGrants(cfg.Secret, cfg.Previous)
	if err != nil {
		return nil, err
	}
	return &Service{
		app: cfg.App, databases: cfg.Databases, baseURL: strings.TrimSuffix(cfg.BaseURL, "/"), chapters: cfg.Chapters, poster: cfg.Poster,
		audit: cfg.Audit, logger: cfg.Logger, now: cfg.Now, grants: signed, passwords: newPasswords(cfg.Now),
		created: limit.NewRate(limit.NewSharesPerSecond, limit.NewShareBurst, cfg.Now),
		views:   views{pending: map[string]int{}},
	}, nil
}

// Start begins to write views. The global database must be migrated.
func (s *Service) Start(ctx context.Context) error {
	s.background.Start(ctx)
	return s.background.Go(s.run)
}

// Stop writes the last views, or returns ctx.Err if ctx ends first. It may be called more than once and without Start.
func (s *Service) Stop(ctx context.Context) error { return s.background.Stop(ctx) }

// Shows is what a page shows beside the video. Captions belong to the transcript, chapters to the summary.
type Shows struct {
	Title      bool `json:"title" db:"title"`
	Summary    bool `json:"summary" db:"summary"`
	Transcript bool `json:"transcript" db:"transcript"`
}

var (
	// ErrNotFound means that there is no such link: it never existed, was revoked or has expired. For the owner it means
	// that none of their links has an id.
	ErrNotFound = errors.New("link to a recording not found")
	// ErrTooMany means that a user has the maximum number of active links.
	ErrTooMany = fmt.Errorf("user has %d active links to recordings", MaxActive)
	// ErrUnavailable means that the database of a user isn't ready.
	ErrUnavailable = errors.New("database of the recording is not available")
	// ErrNoRecording means that the file of a recording isn't stored here, or not any more.
	ErrNoRecording = errors.New("file of the recording is not stored")
	// ErrPassword means that a password is wrong.
	ErrPassword = errors.New("wrong password of a link to a recording")
)

// RateError means that a caller is over a limit.
type RateError struct{ Wait time.Duration }

// Error implements error.
func (e *RateError) Error() string { return "too many requests about links to recordings" }

// InvalidError means that a request of an owner is not valid.
type InvalidError struct {
	Field   string // as in JSON
	Message string // for the user
}

// Error implements error.
func (e *InvalidError) Error() string {
	return "check link to a recording: " + e.Field + ": " + e.Message
}
