package authserver

import (
	"errors"
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

// registrationPrefix begins the client_id of a registered client.
const registrationPrefix = "f2l-client-"

// Client is a program that asks for access. Everything about it is what it says of itself, except that the document of a
// client with a Host is on that host.
type Client struct {
	ID           string
	Name         string   // a single line of at most tokens.MaxName characters; may be blank
	Host         string   // of the URL that is its ID; blank for registered clients
	RedirectURIs []string // checked with checkRedirectURI
}

// Metadata is what a client says of itself, in its document or registration (RFC 7591). Other members are ignored.
type Metadata struct {
	ClientID      string   `json:"client_id,omitempty"`
	ClientName    string   `json:"client_name,omitempty"`
	RedirectURIs  []string `json:"redirect_uris"`
	AuthMethod    string   `json:"token_endpoint_auth_method,omitempty"`
	GrantTypes    []string `json:"grant_types,omitempty"`
	ResponseTypes []string `json:"response_types,omitempty"`
	Scope         string   `json:"scope,omitempty"`
}

// errMetadata is the cause of a refusal of metadata, in a sentence for the developer of the client.
var (
	errNoRedirects  = errors.New("redirect_uris must have 1 to 10 entries")
	errAuthMethod   = errors.New(`token_endpoint_auth_method must be "none": this server has public clients only`)
	errGrantTypes   = errors.New("grant_types must contain authorization_code")
	errResponseType = errors.New("response_types must contain code")
)

// client returns the client that metadata describe, without an ID, or an error for its developer.
func (m Metadata) client() (Client, error) {
	if n := len(m.RedirectURIs); n == 0 || n > maxRedirects {
		return Client{}, errNoRedirects
	}
	for _, uri := range m.RedirectURIs {
		if err := checkRedirectURI(uri); err != nil {
			return Client{}, err
		}
	}
	switch {
	case m.AuthMethod != "" && m.AuthMethod != "none":
		return Client{}, errAuthMethod
	case len(m.GrantTypes) > 0 && !slices.Contains(m.GrantTypes, grantCode):
		return Client{}, errGrantTypes
	case len(m.ResponseTypes) > 0 && !slices.Contains(m.ResponseTypes, responseType):
		return Client{}, errResponseType
	}
	name := strings.Join(strings.Fields(sanitize.SingleLine(m.ClientName)), " ")
	return Client{Name: sanitize.Truncate(name, tokens.MaxName), RedirectURIs: m.RedirectURIs}, nil
}
