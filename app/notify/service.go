// Package notify sends the notices of user databases to their owners: by e-mail, through the mail server of the owner or
// that of this server, and to a webhook of the owner. It also sends a summary of each week.
//
// No cause leads to two mails: a notice is marked before its text is sent, so that a crash in between loses the mail,
// which the web app shows all the same. A webhook may arrive twice, with the same id.
//
// A Service is safe for concurrent use and has no goroutines: jobs of KindSend do its work. It must not decide what
// people are told about, which is up to package notice and its callers. No secret may reach a log, an error or a record.
package notify

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/mail"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Config configures a Service. All fields but Logger and Now are required.
type Config struct {
	App       core.App // the global database
	Databases *userdb.Service
	Queue     *queue.Queue
	Network   outbound.Network
	Guard     *outbound.Guard // of the addresses that people choose
	BaseURL   string          // at which people reach this server
	HasURL    bool            // whether BaseURL works outside this machine, so that mail can have a link to unsubscribe
	// What a connection to Loom that no longer works means: HandOver is true if no connection uploads, LoomRequired if
	// nothing is delivered without one.
	HandOver, LoomRequired bool
	Secret                 []byte // from which the key of unsubscribe links is derived
	Previous               []byte // the secret before a rotation, whose links are accepted; empty if there was none
	// Record saves what using a connection has shown, unless it was changed since. reason is blank if it works.
	Record func(db *userdb.Database, used *core.Record, reason string) error
	Logger *slog.Logger     // the default discards everything
	Now    func() time.Time // the default is time.Now
}

// Service sends notices.
type Service struct {
	app       core.App
	databases *userdb.Service
	queue     *queue.Queue
	guard     *outbound.Guard
	baseURL   string
	hasURL    bool
	key       []byte // of unsubscribe links
	previous  []byte // of those before a rotation; nil if there was none

	handOver, loomRequired bool

	own      *mail.Client
	server   *mail.Client
	webhooks *http.Client
	record   func(db *userdb.Database, used *core.Record, reason string) error
	logger   *slog.Logger
	now      func() time.Time
}

// New returns a Service.
func New(cfg Config) (*Service, error) {
	key, err := unsubscribeKey(cfg.Secret)
	if err != nil {
		return nil, err
	}
	var previous []byte
	if len(cfg.Previous) > 0 {
		if previous, err = unsubscribeKey(cfg.Previous); err != nil {
			return nil, err
		}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	name := localName(cfg.BaseURL, cfg.HasURL)
	return &Service{
		app: cfg.App, databases: cfg.Databases, queue: cfg.Queue, guard: cfg.Guard,
		baseURL: cfg.BaseURL, hasURL: cfg.HasURL, key: key, previous: previous, handOver: cfg.HandOver, loomRequired: cfg.LoomRequired,
		own:      &mail.Client{Dial: cfg.Guard.Dialer().DialContext, LocalName: name},
		server:   &mail.Client{Dial: outbound.NewDialer().DialContext, LocalName: name},
		webhooks: newWebhookClient(cfg), record: cfg.Record,
		logger: cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)), now: cfg.Now,
	}, nil
}

// Close closes idle connections.
func (s *Service) Close() { s.webhooks.CloseIdleConnections() }

// localName returns the host name with which this server introduces itself to mail servers.
func localName(baseURL string, hasURL bool) string {
	base, err := url.Parse(baseURL)
	if err != nil || !hasURL {
		return ""
	}
	return base.Hostname()
}

// enqueue creates the job that does some work soon. Jobs for the same work are merged.
func (s *Service) enqueue(ctx context.Context, userID string, work payload) error {
	after := time.Duration(0)
	if work == (payload{}) {
		after = gatherTime
	}
	_, err := s.queue.AddWith(ctx, s.app, userID, KindSend, work.encode(), queue.AddOptions{RunAt: s.now().Add(after), Again: true})
	return err
}
