package authserver

import (
	"errors"
	"strings"
)

// maxRegistration limits the size of a client_id, which is part of URLs.
const maxRegistration = 3000 // bytes

// registration is the content of the client_id of a registered client.
type registration struct {
	Name      string   `json:"n,omitempty"`
	Redirects []string `json:"r"`
	IssuedAt  int64    `json:"t"` // seconds since the epoch
}

// Registered is the response to a registration (RFC 7591, section 3.2.1).
type Registered struct {
	Metadata
	IssuedAt int64 `json:"client_id_issued_at"` // seconds since the epoch
}

// Register returns a client_id for a client. It contains the metadata, signed, so that nothing is stored. The error is an
// *Error.
func (s *Service) Register(metadata Metadata) (Registered, error) {
	client, err := metadata.client()
	if err != nil {
		code := codeInvalidMetadata
		if errors.Is(err, errRedirectURI) || errors.Is(err, errNoRedirects) {
			code = codeInvalidRedirect
		}
		return Registered{}, &Error{code, err.Error()}
	}
	now := s.now().Unix()
	sealed, err := s.registrations.seal(registration{client.Name, client.RedirectURIs, now})
	if err != nil {
		return Registered{}, &Error{codeInvalidMetadata, "the metadata can't be encoded"}
	}
	id := registrationPrefix + sealed
	if len(id) > maxRegistration {
		return Registered{}, &Error{codeInvalidMetadata, "client_name and redirect_uris are too long together"}
	}
	return Registered{Metadata{
		ClientID: id, ClientName: client.Name, RedirectURIs: client.RedirectURIs, AuthMethod: "none",
		GrantTypes: []string{grantCode, grantRefresh}, ResponseTypes: []string{responseType}, Scope: scope,
	}, now}, nil
}

// registered returns the client with the client_id of a registration, or errSeal.
func (s *Service) registered(id string) (Client, error) {
	sealed, ok := strings.CutPrefix(id, registrationPrefix)
	if !ok || len(id) > maxRegistration {
		return Client{}, errSeal
	}
	var r registration
	if err := s.registrations.open(sealed, &r); err != nil {
		return Client{}, err
	}
	return Client{ID: id, Name: r.Name, RedirectURIs: r.Redirects}, nil
}
