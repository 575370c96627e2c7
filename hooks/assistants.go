package hooks

import (
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/assistants"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

// assistantsPath is where assistants reach the server, below the public URL. Packages gateway and readlimit limit these
// requests like those to a user database.
const assistantsPath = "/mcp"

// assistantRoutes serve the Model Context Protocol. The middleware in api_token_access.go has verified the token.
type assistantRoutes struct {
	handlers
	assistants *assistants.Service
}

func (h handlers) bindAssistants() {
	h.onServe("assistants", func(e *core.ServeEvent) error {
		a := assistantRoutes{h, assistants.New(assistants.Config{
			Search: h.Search, Transfers: h.Transfers, Queue: h.Queue, MayAddJobs: h.mayAddJobs,
			Version: app.BuildVersion(), Logger: h.Log.With("component", "assistants"),
		})}
		e.Router.POST(assistantsPath, a.serve)
		e.Router.GET(assistantsPath, refuseStream)
		e.Router.DELETE(assistantsPath, refuseStream)
		return nil
	})
}

// serve responds to a message of an assistant with an API token.
func (a assistantRoutes) serve(e *core.RequestEvent) error {
	if slices.ContainsFunc(e.Request.Header.Values("Origin"), a.isForeign) {
		return e.ForbiddenError("Pages of other websites can't use this address.", nil)
	}
	token, ok := e.Get(requestToken).(*tokens.Token)
	switch {
	case hasTokenInQuery(e.Request):
		return refuseToken(e, tokens.ErrNotInHeader)
	case !ok:
		challenge(e, "")
		return e.UnauthorizedError("Send an API token of your account: Authorization: Bearer f2l_pat_…. Sessions don't work here.", nil)
	}
	return a.Gateway.ServeOwner(e, token, func(owner *gateway.OwnerRequest) error {
		return a.assistants.Serve(e.Response, e.Request, owner)
	})
}

// isForeign reports whether a browser's page of this origin may not send requests. The protocol requires the check.
func (a assistantRoutes) isForeign(origin string) bool {
	allowed := a.Config.AllowedOrigins()
	return origin != a.Config.BaseOrigin() && !slices.Contains(allowed, origin) && !slices.Contains(allowed, "*")
}

func hasTokenInQuery(r *http.Request) bool {
	for _, values := range r.URL.Query() {
		if slices.ContainsFunc(values, tokens.IsToken) {
			return true
		}
	}
	return false
}

// refuseStream tells clients that there are neither streams nor sessions.
func refuseStream(e *core.RequestEvent) error {
	e.Response.Header().Set("Allow", http.MethodPost)
	return router.NewApiError(http.StatusMethodNotAllowed, "Send messages with POST.", nil)
}

// challenge tells an assistant that it needs another token, as RFC 6750 describes. code is why its token was refused;
// blank without one.
func challenge(e *core.RequestEvent, code string) {
	value := `Bearer realm="Fathom-to-Loom"`
	if code != "" {
		value += `, error="` + code + `"`
	}
	e.Response.Header().Set("WWW-Authenticate", value)
}
