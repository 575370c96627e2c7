package oauth_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	resourceMetadata = "/.well-known/oauth-protected-resource/v2/mcp"
	serverMetadata   = "/.well-known/oauth-authorization-server" + issuerPath
)

func TestOtherMetadataAddressesAreTried(t *testing.T) {
	for _, path := range []string{"/.well-known/openid-configuration" + issuerPath, issuerPath + "/.well-known/openid-configuration"} {
		f := newFakeServer(t)
		f.on(serverMetadata, nil)
		f.on(path, respond(200, f.metadata(nil)))
		server, err := newClient(t, f, nil).Discover(t.Context())
		require.NoError(t, err, path)
		assert.Equal(t, f.URL+issuerPath, server.Issuer)
		assert.Empty(t, f.received("/.well-known/oauth-authorization-server"), "the root describes another server")
	}
}

func TestUnusableMetadataIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		path   string
		answer any
		kind   oauth.Kind
	}{
		"no resource metadata":    {resourceMetadata, nil, oauth.KindProtocol},
		"other resource":          {resourceMetadata, map[string]any{"resource": "https://mcp.example.com/v1/mcp", "authorization_servers": []string{"URL" + issuerPath}}, oauth.KindProtocol},
		"no authorization server": {resourceMetadata, map[string]any{"resource": "URL/v2/mcp"}, oauth.KindUnsupported},
		"foreign issuer":          {resourceMetadata, map[string]any{"resource": "URL/v2/mcp", "authorization_servers": []string{"https://evil.example.com/x"}}, oauth.KindProtocol},
		"metadata service":        {resourceMetadata, map[string]any{"resource": "URL/v2/mcp", "authorization_servers": []string{"http://169.254.169.254/latest"}}, oauth.KindProtocol},
		"credentials in issuer":   {resourceMetadata, map[string]any{"resource": "URL/v2/mcp", "authorization_servers": []string{"http://a:topsecret@127.0.0.1/x"}}, oauth.KindProtocol},
		"no JSON":                 {resourceMetadata, "hello", oauth.KindProtocol},
		"no server metadata":      {serverMetadata, nil, oauth.KindProtocol},
		"other issuer":            {serverMetadata, map[string]any{"issuer": "URL/other"}, oauth.KindProtocol},
		"issuer without path":     {serverMetadata, map[string]any{"issuer": "URL"}, oauth.KindProtocol},
		"foreign token endpoint":  {serverMetadata, map[string]any{"token_endpoint": "https://evil.example.com/token"}, oauth.KindProtocol},
		"insecure endpoint":       {serverMetadata, map[string]any{"authorization_endpoint": "http://192.168.1.1/"}, oauth.KindProtocol},
		"script as an endpoint":   {serverMetadata, map[string]any{"authorization_endpoint": "javascript:alert(1)"}, oauth.KindProtocol},
		"foreign registration":    {serverMetadata, map[string]any{"registration_endpoint": "https://evil.example.com/"}, oauth.KindProtocol},
		"foreign revocation":      {serverMetadata, map[string]any{"revocation_endpoint": "file:///etc/passwd"}, oauth.KindProtocol},
		"no token endpoint":       {serverMetadata, map[string]any{"token_endpoint": ""}, oauth.KindProtocol},
		"no PKCE":                 {serverMetadata, map[string]any{"code_challenge_methods_supported": []string{"plain"}}, oauth.KindUnsupported},
		"too large":               {serverMetadata, map[string]any{"x": strings.Repeat("x", 300<<10)}, oauth.KindProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeServer(t)
			var answer http.HandlerFunc
			switch body := test.answer.(type) {
			case map[string]any:
				for key, value := range body {
					switch value := value.(type) {
					case string:
						body[key] = strings.Replace(value, "URL", f.URL, 1)
					case []string:
						body[key] = []string{strings.Replace(value[0], "URL", f.URL, 1)}
					}
				}
				if test.path == serverMetadata {
					body = f.metadata(body)
				}
				answer = respond(200, body)
			case string:
				answer = respond(200, body)
			}
			f.on(test.path, answer)
			_, err := newClient(t, f, nil).Discover(t.Context())
			assert.Equal(t, test.kind, failure(t, err).Kind, err)
			assert.NotContains(t, err.Error(), "topsecret")
			assert.NotContains(t, err.Error(), "evil")
		})
	}
}

func TestMissingOptionalEndpointsAreAccepted(t *testing.T) {
	f := newFakeServer(t)
	f.on(serverMetadata, respond(200, f.metadata(map[string]any{"registration_endpoint": "", "revocation_endpoint": ""})))
	server, err := newClient(t, f, nil).Discover(t.Context())
	require.NoError(t, err)
	assert.Empty(t, server.RegisterURL)
	assert.Empty(t, server.RevokeURL)
}

// roundTrip answers requests with a body, without a network.
type roundTrip func(*http.Request) string

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(f(r))), Request: r}, nil
}

func TestHostsOfTheSameSiteAreTrusted(t *testing.T) {
	for issuer, trusted := range map[string]bool{
		"https://auth.atlassian.com/tenant":     true,
		"https://atlassian.com":                 true,
		"https://mcp.atlassian.com:8443/x":      true,
		"https://AUTH.Atlassian.com./tenant":    true,
		"http://auth.atlassian.com/tenant":      false,
		"https://auth.atlassian.com.evil.com/x": false,
		"https://evilatlassian.com/x":           false,
		"https://com":                           false,
		"https://10.0.0.1/x":                    false,
		"https://localhost/x":                   false,
		"http://localhost/x":                    false,
		"https://[::1]/x":                       false,
	} {
		asked := ""
		client, err := oauth.New(oauth.Config{Resource: "https://mcp.atlassian.com/v2/mcp", HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) string {
			if r.URL.Path == resourceMetadata {
				return `{"resource":"https://mcp.atlassian.com/v2/mcp","authorization_servers":["` + issuer + `"]}`
			}
			asked = r.URL.Host
			return `{}`
		})}})
		require.NoError(t, err)
		_, err = client.Discover(t.Context())
		assert.Error(t, err)
		assert.Equal(t, trusted, asked != "", issuer)
	}
}

func TestAddressesThatTheGuardRefusesAreFinal(t *testing.T) {
	for temporary, kind := range map[bool]oauth.Kind{true: oauth.KindTemporary, false: oauth.KindProtocol} {
		client, err := oauth.New(oauth.Config{Resource: "https://mcp.atlassian.com/v2/mcp", HTTP: &http.Client{Transport: refuse(temporary)}})
		require.NoError(t, err)
		_, err = client.Discover(t.Context())
		assert.Equal(t, kind, failure(t, err).Kind)
	}
}

type refuse bool

func (temporary refuse) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, &outbound.Refusal{Reason: outbound.ReasonPrivate, Temporary: bool(temporary)}
}

func TestConfigIsValidated(t *testing.T) {
	transport := &http.Client{Transport: roundTrip(func(*http.Request) string { return "" })}
	for resource, ok := range map[string]bool{
		"https://mcp.atlassian.com/v2/mcp": true, "http://localhost:1/v2/mcp": true, "http://mcp.atlassian.com/": false, "": false, "https://a:b@c": false,
	} {
		_, err := oauth.New(oauth.Config{Resource: resource, HTTP: transport})
		assert.Equal(t, ok, err == nil, resource)
	}
	_, err := oauth.New(oauth.Config{Resource: "https://mcp.atlassian.com/v2/mcp", HTTP: &http.Client{}})
	assert.Error(t, err)
}
