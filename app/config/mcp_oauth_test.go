package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestOAuthOfAssistantsNeedsHTTPS(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		oauth, public string
		valid         bool
	}{
		{"", "http://loom.example.com", true},
		{"off", "http://loom.example.com", true},
		{"on", "https://loom.example.com", true},
		{"on", "https://example.com/f2l", true},
		{"on", "http://127.0.0.1:8090", true},
		{"on", "http://[::1]:8090", true},
		{"on", "", true},
		{"on", "http://loom.example.com", false},
		{"on", "http://localhost.example.com", false},
		{"on", "http://10.0.0.1", false},
		{"yes", "https://loom.example.com", false},
	} {
		c := config.LoadFrom(t.TempDir(), valid(t, "MCP_OAUTH="+test.oauth, "PUBLIC_URL="+test.public))
		err := c.Validate()
		if test.valid {
			require.NoError(t, err, "%+v", test)
			assert.Equal(t, test.oauth == "on", c.AssistantsSignIn())
			continue
		}
		require.ErrorContains(t, err, "MCP_OAUTH is not valid", "%+v", test)
	}
}
