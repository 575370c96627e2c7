package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// purposeDownload is that of the endpoint which Fathom calls when a file of the user is ready. Fathom doesn't sign such
// a call, so it is only a hint to poll, and its path is a secret.
const purposeDownload = "download"

// requestDownload asks Fathom to prepare the file, and to call the server when it is ready if it can.
func (r *transferRun) requestDownload(ctx context.Context) (fathom.Download, error) {
	hint := r.hintURL(ctx)
	download, err := r.account.RequestDownload(ctx, r.recordingID, hint)
	if failure, ok := errors.AsType[*fathom.Error](err); ok && hint != "" && failure.Kind == fathom.KindBadRequest {
		return r.account.RequestDownload(ctx, r.recordingID, "")
	}
	return download, err
}

// hintURL returns the URL that Fathom calls when the file is ready, or a blank string if it can't or the user has turned
// calls from Fathom off.
func (r *transferRun) hintURL(ctx context.Context) string {
	if !r.service.isWebhookWanted(r.db.App) {
		return ""
	}
	token, err := r.service.hintToken(ctx, r.db)
	if err != nil {
		r.service.logger.WarnContext(ctx, "failed to prepare a call from Fathom, so downloads are only polled", "database", r.db.Name, "error", err)
		return ""
	}
	return r.service.webhookBase + EndpointPath + token + "/" + strconv.FormatInt(r.recordingID, 10)
}

// hintToken returns the random part of the path of the user's endpoint for downloads, which it creates first if there
// is none, or if it can't be used because the database was created anew, with another key.
func (s *Service) hintToken(ctx context.Context, db *userdb.Database) (token string, err error) {
	if _, token, err = findHint(s.global, db); err != nil || token != "" {
		return token, err
	}
	err = s.global.RunInTransaction(func(tx core.App) error {
		unusable, found, err := findHint(tx, db) // another transfer may have created it
		if token = found; err != nil || token != "" {
			return err
		}
		if unusable != nil {
			if err := tx.DeleteWithContext(ctx, unusable); err != nil {
				return fmt.Errorf("delete endpoint %s: %w", unusable.Id, err)
			}
		}
		token, err = s.createHint(ctx, tx, db)
		return err
	})
	return token, err
}

// findHint returns the user's endpoint for downloads, or nil, and its token, which is blank if it can't be used. app is
// the global database or a transaction.
func findHint(app core.App, db *userdb.Database) (endpoint *core.Record, token string, err error) {
	endpoint, err = app.FindFirstRecordByFilter(migrations.FathomEndpoints,
		"user = {:user} && purpose = {:purpose}", dbx.Params{"user": db.UserID, "purpose": purposeDownload})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("find the endpoint for downloads: %w", err)
	}
	stored, err := storedSecrets(endpoint)
	if err != nil || len(stored) == 0 {
		return endpoint, "", nil
	}
	opened, err := db.Key.Open(endpointLocation(db.Name, endpoint, "secret"), stored[0].Sealed)
	if err != nil {
		return endpoint, "", nil
	}
	return endpoint, string(opened), nil
}

func (s *Service) createHint(ctx context.Context, tx core.App, db *userdb.Database) (token string, err error) {
	endpoint, token, err := s.newEndpoint(db.UserID, purposeDownload)
	if err != nil {
		return "", err
	}
	if err := sealEndpointSecret(db.Key, db.Name, endpoint, token); err != nil {
		return "", err
	}
	endpoint.Set("status", endpointActive)
	return token, tx.SaveWithContext(ctx, endpoint)
}

// FindHintEndpoint is FindEndpoint for calls about files that are ready.
func (s *Service) FindHintEndpoint(token string) (Endpoint, error) {
	return s.findActiveEndpoint(token, purposeDownload)
}

// DownloadReady makes the transfer of a recording poll Fathom at once, if it waits for the file.
func (s *Service) DownloadReady(ctx context.Context, endpoint Endpoint, recordingID int64) error {
	return s.queue.WakeSnoozed(ctx, endpoint.record.GetString("user"), KindTransfer, strconv.FormatInt(recordingID, 10))
}
