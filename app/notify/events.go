package notify

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// enqueueTimeout limits the writes to the queue that follow a change in a user database.
const enqueueTimeout = 10 * time.Second

// Address decides how a new notice will be sent. app is the transaction that creates it.
func (s *Service) Address(app core.App, db *userdb.Database, n *core.Record) error {
	if preferences.NotifyOf(app).Wants(kindOf(n).group) {
		n.Set("mail", notice.Skipped)
		if s.canMail(app, db.UserID) {
			n.Set("mail", notice.Due)
		}
	}
	webhook, err := findConnection(app, ProviderWebhook)
	if err != nil {
		return err
	}
	if webhook != nil && isUsable(webhook) && webhookSettingsOf(webhook).wants(n) {
		n.Set("hook", notice.Due)
	}
	return nil
}

// canMail reports whether there is a mail server that may send mail to a user.
func (s *Service) canMail(app core.App, userID string) bool {
	if own, err := findConnection(app, ProviderSMTP); err == nil && own != nil && isUsable(own) {
		return true
	}
	if !s.app.Settings().SMTP.Enabled {
		return false
	}
	user, err := s.app.FindRecordById(migrations.Users, userID)
	return err == nil && user.Verified()
}

// Created creates the jobs that send a notice that was just created.
func (s *Service) Created(db *userdb.Database, n *core.Record) {
	ctx, cancel := context.WithTimeout(context.Background(), enqueueTimeout)
	defer cancel()
	if n.GetString("mail") == notice.Due {
		s.enqueueLogged(ctx, db, payload{})
	}
	if n.GetString("hook") == notice.Due {
		s.enqueueLogged(ctx, db, payload{Webhook: true})
	}
}

func (s *Service) enqueueLogged(ctx context.Context, db *userdb.Database, work payload) {
	if err := s.enqueue(ctx, db.UserID, work); err != nil {
		s.logger.ErrorContext(ctx, "failed to create the job that sends a notice", "database", db.Name, "error", err)
	}
}

// Unfinished returns the work that a crash may have prevented, or that the database had on another server: jobs that
// send notices.
func (s *Service) Unfinished() []userdb.Unfinished {
	due := func(way string) string { // the first condition is that of the index
		return "EXISTS (SELECT 1 FROM {{" + schema.Notices + "}} WHERE ([[mail]] = 'due' OR [[hook]] = 'due') AND [[" + way + "]] = 'due')"
	}
	enqueue := func(work payload) func(*userdb.Database) error {
		return func(db *userdb.Database) error {
			ctx, cancel := context.WithTimeout(context.Background(), enqueueTimeout)
			defer cancel()
			return s.enqueue(ctx, db.UserID, work)
		}
	}
	return []userdb.Unfinished{
		{Where: due("mail"), Resume: enqueue(payload{})},
		{Where: due("hook"), Resume: enqueue(payload{Webhook: true})},
		{
			Where: "EXISTS (SELECT 1 FROM {{" + schema.Preferences + "}} WHERE [[key]] = '" + preferences.KeyNotify + "'" +
				" AND json_valid([[value]]) AND json_extract([[value]], '$.digest') = 1)",
			Resume: func(db *userdb.Database) error {
				ctx, cancel := context.WithTimeout(context.Background(), enqueueTimeout)
				defer cancel()
				return s.scheduleDigest(ctx, db)
			},
		},
	}
}
