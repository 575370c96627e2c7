package hooks

import (
	"errors"
	"net/http"
	"strconv"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindAPITokens adds the routes with which users manage their tokens, and protects the collection: superusers see and
// revoke tokens in the admin UI, and nobody sees a hash or creates a token for somebody else.
func (h handlers) bindAPITokens() {
	h.onServe("apiTokens", func(e *core.ServeEvent) error {
		signedIn := apis.RequireAuth(migrations.Users) // with a session: see api_token_access.go
		e.Router.GET("/api/tokens", h.listTokens).Bind(signedIn)
		e.Router.POST("/api/tokens", h.createToken).Bind(signedIn)
		e.Router.DELETE("/api/tokens/{id}", h.revokeToken).Bind(signedIn)
		return nil
	})
	bind(h.OnRecordCreateRequest(migrations.APITokens), "refuseTokenCreate", refuseTokenEdit)
	bind(h.OnRecordUpdateRequest(migrations.APITokens), "refuseTokenUpdate", refuseTokenEdit)
	bind(h.OnRecordDeleteRequest(migrations.APITokens), "auditRevokedToken", h.auditRevokedToken)
	bind(h.OnRecordAfterDeleteSuccess(migrations.APITokens), "tokenDeleted", h.tokenDeleted)
	bind(h.OnRecordEnrich(migrations.APITokens), "hideTokenHash", hideTokenHash)
	bind(h.OnRecordUpdate(migrations.Users), "auditRevokedTokens", h.auditRevokedTokens)
}

// listTokens responds with the tokens of the caller, without their texts.
func (h handlers) listTokens(e *core.RequestEvent) error {
	list, err := h.Tokens.List(e.Request.Context(), e.Auth.Id)
	if err != nil {
		return e.InternalServerError("", err)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, map[string]any{"tokens": list})
}

// createdToken is the only response that contains the text of a token.
type createdToken struct {
	tokens.Info
	Token string `json:"token"`
}

func (h handlers) createToken(e *core.RequestEvent) error {
	var body struct {
		Name    string         `json:"name"`
		Scopes  []tokens.Scope `json:"scopes"`
		Expires string         `json:"expires"`
	}
	if err := bindJSON(e, &body, "name, scopes and expires"); err != nil {
		return err
	}
	request := tokens.Request{Name: body.Name, Scopes: body.Scopes}
	if expires, err := types.ParseDateTime(body.Expires); err == nil { // a text that isn't a date is in the past
		request.Expires = expires.Time()
	}
	info, secret, err := h.Tokens.Create(e.Request.Context(), e.Auth.Id, request)
	if err != nil {
		return tokenError(e, err)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, createdToken{info, secret.Reveal()})
}

func (h handlers) revokeToken(e *core.RequestEvent) error {
	if err := h.Tokens.Revoke(e.Request.Context(), e.Auth.Id, e.Request.PathValue("id")); err != nil {
		return tokenError(e, err)
	}
	return e.NoContent(http.StatusNoContent)
}

// tokenError translates an error of package tokens for the client.
func tokenError(e *core.RequestEvent, err error) error {
	if invalid, ok := errors.AsType[*tokens.InvalidError](err); ok {
		return e.BadRequestError(invalid.Message, validation.Errors{
			invalid.Field: validation.NewError("validation_api_token", invalid.Message),
		})
	}
	if rate, ok := errors.AsType[*tokens.RateError](err); ok {
		return tooManyRequests(e, rate.Wait, "Too many new API tokens. Wait a moment and try again.")
	}
	switch {
	case errors.Is(err, tokens.ErrTooMany):
		return e.BadRequestError("You have 20 API tokens. Revoke one that you don't use.", nil)
	case errors.Is(err, tokens.ErrNotFound):
		return e.NotFoundError("", nil)
	}
	return e.InternalServerError("", err)
}

func refuseTokenEdit(e *core.RecordRequestEvent) error {
	return e.ForbiddenError("Users create API tokens in Settings, and nobody can change one.", nil)
}

// auditRevokedToken records that a superuser has revoked a token.
func (h handlers) auditRevokedToken(e *core.RecordRequestEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	event := tokens.RevocationOf(e.Record)
	event.Actor = audit.ActorOfRequest(e.RequestEvent)
	h.Audit.Record(e.Request.Context(), event)
	return nil
}

// tokenDeleted ends what uses a token that a superuser has deleted.
func (h handlers) tokenDeleted(e *core.RecordEvent) error {
	h.Databases.UserChanged(e.Record.GetString("user"))
	return e.Next()
}

func hideTokenHash(e *core.RecordEnrichEvent) error {
	err := e.Next() // PocketBase unhides fields for superusers, so hide them afterwards
	e.Record.Hide("hash", "client_hash", "family_hash", "refresh_hash")
	return err
}

// auditRevokedTokens records that the tokens of a user were revoked together with the sessions. A trigger deletes them in
// the same transaction.
func (h handlers) auditRevokedTokens(e *core.RecordEvent) error {
	key := e.Record.Original().TokenKey()
	return inTransaction(&e.App, func() error {
		active, err := h.Tokens.Active(e.Context, e.App, e.Record.Id)
		if err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		if active > 0 && e.Record.TokenKey() != key {
			h.auditChange(e, e.Record.Id, audit.TokensRevoked, strconv.Itoa(active))
		}
		return nil
	})
}
