package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/notify"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// buildNotify creates the service that sends notices. Addresses that people choose are guarded like those of files: with a
// simulator on this machine, mail servers and webhooks may be on it too.
func (a *App) buildNotify() error {
	secret, previous, err := jwtSecrets(a.Config)
	if err != nil {
		return err
	}
	api, err := outbound.ParseBaseURL(a.Config.FathomAPIURL)
	if err != nil {
		return fmt.Errorf("read FATHOM_API_URL: %w", err)
	}
	a.Notify, err = notify.New(notify.Config{
		App: a.App, Databases: a.Databases, Queue: a.Queue, Network: a.Network(), Guard: fathom.NewFileGuard(a.Network(), api),
		BaseURL: a.Config.BaseURL(), HasURL: a.Config.PublicURL != "", Secret: secret, Previous: previous, Logger: a.logger("notify"), Now: a.Now,
		HandOver: a.Config.LoomUploader == config.LoomUploaderHandover, LoomRequired: a.Config.LoomUploader == config.LoomUploaderAtlassian,
		Record: func(db *userdb.Database, used *core.Record, reason string) error {
			return a.Transfers.RecordCheck(db, used, checkError(reason, true))
		},
	})
	return err
}

// checkOutgoing is the transfer.Checker of mail servers and webhooks.
func (a *App) checkOutgoing(ctx context.Context, db *userdb.Database, connection *core.Record, secret string) (transfer.Finding, error) {
	return transfer.Finding{}, checkError(a.Notify.CheckConnection(ctx, db, connection, secret))
}

// checkError returns the error of a connection that doesn't work for a reason, or nil if the reason is blank.
func checkError(reason string, refused bool) error {
	if reason == "" {
		return nil
	}
	return &transfer.CheckError{Message: reason, Temporary: !refused, Err: errors.New("connection doesn't work")}
}
