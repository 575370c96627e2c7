package loomaccount

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
)

func TestOnlyTheServerEndsAGrant(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   oauth.Kind
	}{
		"page of a proxy":   {403, "<html>Blocked</html>", oauth.KindTemporary},
		"nothing there":     {404, "", oauth.KindTemporary},
		"page of a network": {200, "<html>Sign in to the Wi-Fi</html>", oauth.KindTemporary},
		"dead token":        {400, `{"error":"invalid_grant"}`, oauth.KindDead},
		"unknown client":    {401, `{"error":"invalid_client"}`, oauth.KindClient},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			}))
			defer server.Close()
			client, err := oauth.New(oauth.Config{Resource: server.URL + "/mcp", HTTP: server.Client()})
			require.NoError(t, err)
			c := &credential{service: &Service{oauth: client, signIns: newSignIns()}}
			_, err = c.refresh(t.Context(), grant{Server: oauth.Server{TokenURL: server.URL + "/token"}, Token: oauth.Token{Refresh: "refresh-token"}})
			failure := &oauth.Error{}
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, test.want, failure.Kind)
		})
	}
}
