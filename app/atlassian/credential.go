package atlassian

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// Credential gives each request its Authorization header. Its methods may be called concurrently.
type Credential interface {
	// Authorization returns the header of the next request. Its error ends the request: as an *[Error] of
	// KindUnavailable if the error has a method Temporary that returns true, and of KindUnauthorized otherwise.
	Authorization(ctx context.Context) (header string, err error)

	// Renew is called at most once for a request, after the server has refused its header. It reports whether
	// Authorization now returns another header; then the request is sent once more. Its errors are treated as those
	// of Authorization.
	Renew(ctx context.Context, refused string) (renewed bool, err error)
}

// static is a credential that can't be renewed. It prints as [redacted].
type static struct {
	redact.Value
	header string
}

// Basic returns the credential of a person's API token, which is sent together with the e-mail address of the account.
func Basic(email, token string) Credential {
	return static{header: "Basic " + base64.StdEncoding.EncodeToString([]byte(strings.TrimSpace(email)+":"+strings.TrimSpace(token)))}
}

// Bearer returns the credential of a service account's API key, or of an access token that nobody renews.
func Bearer(key string) Credential { return static{header: "Bearer " + strings.TrimSpace(key)} }

// Authorization implements Credential.
func (s static) Authorization(context.Context) (string, error) { return s.header, nil }

// Renew implements Credential. There never is another header.
func (s static) Renew(context.Context, string) (bool, error) { return false, nil }

// secretsOf returns what an error must not repeat of a header.
func secretsOf(header string) []string {
	scheme, value, _ := strings.Cut(header, " ")
	secrets := []string{value}
	if strings.EqualFold(scheme, "Basic") {
		if plain, err := base64.StdEncoding.DecodeString(value); err == nil {
			_, token, _ := strings.Cut(string(plain), ":")
			secrets = append(secrets, token)
		}
	}
	return secrets
}
