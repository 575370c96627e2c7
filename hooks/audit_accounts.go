package hooks

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// providerKey is where a sign-in with OAuth2 keeps the name of the provider.
const providerKey = "oauth2Provider"

// bindAuditAccounts records sign-ins and changes of credentials, of users and of superusers.
func (h handlers) bindAuditAccounts() {
	// Innermost: a sign-in that another handler refuses is none.
	bindWithPriority(h.OnRecordAuthRequest(authCollections...), "auditSignIn", 1000, h.auditSignIn)
	bindWithPriority(h.OnRecordAuthWithOAuth2Request(authCollections...), "rememberProvider", -1000, rememberProvider)

	bind(h.OnRecordCreateRequest(core.CollectionNameSuperusers), "attributeCreate", attributeChange)
	bind(h.OnRecordUpdateRequest(authCollections...), "attributeUpdate", attributeChange)
	bind(h.OnRecordDeleteRequest(append(authCollections, core.CollectionNameExternalAuths)...), "attributeDelete", attributeChange)
	bind(h.OnRecordConfirmPasswordResetRequest(authCollections...), "attributeReset", attributeReset)
	bind(h.OnRecordConfirmEmailChangeRequest(authCollections...), "attributeEmailChange", attributeEmailChange)

	bind(h.OnRecordUpdate(authCollections...), "auditCredentials", h.auditCredentials)
	bind(h.OnRecordCreate(core.CollectionNameSuperusers), "auditNewSuperuser", h.auditNewSuperuser)
	bind(h.OnRecordDelete(core.CollectionNameSuperusers), "auditRemovedSuperuser", h.auditRemovedSuperuser)
	bind(h.OnRecordCreate(core.CollectionNameExternalAuths), "auditLink", h.auditLink)
	bind(h.OnRecordDeleteRequest(core.CollectionNameExternalAuths), "auditUnlink", h.auditUnlink)
	// Outermost, so that the deletion of the user's database has the same actor.
	bindWithPriority(h.OnRecordDelete(migrations.Users), "auditDeletedUser", -1000, h.auditDeletedUser)
}

// failedSignIn is the event of a wrong password. It is blank if there is no such account.
func failedSignIn(account *core.Record, method string) audit.Event {
	if account == nil {
		return audit.Event{}
	}
	return audit.Event{Owner: account.Id, Kind: audit.SignInFailed, Detail: method}
}

// countFailure takes no longer for an account that exists than for one that doesn't.
func (h handlers) countFailure(e *core.RequestEvent, failure audit.Event) {
	if failure.Owner != "" {
		failure.Actor = audit.ActorOfRequest(e)
		h.Audit.Count(e.Request.Context(), failure)
	}
}

// rememberProvider also makes the caller the actor of the changes to an existing account.
func rememberProvider(e *core.RecordAuthWithOAuth2RequestEvent) error {
	e.Set(providerKey, e.ProviderName)
	if e.Record != nil {
		audit.Attribute(e.Record, audit.ActorOfRequest(e.RequestEvent))
	}
	return e.Next()
}

// auditSignIn leaves out renewals of tokens, which have no method.
func (h handlers) auditSignIn(e *core.RecordAuthRequestEvent) error {
	if e.AuthMethod == "" {
		return e.Next()
	}
	method := e.AuthMethod
	if provider, ok := e.Get(providerKey).(string); ok && method == core.MFAMethodOAuth2 {
		method = provider
	}
	if err := e.Next(); err != nil { // also apis.ErrMFA, if a second factor is missing
		return err
	}
	h.Audit.Record(e.Request.Context(), audit.Event{Owner: e.Record.Id, Kind: audit.SignIn, Detail: method, Actor: audit.ActorOfRequest(e.RequestEvent)})
	return nil
}

func attributeChange(e *core.RecordRequestEvent) error {
	audit.Attribute(e.Record, audit.ActorOfRequest(e.RequestEvent))
	return e.Next()
}

