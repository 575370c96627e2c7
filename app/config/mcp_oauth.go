package config

import (
	"errors"
	"net/url"
)

// MCPOAuth is whether assistants can ask people for access to /mcp with OAuth, or need an API token.
type MCPOAuth string

// The values of MCPOAuth.
const (
	MCPOAuthOff MCPOAuth = "off"
	MCPOAuthOn  MCPOAuth = "on"
)

var errMCPOAuth = errors.New("not on or off")

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *MCPOAuth) UnmarshalText(text []byte) error {
	value := MCPOAuth(text)
	if value != MCPOAuthOff && value != MCPOAuthOn {
		return errMCPOAuth
	}
	*m = value
	return nil
}

// checkMCPOAuth requires that codes and tokens are sent over https, unless they stay on this machine, as with the
// simulator and in tests.
func (v *checker) checkMCPOAuth() {
	if v.config.MCPOAuth != MCPOAuthOn {
		return
	}
	base, err := url.Parse(v.config.BaseURL())
	if err != nil || base.Scheme != "https" && !isLoopback(base.Hostname()) {
		p := invalid("MCP_OAUTH")
		p.Hint = "To let assistants ask for access, set PUBLIC_URL to an https URL"
		v.add(p)
	}
}

// AssistantsSignIn reports whether assistants can ask people for access with OAuth.
func (c *Config) AssistantsSignIn() bool { return c.MCPOAuth == MCPOAuthOn }
