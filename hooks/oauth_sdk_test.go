package hooks_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// allowing returns the part of a client that sends a person to the page on which they allow access.
func allowing(p apptest.Person) auth.AuthorizationCodeFetcher {
	return func(_ context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
		link, err := url.Parse(args.URL)
		if err != nil {
			return nil, err
		}
		question, err := apptest.Send("POST", p.URL+"/api/oauth/question", p.Token, map[string]any{"query": link.RawQuery})
		if err != nil {
			return nil, err
		}
		decided, err := apptest.Send("POST", p.URL+"/api/oauth/decision", p.Token, map[string]any{"decision": question.Text("decision"), "allow": true})
		if err != nil {
			return nil, err
		}
		redirect, err := url.Parse(decided.Text("redirect"))
		if err != nil {
			return nil, err
		}
		answer := redirect.Query()
		return &auth.AuthorizationResult{Code: answer.Get("code"), State: answer.Get("state"), Iss: answer.Get("iss")}, nil
	}
}

// The official SDK finds the authorization server by the response of /mcp, and signs in without anything that is specific
// to this server.
func TestOfficialSDKSignsIn(t *testing.T) {
	t.Parallel()
	host := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"client_id": "https://" + r.Host + "/client.json", "client_name": "SDK", "redirect_uris": []string{oauthCallback}})
	}))
	t.Cleanup(host.Close)
	s := apptest.Start(t, apptest.Options{
		Settings: []string{"MCP_OAUTH=on", "OUTBOUND_PRIVATE_RANGES=127.0.0.0/8"},
		Prepare: func(s *apptest.Server) {
			s.App.AssistantsTLS = host.Client().Transport.(*http.Transport).TLSClientConfig
		},
	})
	for name, configure := range map[string]func(*auth.AuthorizationCodeHandlerConfig){
		"document": func(c *auth.AuthorizationCodeHandlerConfig) {
			c.ClientIDMetadataDocumentConfig = &auth.ClientIDMetadataDocumentConfig{URL: host.URL + "/client.json"}
		},
		"registration": func(c *auth.AuthorizationCodeHandlerConfig) {
			c.DynamicClientRegistrationConfig = &auth.DynamicClientRegistrationConfig{Metadata: &oauthex.ClientRegistrationMetadata{
				ClientName: "SDK", RedirectURIs: []string{oauthCallback}, GrantTypes: []string{"authorization_code", "refresh_token"},
			}}
		},
	} {
		p := s.SignUpWithMeetings(name + "@example.com")
		config := &auth.AuthorizationCodeHandlerConfig{RedirectURL: oauthCallback, AuthorizationCodeFetcher: allowing(p), RequestRefreshToken: true}
		configure(config)
		handler, err := auth.NewAuthorizationCodeHandler(config)
		require.NoError(t, err, name)
		client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
		session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: s.URL + "/mcp", OAuthHandler: handler, DisableStandaloneSSE: true}, nil)
		require.NoError(t, err, name)
		found, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "list_meetings", Arguments: map[string]any{}})
		require.NoError(t, err, name)
		assert.False(t, found.IsError, name)
		listed, err := session.ListTools(t.Context(), nil)
		require.NoError(t, err, name)
		for _, tool := range listed.Tools {
			assert.NotEqual(t, "request_transfer", tool.Name, "access is read-only")
		}
		require.NoError(t, session.Close(), name)

		shown := listTokens(p)
		require.Len(t, shown, 1, name)
		assert.Equal(t, "SDK", shown[0].(map[string]any)["name"])
		p.RevokeToken(shown[0].(map[string]any)["id"].(string))
		source, err := handler.TokenSource(t.Context())
		require.NoError(t, err)
		token, err := source.Token()
		require.NoError(t, err)
		refused := s.Call("POST", s.URL+"/mcp", "Bearer "+token.AccessToken, map[string]any{"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
		assert.Equal(t, 401, refused.Status)
		assert.Contains(t, refused.Header.Get("WWW-Authenticate"), `resource_metadata="`+s.URL+`/.well-known/oauth-protected-resource/mcp"`)
	}
}

func TestAssistantsLearnAboutOAuthOnlyIfItIsOn(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"off", "on"} {
		s := apptest.Start(t, apptest.Options{Settings: []string{"MCP_OAUTH=" + setting}})
		for name, token := range map[string]string{"none": "", "unknown": "Bearer f2l_pat_" + strings.Repeat("0", 49)} {
			refused := s.Call("POST", s.URL+"/mcp", token, map[string]any{"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
			require.Equal(t, 401, refused.Status, name)
			assert.Equal(t, setting == "on", strings.Contains(refused.Header.Get("WWW-Authenticate"), "resource_metadata="), "%s %s", setting, name)
		}
	}
}
