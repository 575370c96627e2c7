package hooks

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindRevocation ends sessions and streams as soon as they are revoked. Changes that none of these hooks
// notices, such as those of another process, are noticed by the watcher itself within seconds.
func (h handlers) bindRevocation() {
	bind(h.OnCollectionAfterUpdateSuccess(migrations.Users, core.CollectionNameSuperusers), "checkAfterCollectionUpdate", h.checkAfterCollectionUpdate)
	h.onServe("endRevokedSessions", func(e *core.ServeEvent) error {
		h.Databases.OnChange(h.endRevokedStreams)
		e.Router.BindFunc(h.checkAfterSQL)
		return nil
	})
}

// checkAfterCollectionUpdate looks for revoked sessions after all auth tokens of a collection may have been
// invalidated. Migrations change collections before there are sessions.
func (h handlers) checkAfterCollectionUpdate(e *core.CollectionEvent) error {
	if h.Revocations.Running() {
		h.checkRevocations(e.Context)
	}
	return e.Next()
}

// checkAfterSQL looks for revoked sessions after a statement of the SQL console, which runs no hooks.
func (h handlers) checkAfterSQL(e *core.RequestEvent) error {
	err := e.Next()
	if e.Request.URL.Path == "/api/sql" {
		h.checkRevocations(e.Request.Context())
	}
	return err
}

func (h handlers) checkRevocations(ctx context.Context) {
	if err := h.Revocations.Check(context.WithoutCancel(ctx)); err != nil {
		h.Log.ErrorContext(ctx, "failed to check for revoked sessions", "error", err)
	}
}

// streamUserKey is where a client of a realtime stream stores its streamUser. PocketBase forgets the user of a
// stream whose tokens are revoked, but leaves the stream open.
const streamUserKey = "fathomToLoomUser"

// streamUser is the user or superuser of a stream to the global database, as of the latest subscription.
type streamUser struct{ id, collection, credential string }

// bindStreamToUser has the stream end when the user's tokens are revoked. It returns an error if they were
// revoked since the request was authenticated.
func (h handlers) bindStreamToUser(e *core.RealtimeSubscribeRequestEvent, client *sse.Client) error {
	user := streamUser{e.Auth.Id, e.Auth.Collection().Name, registry.Credential(e.Auth)}
	client.Set(streamUserKey, user)
	if h.isRevoked(user) { // after Set: endRevokedStreams may have run just before
		client.Discard()
		return e.UnauthorizedError("", nil)
	}
	return nil
}

// endRevokedStreams ends the streams to the global database of a user or superuser whose tokens were revoked. It
// listens to userdb.Service.OnChange.
func (h handlers) endRevokedStreams(userID, database string) {
	if database != "" { // a registry row has changed
		return
	}
	for _, client := range h.SubscriptionsBroker().Clients() {
		user, ok := client.Get(streamUserKey).(streamUser)
		if ok && (user.id == userID || userID == "") && h.isRevoked(user) {
			client.Discard()
		}
	}
}

// isRevoked reports whether a user's tokens were revoked. If that can't be checked, they count as revoked.
func (h handlers) isRevoked(user streamUser) bool {
	current, err := h.FindRecordById(user.collection, user.id)
	return err != nil || registry.Credential(current) != user.credential
}
