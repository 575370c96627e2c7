package authserver

import "net/url"

// The paths of documents with metadata, to which the path of a URL is appended.
const (
	wellKnownResource = "/.well-known/oauth-protected-resource"
	wellKnownServer   = "/.well-known/oauth-authorization-server"
)

// ResourceMetadata describes the resource (RFC 9728).
type ResourceMetadata struct {
	Resource      string   `json:"resource"`
	Servers       []string `json:"authorization_servers"`
	Scopes        []string `json:"scopes_supported"`
	BearerMethods []string `json:"bearer_methods_supported"`
	Name          string   `json:"resource_name"`
}

// ServerMetadata describes the authorization server (RFC 8414).
type ServerMetadata struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	RegistrationEndpoint  string   `json:"registration_endpoint"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	Scopes                []string `json:"scopes_supported"`
	ResponseTypes         []string `json:"response_types_supported"`
	ResponseModes         []string `json:"response_modes_supported"`
	GrantTypes            []string `json:"grant_types_supported"`
	TokenAuthMethods      []string `json:"token_endpoint_auth_methods_supported"`
	RevocationAuthMethods []string `json:"revocation_endpoint_auth_methods_supported"`
	ChallengeMethods      []string `json:"code_challenge_methods_supported"`
	IssuerInResponse      bool     `json:"authorization_response_iss_parameter_supported"`
	ClientDocuments       bool     `json:"client_id_metadata_document_supported"`
	ProtectedResources    []string `json:"protected_resources"`
}

// ResourceMetadata returns the description of the resource.
func (s *Service) ResourceMetadata() ResourceMetadata {
	return ResourceMetadata{
		Resource: s.Resource(), Servers: []string{s.Issuer()}, Scopes: []string{scope}, BearerMethods: []string{"header"}, Name: "Fathom-to-Loom",
	}
}

// ServerMetadata returns the description of the authorization server.
func (s *Service) ServerMetadata() ServerMetadata {
	public := []string{"none"}
	return ServerMetadata{
		Issuer: s.Issuer(), AuthorizationEndpoint: s.baseURL + AuthorizePath, TokenEndpoint: s.baseURL + TokenPath,
		RegistrationEndpoint: s.baseURL + RegisterPath, RevocationEndpoint: s.baseURL + RevokePath,
		Scopes: []string{scope}, ResponseTypes: []string{responseType}, ResponseModes: []string{"query"},
		GrantTypes: []string{grantCode, grantRefresh}, TokenAuthMethods: public, RevocationAuthMethods: public,
		ChallengeMethods: []string{"S256"}, IssuerInResponse: true, ClientDocuments: true, ProtectedResources: []string{s.Resource()},
	}
}

// ResourceMetadataURL returns where clients find ResourceMetadata, also behind a proxy that removes the path of the
// server's URL from requests.
func (s *Service) ResourceMetadataURL() string { return s.baseURL + wellKnownResource + ResourcePath }

// ResourceMetadataPaths returns the paths of requests for ResourceMetadata, and ServerMetadataPaths of those for
// ServerMetadata. Clients insert the well-known part before the path of a URL, so that a proxy sees it at the root of the
// site; those with the server's own path are for a proxy that forwards them unchanged.
func (s *Service) ResourceMetadataPaths() []string {
	paths := []string{wellKnownResource, wellKnownResource + ResourcePath}
	if path := s.path(); path != "" {
		paths = append(paths, wellKnownResource+path+ResourcePath)
	}
	return paths
}

// ServerMetadataPaths is described with ResourceMetadataPaths.
func (s *Service) ServerMetadataPaths() []string {
	paths := []string{wellKnownServer}
	if path := s.path(); path != "" {
		paths = append(paths, wellKnownServer+path)
	}
	return paths
}

// path returns that of the server's URL.
func (s *Service) path() string {
	u, err := url.Parse(s.baseURL)
	if err != nil {
		return ""
	}
	return u.Path
}
