package transfer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/standardwebhooks"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// EndpointPath is the path below which Fathom calls the server. A random part follows.
const EndpointPath = "/api/fathom/"

// The statuses of an endpoint.
const (
	endpointCreating = "creating" // Fathom has been asked, and has not answered yet
	endpointActive   = "active"
	endpointRemoving = "removing" // another one has replaced it; messages that are on their way are accepted for keepReplaced
	endpointLost     = "lost"     // Fathom may have a webhook that the server doesn't know
	endpointRefused  = "refused"  // Fathom has refused to create a webhook
)

const purposeWebhook = "webhook"

// maxEndpointSecrets is how many secrets of an endpoint are tried.
const maxEndpointSecrets = 5

// endpointSecret is a secret as it is stored.
type endpointSecret struct {
	Sealed string `json:"sealed"`
}

// newEndpoint returns an unsaved endpoint of a user and the random part of its path, which isn't stored.
func (s *Service) newEndpoint(userID, purpose string) (endpoint *core.Record, token string, err error) {
	collection, err := s.global.FindCachedCollectionByNameOrId(migrations.FathomEndpoints)
	if err != nil {
		return nil, "", err
	}
	token = rand.Text()
	endpoint = core.NewRecord(collection)
	endpoint.Set("id", core.GenerateDefaultRandomId())
	endpoint.Set("user", userID)
	endpoint.Set("purpose", purpose)
	endpoint.Set("path_hash", hashOfPath(token))
	endpoint.Set("status", endpointCreating)
	endpoint.Set("target", s.webhookBase)
	return endpoint, token, nil
}

func hashOfPath(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// sealEndpointKey stores in an endpoint, which it doesn't save, the API key that creates its webhook and must delete it,
// perhaps after another key has replaced it.
func sealEndpointKey(key *vault.DataKey, database string, endpoint *core.Record, apiKey string) error {
	sealed, err := key.Seal(endpointLocation(database, endpoint, "key"), []byte(apiKey))
	if err != nil {
		return fmt.Errorf("seal the key of webhook %s: %w", endpoint.Id, err)
	}
	endpoint.Set("key", sealed)
	return nil
}

// hashOfKey identifies an API key as it is stored, that is, encrypted.
func hashOfKey(sealed string) string { return hashOfPath(sealed)[:16] }

// findEndpoint returns the endpoint with the random part of its path, or sql.ErrNoRows.
func (s *Service) findEndpoint(token string) (*core.Record, error) {
	return s.global.FindFirstRecordByData(migrations.FathomEndpoints, "path_hash", hashOfPath(token))
}

// endpointsOf returns the webhooks of a user, the oldest first. app is the global database or a transaction.
func (s *Service) endpointsOf(app core.App, userID string) ([]*core.Record, error) {
	endpoints, err := app.FindRecordsByFilter(migrations.FathomEndpoints,
		"user = {:user} && purpose = {:purpose}", "created", 0, 0, dbx.Params{"user": userID, "purpose": purposeWebhook})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("find webhooks of user %s: %w", userID, err)
	}
	return endpoints, nil
}

func endpointLocation(database string, endpoint *core.Record, field string) vault.Location {
	return vault.Location{Database: database, Collection: migrations.FathomEndpoints, Record: endpoint.Id, Field: field}
}

// sealEndpointSecret stores the secret that Fathom signs with in an endpoint, which it doesn't save.
func sealEndpointSecret(key *vault.DataKey, database string, endpoint *core.Record, secret string) error {
	sealed, err := key.Seal(endpointLocation(database, endpoint, "secret"), []byte(secret))
	if err != nil {
		return fmt.Errorf("seal the secret of webhook %s: %w", endpoint.Id, err)
	}
	endpoint.Set("secrets", []endpointSecret{{Sealed: sealed}})
	return nil
}

// endpointSecrets returns the secrets with which Fathom may sign. Those that can't be read are left out. It returns
// ErrEndpointGone if the user has no database any more.
func (s *Service) endpointSecrets(ctx context.Context, endpoint *core.Record) ([]standardwebhooks.Secret, error) {
	stored, err := storedSecrets(endpoint)
	if err != nil {
		return nil, err
	}
	name, key, err := s.databases.DataKeyOf(ctx, endpoint.GetString("user"))
	if errors.Is(err, registry.ErrNotFound) {
		return nil, ErrEndpointGone
	}
	if err != nil {
		return nil, err
	}
	var secrets []standardwebhooks.Secret
	for _, secret := range stored[:min(len(stored), maxEndpointSecrets)] {
		text, err := key.Open(endpointLocation(name, endpoint, "secret"), secret.Sealed)
		if err != nil {
			s.logger.WarnContext(ctx, "failed to decrypt the secret of a webhook", "endpoint", endpoint.Id, "error", err)
			continue
		}
		if parsed, err := standardwebhooks.ParseReceivedSecret(string(text)); err == nil {
			secrets = append(secrets, parsed)
		}
	}
	return secrets, nil
}

func storedSecrets(endpoint *core.Record) (stored []endpointSecret, err error) {
	if err := json.Unmarshal([]byte(endpoint.GetString("secrets")), &stored); err != nil {
		return nil, fmt.Errorf("decode the secrets of endpoint %s: %w", endpoint.Id, err)
	}
	return stored, nil
}