func attributeReset(e *core.RecordConfirmPasswordResetRequestEvent) error {
	audit.Attribute(e.Record, audit.ActorOfRequest(e.RequestEvent))
	return e.Next()
}

func attributeEmailChange(e *core.RecordConfirmEmailChangeRequestEvent) error {
	audit.Attribute(e.Record, audit.ActorOfRequest(e.RequestEvent))
	return e.Next()
}

// auditCredentials records a change in the transaction that makes it.
func (h handlers) auditCredentials(e *core.RecordEvent) error {
	before := e.Record.Original()
	hash := before.GetString("password:hash")
	key, email, twoStep := before.TokenKey(), before.Email(), before.GetBool(twoFactor)
	return inTransaction(&e.App, func() error {
		if err := e.Next(); err != nil {
			return err
		}
		var kinds []audit.Kind
		if e.Record.GetString("password:hash") != hash {
			kinds = append(kinds, audit.PasswordChanged)
		}
		if e.Record.Email() != email {
			kinds = append(kinds, audit.EmailChanged)
		}
		if len(kinds) == 0 && e.Record.TokenKey() != key {
			kinds = append(kinds, audit.SessionsEnded)
		}
		if is := e.Record.GetBool(twoFactor); is != twoStep {
			kinds = append(kinds, map[bool]audit.Kind{true: audit.TwoStepOn, false: audit.TwoStepOff}[is])
		}
		for _, kind := range kinds {
			h.auditChange(e, e.Record.Id, kind, "")
		}
		return nil
	})
}

// auditChange records what the change of a record means for an account, in the transaction of the change.
func (h handlers) auditChange(e *core.RecordEvent, owner string, kind audit.Kind, detail string) {
	h.Audit.RecordIn(e.Context, e.App, audit.Event{Owner: owner, Kind: kind, Detail: detail, Actor: audit.ActorOfChange(e.Context, e.Record)})
}

func (h handlers) auditNewSuperuser(e *core.RecordEvent) error {
	return inTransaction(&e.App, func() error {
		if err := e.Next(); err != nil {
			return err
		}
		h.auditChange(e, e.Record.Id, audit.SuperuserAdded, "")
		return nil
	})
}

func (h handlers) auditRemovedSuperuser(e *core.RecordEvent) error {
	return inTransaction(&e.App, func() error {
		if err := e.Next(); err != nil {
			return err
		}
		h.auditChange(e, e.Record.Id, audit.SuperuserRemoved, "")
		return nil
	})
}

// auditLink records a new way to sign in. PocketBase creates the record when its owner signs in with a provider.
func (h handlers) auditLink(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	owner := e.Record.GetString("recordRef")
	h.Audit.RecordIn(e.Context, e.App, audit.Event{
		Owner: owner, Kind: audit.OAuth2Linked, Detail: e.Record.GetString("provider"), Actor: audit.Actor{Kind: audit.Owner},
	})
	return nil
}

// auditUnlink doesn't record the links that disappear together with their user.
func (h handlers) auditUnlink(e *core.RecordRequestEvent) error {
	owner, provider := e.Record.GetString("recordRef"), e.Record.GetString("provider")
	if err := e.Next(); err != nil {
		return err
	}
	h.Audit.RecordIn(e.Request.Context(), e.App, audit.Event{Owner: owner, Kind: audit.OAuth2Unlinked, Detail: provider, Actor: audit.ActorOfRequest(e.RequestEvent)})
	return nil
}

// auditDeletedUser deletes the events of a user without a database. Those of other users are deleted together with the
// database, because until then, the user can be restored.
func (h handlers) auditDeletedUser(e *core.RecordEvent) error {
	e.Context = audit.WithActor(e.Context, audit.ActorOfChange(e.Context, e.Record))
	return inTransaction(&e.App, func() error {
		has, err := registry.HasDatabase(e.Context, e.App, e.Record.Id)
		if err == nil && !has {
			err = h.Audit.Forget(e.Context, e.App, e.Record.Id)
		}
		if err != nil {
			return err
		}
		return e.Next()
	})
}
