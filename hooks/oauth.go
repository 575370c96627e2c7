package hooks

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/authserver"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

// maxOAuthBody limits the bodies of requests by assistants, in bytes.
const maxOAuthBody = 64 << 10

// oauthRoutes are the endpoints of the authorization server for assistants. Anybody can call them: what they need is in the
// request. oauth_consent.go has the routes for people.
type oauthRoutes struct {
	handlers
	requests *limit.Rate // by network
}

// bindOAuth adds the routes if MCP_OAUTH is on.
func (h handlers) bindOAuth() {
	if !h.Config.AssistantsSignIn() {
		return
	}
	o := oauthRoutes{h, limit.NewRate(limit.OAuthRequestsPerSecond, limit.OAuthRequestBurst, time.Now)}
	h.onServe("oauth", func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "pointToMetadata", Func: o.pointToMetadata,
			Priority: apis.DefaultLoadAuthTokenMiddlewarePriority - 2, // sees the refusals of authenticateToken, too
		})
		e.Router.GET("/.well-known/{path...}", o.describe)
		e.Router.GET(authserver.AuthorizePath, openConsentPage)
		e.Router.POST(authserver.TokenPath, o.issueToken)
		e.Router.POST(authserver.RegisterPath, o.register)
		e.Router.POST(authserver.RevokePath, o.revoke)
		return nil
	})
	h.bindOAuthConsent()
}

// pointToMetadata tells an assistant that is refused for want of a token how it gets one (RFC 9728, section 5.1).
func (o oauthRoutes) pointToMetadata(e *core.RequestEvent) error {
	err := e.Next()
	header := e.Response.Header()
	if challenge := header.Get("WWW-Authenticate"); challenge != "" && e.Request.URL.Path == authserver.ResourcePath {
		header.Set("WWW-Authenticate", challenge+`, resource_metadata="`+o.AuthServer.ResourceMetadataURL()+`", scope="`+string(tokens.Read)+`"`)
	}
	return err
}

// describe responds with the metadata of the resource and of the authorization server.
func (o oauthRoutes) describe(e *core.RequestEvent) error {
	var document any
	switch path := e.Request.URL.Path; {
	case slices.Contains(o.AuthServer.ResourceMetadataPaths(), path):
		document = o.AuthServer.ResourceMetadata()
	case slices.Contains(o.AuthServer.ServerMetadataPaths(), path):
		document = o.AuthServer.ServerMetadata()
	default:
		return e.NotFoundError("", nil)
	}
	e.Response.Header().Set("Cache-Control", "max-age=300")
	return e.JSON(http.StatusOK, document)
}

// openConsentPage opens the page of the web app on which a person decides. It checks nothing: the server fetches the
// description of an assistant only for somebody who is signed in.
func openConsentPage(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.Redirect(http.StatusSeeOther, "/authorize?"+e.Request.URL.RawQuery)
}

// tokenResponse is the response with tokens, which contains secrets.
type tokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token"`
	Scope        string `json:"scope"`
}

func (o oauthRoutes) issueToken(e *core.RequestEvent) error {
	form, err := o.readForm(e)
	if err != nil {
		return o.refuse(e, err)
	}
	grant, err := o.AuthServer.Token(e.Request.Context(), form)
	if err != nil {
		return o.refuse(e, err)
	}
	setNoStore(e)
	return e.JSON(http.StatusOK, tokenResponse{
		AccessToken: grant.Access.Reveal(), TokenType: "Bearer", ExpiresIn: int(time.Until(grant.Ends).Seconds()),
		RefreshToken: grant.Refresh.Reveal(), Scope: string(tokens.Read),
	})
}

func (o oauthRoutes) register(e *core.RequestEvent) error {
	if wait, ok := o.requests.Take(network(e)); !ok {
		return o.refuse(e, &authserver.RateError{Wait: wait})
	}
	var metadata authserver.Metadata
	if err := json.NewDecoder(http.MaxBytesReader(e.Response, e.Request.Body, maxOAuthBody)).Decode(&metadata); err != nil {
		return o.refuse(e, &authserver.Error{Code: "invalid_client_metadata", Description: "the body must be JSON with the metadata of the client"})
	}
	registered, err := o.AuthServer.Register(metadata)
	if err != nil {
		return o.refuse(e, err)
	}
	setNoStore(e)
	return e.JSON(http.StatusCreated, registered)
}

func (o oauthRoutes) revoke(e *core.RequestEvent) error {
	form, err := o.readForm(e)
	if err == nil {
		err = o.AuthServer.Revoke(e.Request.Context(), form)
	}
	if err != nil {
		return o.refuse(e, err)
	}
	return e.NoContent(http.StatusOK)
}

// readForm returns the form that an assistant has sent, or an error for refuse.
func (o oauthRoutes) readForm(e *core.RequestEvent) (url.Values, error) {
	if wait, ok := o.requests.Take(network(e)); !ok {
		return nil, &authserver.RateError{Wait: wait}
	}
	if e.Request.Header.Get("Authorization") != "" {
		return nil, &authserver.Error{Code: "invalid_client", Description: "clients of this server have no secret"}
	}
	e.Request.Body = http.MaxBytesReader(e.Response, e.Request.Body, maxOAuthBody)
	if err := e.Request.ParseForm(); err != nil {
		return nil, &authserver.Error{Code: "invalid_request", Description: "the body must be a form"}
	}
	return e.Request.PostForm, nil
}

// refuse responds to an assistant as RFC 6749 describes.
func (o oauthRoutes) refuse(e *core.RequestEvent, err error) error {
	setNoStore(e)
	if rate, ok := errors.AsType[*authserver.RateError](err); ok {
		return tooManyRequests(e, rate.Wait, "Too many requests. Wait a moment and try again.")
	}
	refusal, ok := errors.AsType[*authserver.Error](err)
	if !ok {
		return e.InternalServerError("", err)
	}
	if refusal.Status() == http.StatusUnauthorized {
		e.Response.Header().Set("WWW-Authenticate", "Basic")
	}
	return e.JSON(refusal.Status(), refusal)
}

func setNoStore(e *core.RequestEvent) { e.Response.Header().Set("Cache-Control", "no-store") }
