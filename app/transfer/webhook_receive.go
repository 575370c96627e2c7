package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/standardwebhooks"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	// laterSync is when a message leads to a second sync, in case Fathom's list doesn't contain the meeting yet.
	laterSync = 2 * time.Minute

	// keepMessages is how long a message can't be repeated. Older ones are refused because of their time.
	keepMessages = 3 * 24 * time.Hour

	// forgetFailed is when webhooks that couldn't be created or deleted are forgotten.
	forgetFailed = 30 * 24 * time.Hour
)

// Errors of a call to an endpoint.
var (
	ErrUnknownEndpoint = errors.New("unknown endpoint")
	ErrEndpointGone    = errors.New("endpoint is no longer used")
	ErrEndpointNotYet  = errors.New("endpoint is being created")
)

// Endpoint is where Fathom calls the server about one user's meetings.
type Endpoint struct{ record *core.Record }

// ID identifies the endpoint.
func (e Endpoint) ID() string { return e.record.Id }

// FindEndpoint finds the endpoint with the random part of its path. It returns ErrUnknownEndpoint, ErrEndpointGone or
// ErrEndpointNotYet if there is none that may be called.
func (s *Service) FindEndpoint(token string) (Endpoint, error) {
	return s.findActiveEndpoint(token, purposeWebhook)
}

func (s *Service) findActiveEndpoint(token, purpose string) (Endpoint, error) {
	record, err := s.findEndpoint(token)
	if errors.Is(err, sql.ErrNoRows) || err == nil && record.GetString("purpose") != purpose {
		return Endpoint{}, ErrUnknownEndpoint
	}
	if err != nil {
		return Endpoint{}, fmt.Errorf("find endpoint: %w", err)
	}
	switch record.GetString("status") {
	case endpointActive:
		return Endpoint{record}, nil
	case endpointRemoving:
		if s.now().Before(record.GetDateTime("updated").Time().Add(keepReplaced)) {
			return Endpoint{record}, nil
		}
	case endpointCreating:
		return Endpoint{}, ErrEndpointNotYet
	}
	return Endpoint{}, ErrEndpointGone
}

// ReceiveWebhook starts a sync for a message that Fathom has signed. It never decodes the message: the meeting comes
// from Fathom's list. A message that was received before has no effect. It returns an error of
// standardwebhooks.Verify if the signature isn't Fathom's.
func (s *Service) ReceiveWebhook(ctx context.Context, endpoint Endpoint, header http.Header, body []byte) error {
	secrets, err := s.endpointSecrets(ctx, endpoint.record)
	if err != nil {
		return err
	}
	message, err := standardwebhooks.Verify(secrets, header, body, s.now())
	if err != nil {
		return err
	}
	userID := endpoint.record.GetString("user")
	dormant, err := s.databases.IsDormant(ctx, userID)
	if err != nil {
		return err
	}
	return s.global.RunInTransaction(func(tx core.App) error {
		params := dbx.Params{"endpoint": endpoint.ID(), "message": message, "at": timestamp(s.now())}
		result, err := tx.NonconcurrentDB().NewQuery("INSERT OR IGNORE INTO " + migrations.FathomMessages +
			" (endpoint, message, at) VALUES ({:endpoint}, {:message}, {:at})").Bind(params).WithContext(ctx).Execute()
		if err != nil {
			return fmt.Errorf("record message: %w", err)
		}
		if added, err := result.RowsAffected(); err != nil || added == 0 {
			return err
		}
		_, err = tx.NonconcurrentDB().NewQuery("UPDATE " + migrations.FathomEndpoints + " SET last_message_at = {:at} WHERE id = {:endpoint}").
			Bind(params).WithContext(ctx).Execute()
		if err != nil {
			return fmt.Errorf("record the time of a message: %w", err)
		}
		if dormant {
			return nil // the next sign-in syncs
		}
		return s.syncAfterMessage(ctx, tx, userID)
	})
}

func (s *Service) syncAfterMessage(ctx context.Context, tx core.App, userID string) error {
	_, err := s.queue.AddWith(ctx, tx, userID, KindSync, "{}", queue.AddOptions{Again: true})
	if _, refused := errors.AsType[*queue.InvalidJob](err); err != nil && !refused {
		return err
	}
	return s.queue.ScheduleAt(ctx, tx, userID, KindSync, "{}", s.now().Add(laterSync))
}

// PruneEndpoints forgets old messages, webhooks that Fathom has refused or not confirmed a month ago, and those that were
// replaced a day ago. It tries again to delete webhooks at Fathom.
func (s *Service) PruneEndpoints(ctx context.Context) error {
	now := s.now()
	s.RemoveWebhooksLater()
	for text, before := range map[string]time.Time{
		"DELETE FROM " + migrations.FathomMessages + " WHERE at < {:before}":                                                     now.Add(-keepMessages),
		"DELETE FROM " + migrations.FathomEndpoints + " WHERE status IN ('creating', 'lost', 'refused') AND created < {:before}": now.Add(-forgetFailed),
		"DELETE FROM " + migrations.FathomRemovals + " WHERE created < {:before}":                                                now.Add(-forgetFailed),
		"DELETE FROM " + migrations.FathomEndpoints + " WHERE status = 'removing' AND updated < {:before}":                       now.Add(-keepReplaced),
	} {
		if _, err := s.global.NonconcurrentDB().NewQuery(text).Bind(dbx.Params{"before": timestamp(before)}).WithContext(ctx).Execute(); err != nil {
			return fmt.Errorf("prune endpoints: %w", err)
		}
	}
	return nil
}
