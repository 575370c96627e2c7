package simulator_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	verifier = "a-verifier-of-at-least-43-characters-for-the-tests"
	callback = "http://127.0.0.1:8090/atlassian-callback"
)

// oauth is a client of the authorization server, written against RFC 6749, 7591, 7636, 8414 and 9728.
type oauth struct {
	*sim
	resource string
	server   struct {
		Issuer                string
		AuthorizationEndpoint string `json:"authorization_endpoint"`
		TokenEndpoint         string `json:"token_endpoint"`
		RevocationEndpoint    string `json:"revocation_endpoint"`
		RegistrationEndpoint  string `json:"registration_endpoint"`
	}
	id, secret string
}

// tokens is an answer of the token endpoint.
type tokens struct {
	status       int
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
	Scope        string
	Error        string
	Description  string `json:"error_description"`
}

// discover finds the authorization server, starting with the response to a request without credentials.
func (s *sim) discover() *oauth {
	s.t.Helper()
	out := &oauth{sim: s}
	res, err := s.send(http.MethodPost, s.AtlassianURL(), "{}")
	require.NoError(s.t, err)
	_, link, _ := strings.Cut(res.Header.Get("WWW-Authenticate"), `resource_metadata="`)
	var resource struct {
		Resource             string
		AuthorizationServers []string `json:"authorization_servers"`
		ScopesSupported      []string `json:"scopes_supported"`
	}
	s.getURL(strings.TrimSuffix(link, `"`)).decode(s.t, &resource)
	assert.Equal(s.t, s.AtlassianURL(), resource.Resource)
	assert.Len(s.t, resource.ScopesSupported, 38)
	out.resource = resource.Resource
	issuer, err := url.Parse(resource.AuthorizationServers[0])
	require.NoError(s.t, err)
	require.NotEmpty(s.t, strings.Trim(issuer.Path, "/"), "the issuer has a path")
	s.getURL(issuer.Scheme+"://"+issuer.Host+"/.well-known/oauth-authorization-server"+issuer.Path).decode(s.t, &out.server)
	assert.Equal(s.t, issuer.String(), out.server.Issuer)
	return out
}

// register registers a client with this redirect URI.
func (o *oauth) register(redirect string) {
	o.t.Helper()
	body, err := json.Marshal(map[string]any{
		"redirect_uris": []string{redirect}, "client_name": "Fathom-to-Loom", "token_endpoint_auth_method": "none",
	})
	require.NoError(o.t, err)
	res, err := o.send(http.MethodPost, o.server.RegistrationEndpoint, string(body), "Content-Type", "application/json")
	require.NoError(o.t, err)
	require.Equal(o.t, http.StatusCreated, res.StatusCode, "%s", res.body)
	var answer struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	res.decode(o.t, &answer)
	o.id, o.secret = answer.ClientID, answer.ClientSecret
}

// request returns the parameters of an authorization request.
func (o *oauth) request(redirect string) url.Values {
	challenge := sha256.Sum256([]byte(verifier))
	return url.Values{
		"client_id": {o.id}, "redirect_uri": {redirect}, "response_type": {"code"}, "state": {"st&te"}, "resource": {o.resource},
		"scope":          {"read:me read:account offline_access read:loom:agent-interface write:loom:agent-interface"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"}, "prompt": {"consent"},
	}
}

// consent accepts a request and returns the parameters of the callback.
func (o *oauth) consent(request url.Values) (url.Values, error) {
	link, err := o.Consent(o.t.Context(), o.server.AuthorizationEndpoint+"?"+request.Encode())
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(link)
	require.NoError(o.t, err)
	assert.True(o.t, strings.HasPrefix(link, request.Get("redirect_uri")))
	assert.Equal(o.t, "st&te", u.Query().Get("state"))
	return u.Query(), nil
}

// code returns a new code.
func (o *oauth) code() string {
	o.t.Helper()
	answer, err := o.consent(o.request(callback))
	require.NoError(o.t, err)
	require.NotEmpty(o.t, answer.Get("code"), "%v", answer)
	return answer.Get("code")
}

// post sends a form to the token endpoint.
func (o *oauth) post(form url.Values) (out tokens) {
	o.t.Helper()
	res, err := o.send(http.MethodPost, o.server.TokenEndpoint, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	require.NoError(o.t, err)
	res.decode(o.t, &out)
	out.status = res.StatusCode
	return out
}

func (o *oauth) exchange(code string, change ...string) tokens {
	o.t.Helper()
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {o.id}, "code": {code}, "redirect_uri": {callback},
		"code_verifier": {verifier}, "resource": {o.resource},
	}
	if o.secret != "" {
		form.Set("client_secret", o.secret)
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return o.post(form)
}

func (o *oauth) refresh(token string, change ...string) tokens {
	o.t.Helper()
	return o.exchange("", append([]string{"grant_type", "refresh_token", "refresh_token", token}, change...)...)
}

// status returns the status of connecting with an access token.
func (o *oauth) status(access string) int {
	session, err := o.connect("Bearer "+access, true)
	if err == nil {
		assert.Contains(o.t, session.mustCall("listLoomVideos", nil), "videos")
	}
	return session.http.status
}

// signedIn discovers, registers and signs in.
func (s *sim) signedIn() (*oauth, tokens) {
	s.t.Helper()
	o := s.discover()
	o.register(callback)
	t := o.exchange(o.code())
	require.Equal(s.t, http.StatusOK, t.status, "%+v", t)
	return o, t
}
