package authserver

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	responseType = "code"
	maxState     = 2000 // bytes
)

// challengeText is the S256 of a verifier, in base64url.
var challengeText = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// request is a valid request for access.
type request struct {
	client    Client
	redirect  *url.URL
	challenge string
	state     string
}

// parseRequest checks the parameters of a request for access. The error is a *PageError or a *RateError. Until the client
// and its redirect URI are known to belong together, the error has no ReturnURL, because anybody can write a link.
func (s *Service) parseRequest(ctx context.Context, query, userID string) (request, error) {
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return request{}, &PageError{Message: "This request for access is damaged. Start again in the assistant.", cause: err}
	}
	if isRepeated(parameters) {
		return request{}, &PageError{Message: "This request for access contradicts itself, so that it can't be trusted. Start again in the assistant."}
	}
	client, err := s.findClient(ctx, parameters.Get("client_id"), userID)
	if err != nil {
		return request{}, err
	}
	raw := parameters.Get("redirect_uri")
	if !matchRedirectURI(client.RedirectURIs, raw) {
		return request{}, &PageError{Message: "This request would send access to an address that the assistant doesn't own. Don't trust the page or message that brought you here."}
	}
	redirect, err := url.Parse(raw)
	if err != nil {
		return request{}, &PageError{Message: "The address of the assistant is damaged.", cause: err}
	}
	r := request{client: client, redirect: redirect, challenge: parameters.Get("code_challenge"), state: parameters.Get("state")}
	if problem := s.checkParameters(parameters); problem != nil {
		back, err := s.responseURL(raw, r.state, url.Values{"error": {problem.Code}, "error_description": {problem.Description}})
		if err != nil {
			return request{}, &PageError{Message: "The address of the assistant is damaged.", cause: err}
		}
		return request{}, &PageError{Message: "The assistant asks for access in a way that this server doesn't support: " + problem.Description + ".", ReturnURL: back}
	}
	return r, nil
}

// checkParameters checks what an assistant may be told about, once the client and its redirect URI are valid.
func (s *Service) checkParameters(parameters url.Values) *Error {
	get := parameters.Get
	switch {
	case get("response_type") != responseType:
		return &Error{codeResponseType, "response_type must be code"}
	case parameters.Has("request") || parameters.Has("request_uri"):
		return &Error{codeInvalidRequest, "request objects are not supported"}
	case get("response_mode") != "" && get("response_mode") != "query":
		return &Error{codeInvalidRequest, "response_mode must be query"}
	case get("code_challenge_method") != "S256":
		return &Error{codeInvalidRequest, "code_challenge_method must be S256"}
	case !challengeText.MatchString(get("code_challenge")):
		return &Error{codeInvalidRequest, "code_challenge must be a SHA-256 in base64url"}
	case len(get("state")) > maxState:
		return &Error{codeInvalidRequest, "state is too long"}
	}
	if problem := s.checkTarget(parameters, true); problem != nil {
		return problem
	}
	return checkScope(parameters)
}

// checkTarget checks that a token is for this server's resource, if the parameters say what it is for.
func (s *Service) checkTarget(parameters url.Values, isRequired bool) *Error {
	resource := parameters.Get("resource")
	if resource == s.Resource() || resource == "" && !isRequired {
		return nil
	}
	return &Error{codeInvalidTarget, "resource must be " + s.Resource()}
}

// checkScope checks that nothing but reading is asked for. Without a scope, that is the default.
func checkScope(parameters url.Values) *Error {
	for _, asked := range strings.Fields(parameters.Get("scope")) {
		if asked != scope {
			return &Error{codeInvalidScope, "scope must be " + scope}
		}
	}
	return nil
}

// findClient returns the client with an ID. The error is a *PageError or a *RateError.
func (s *Service) findClient(ctx context.Context, id, userID string) (Client, error) {
	if strings.HasPrefix(id, registrationPrefix) {
		client, err := s.registered(id)
		if err != nil {
			return Client{}, &PageError{Message: "This server doesn't know the assistant any more. Remove the connection in the assistant and add it again.", cause: err}
		}
		return client, nil
	}
	client, err := s.documents.find(ctx, id, userID)
	if err == nil {
		return client, nil
	}
	if rate, ok := errors.AsType[*RateError](err); ok {
		return Client{}, rate
	}
	if errors.Is(err, errClientURL) {
		return Client{}, &PageError{Message: "This request for access doesn't say who is asking. Start again in the assistant.", cause: err}
	}
	// The person, who may have chosen the address, must not learn what is at it.
	host := ""
	if u, err := url.Parse(id); err == nil {
		host = u.Host
	}
	if refusal, ok := errors.AsType[*outbound.Refusal](err); ok {
		err = refusal
	}
	s.logger.WarnContext(ctx, "failed to read the description of an assistant", "host", host, "error", err)
	return Client{}, &PageError{Message: "The assistant's description at " + host + " can't be read, or isn't valid. Try again later, or tell its developer.", cause: err}
}

// responseURL returns where an assistant receives a response, with the state of its request and the issuer (RFC 9207).
func (s *Service) responseURL(redirect, state string, parameters url.Values) (string, error) {
	parameters.Set("iss", s.Issuer())
	if state != "" {
		parameters.Set("state", state)
	}
	return appendQuery(redirect, parameters)
}

// isRepeated reports whether a parameter is there twice, which two parties could understand differently.
func isRepeated(parameters url.Values) bool {
	for _, values := range parameters {
		if len(values) > 1 {
			return true
		}
	}
	return false
}
