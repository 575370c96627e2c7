// Package loomaccount is a person's connection to Loom through Atlassian: its settings and secret, the check of what it can
// do, the sign-in with OAuth and the renewal of its tokens, and what uses it: uploads, looking up videos, and lists of
// folders.
//
// A Service is safe for concurrent use. A grant of OAuth is renewed by one goroutine at a time, and the new token is stored
// before it is used, because Atlassian ends a grant whose refresh token is used twice. Grants that are no longer needed are
// revoked in the background, for which copies of them are kept in the global database.
//
// Secrets are decrypted for a single use. No secret and no address with a code may reach a log, an error or a record. The
// package must not import app/transfer, which is told about connections by interfaces of package loom.
package loomaccount

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Provider is the provider of the connections.
const Provider = "loom"

// CallbackPath is the page of the web app to which Atlassian sends people back.
const CallbackPath = "/atlassian-callback"

// Config configures a Service. Global, Databases, Uploads, OAuth, Loom and Record are required.
type Config struct {
	Global    core.App // the global database
	Databases *userdb.Service
	Uploads   *loomupload.Uploads
	OAuth     *oauth.Client
	Loom      *loom.Client // reads share links

	// Required makes deliveries fail without a connection that can upload. Otherwise they are handed over.
	Required bool

	// AppURLs are those of the web app, to which Atlassian may send people back, without a slash at the end.
	AppURLs []string

	// Record saves what a use of a connection has shown, unless the connection has been changed since it was read.
	Record func(db *userdb.Database, used *core.Record, result Result) error

	Logger *slog.Logger     // the default discards everything
	Now    func() time.Time // the default is time.Now
}

// Service uses connections to Loom. Create it with [New].
type Service struct {
	global    core.App
	databases *userdb.Service
	uploads   *loomupload.Uploads
	oauth     *oauth.Client
	loom      *loom.Client
	required  bool
	appURLs   []string
	record    func(db *userdb.Database, used *core.Record, result Result) error
	logger    *slog.Logger
	now       func() time.Time

	signIns  *signIns
	renewals *renewals

	started    time.Time
	revoking   background.Group
	revokeWake background.Wake
}

// New returns a Service.
func New(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Service{
		global: cfg.Global, databases: cfg.Databases, uploads: cfg.Uploads, oauth: cfg.OAuth, loom: cfg.Loom, required: cfg.Required, appURLs: cfg.AppURLs,
		record: cfg.Record, logger: cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)), now: cfg.Now,
	}
	s.signIns = newSignIns()
	s.renewals = newRenewals()
	s.started, s.revokeWake = s.now(), background.NewWake()
	s.revoking.Start(context.Background())
	return s
}

// Stop cancels the revocations in the background and waits for them, or returns an error when ctx ends first. It may be
// called more than once.
func (s *Service) Stop(ctx context.Context) error { return s.revoking.Stop(ctx) }

// ErrNotConnected means that a person has no connection to Loom.
var ErrNotConnected = errors.New("there is no connection to loom")

// find returns the connection to Loom, or ErrNotConnected. app may be a transaction.
func find(app core.App) (*core.Record, error) {
	connection, err := app.FindFirstRecordByData(schema.Connections, "provider", Provider)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotConnected
	}
	if err != nil {
		return nil, fmt.Errorf("find the connection to loom: %w", err)
	}
	return connection, nil
}

// keyOf identifies a connection in this process.
func keyOf(db *userdb.Database, connection *core.Record) string { return db.Name + "/" + connection.Id }
