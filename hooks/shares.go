package hooks

import (
	"context"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// bindShares adds the routes with which users manage links to their recordings, and protects the collection: superusers
// see and revoke links in the admin UI, and nobody sees what opens one or creates one for somebody else.
func (h handlers) bindShares() {
	h.onServe("shares", func(e *core.ServeEvent) error {
		signedIn := apis.RequireAuth(migrations.Users) // with a session, or an API token: see api_token_access.go
		e.Router.GET("/api/shares", h.listShares).Bind(signedIn)
		e.Router.POST("/api/shares", h.createShare).Bind(signedIn)
		e.Router.PATCH("/api/shares/{id}", h.changeShare).Bind(signedIn)
		e.Router.DELETE("/api/shares/{id}", h.revokeShare).Bind(signedIn)
		return nil
	})
	bind(h.OnRecordCreateRequest(migrations.Shares), "refuseShareCreate", refuseShareEdit)
	bind(h.OnRecordUpdateRequest(migrations.Shares), "refuseShareUpdate", refuseShareEdit)
	bind(h.OnRecordDeleteRequest(migrations.Shares), "auditRevokedShare", h.auditRevokedShare)
	bind(h.OnRecordEnrich(migrations.Shares), "hideShareSecrets", hideShareSecrets)
}

// bindShares ends the links to recordings whose files are deleted, together with their meeting or not.
func (d databaseHandlers) bindShares() {
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Recordings), "endShares", d.endShares)
}

func refuseShareEdit(e *core.RecordRequestEvent) error {
	return e.ForbiddenError("Users create and change links to recordings on the pages of their meetings.", nil)
}

// auditRevokedShare records that a superuser has revoked a link.
func (h handlers) auditRevokedShare(e *core.RecordRequestEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	h.Audit.Record(e.Request.Context(), audit.Event{
		Owner: e.Record.GetString("owner"), Kind: audit.ShareRevoked, Detail: e.Record.GetString("recording_id"), Actor: audit.ActorOfRequest(e.RequestEvent),
	})
	return nil
}

func hideShareSecrets(e *core.RecordEnrichEvent) error {
	err := e.Next() // PocketBase unhides fields for superusers, so hide them afterwards
	e.Record.Hide("hash", "link", "password")
	return err
}

// endShares logs a failure, because the recording is gone already: its pages say so in any case.
func (d databaseHandlers) endShares(e *core.RecordEvent) error {
	ctx := context.WithoutCancel(e.Context)
	if err := d.Shares.RecordingDeleted(ctx, d.db.Name, int64(e.Record.GetInt("recording_id"))); err != nil {
		d.Log.WarnContext(ctx, "failed to end the links to a deleted recording", "database", d.db.Name, "error", err)
	}
	return e.Next()
}
