package hooks

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/authserver"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindOAuthConsent adds the routes with which a person decides about an assistant, on a page of the web app. The session is
// in a header, so that no other site can send such a request, and the page can't be framed.
func (h handlers) bindOAuthConsent() {
	h.onServe("oauthConsent", func(e *core.ServeEvent) error {
		signedIn := apis.RequireAuth(migrations.Users) // with a session: see api_token_access.go
		e.Router.POST("/api/oauth/question", h.askAboutAssistant).Bind(signedIn)
		e.Router.POST("/api/oauth/decision", h.decideAboutAssistant).Bind(signedIn)
		return nil
	})
}

// askAboutAssistant responds with what the caller decides about.
func (h handlers) askAboutAssistant(e *core.RequestEvent) error {
	var body struct {
		Query string `json:"query"`
	}
	if err := bindJSON(e, &body, "query"); err != nil {
		return err
	}
	if err := h.requireVerification(e, e.Auth); err != nil {
		return err
	}
	question, err := h.AuthServer.Ask(e.Request.Context(), e.Auth.Id, body.Query)
	if err != nil {
		return refuseConsent(e, err)
	}
	return e.JSON(http.StatusOK, question)
}

// decideAboutAssistant responds with the address at which the assistant learns the decision.
func (h handlers) decideAboutAssistant(e *core.RequestEvent) error {
	var body struct {
		Decision string `json:"decision"`
		Allow    bool   `json:"allow"`
	}
	if err := bindJSON(e, &body, "decision and allow"); err != nil {
		return err
	}
	if err := h.requireVerification(e, e.Auth); err != nil {
		return err
	}
	redirect, err := h.AuthServer.Decide(e.Request.Context(), e.Auth, body.Decision, body.Allow, audit.ActorOfRequest(e))
	if err != nil {
		return refuseConsent(e, err)
	}
	return e.JSON(http.StatusOK, map[string]string{"redirect": redirect})
}

// refusedConsent is the response to a request for access that nobody can allow, as PocketBase's SDK expects errors.
type refusedConsent struct {
	Status    int            `json:"status"`
	Message   string         `json:"message"`
	Data      map[string]any `json:"data"`
	ReturnURL string         `json:"return_url,omitempty"` // where the assistant learns of the error
}

func refuseConsent(e *core.RequestEvent, err error) error {
	if rate, ok := errors.AsType[*authserver.RateError](err); ok {
		return tooManyRequests(e, rate.Wait, "Too many requests for access. Wait a moment and try again.")
	}
	if page, ok := errors.AsType[*authserver.PageError](err); ok {
		return e.JSON(http.StatusBadRequest, refusedConsent{http.StatusBadRequest, page.Message, map[string]any{}, page.ReturnURL})
	}
	return e.InternalServerError("", err)
}
