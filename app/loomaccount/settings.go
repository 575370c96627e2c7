package loomaccount

import (
	"encoding/json"
	"strings"
	"unicode"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// The methods of a connection.
const (
	MethodToken          = "token"           // a person's API token, sent with the e-mail address
	MethodServiceAccount = "service_account" // the API key of a service account
	MethodOAuth          = "oauth"           // a sign-in, whose tokens are renewed
)

// Settings are the settings of a connection to Loom.
type Settings struct {
	Method string `json:"method"`
	Email  string `json:"email,omitempty"` // of MethodToken
	Site   string `json:"site,omitempty"`  // id or address of the Atlassian site; blank if there is only one
	Grant  string `json:"grant,omitempty"` // identifies a sign-in, during which the secret changes
}

// InvalidSettings is the error of a connection that can't be saved.
type InvalidSettings struct {
	Field   string // settings or secret
	Message string // whole sentences for the owner
}

// Error implements error.
func (e *InvalidSettings) Error() string { return e.Message }

const (
	maxEmail = 320 // bytes
	maxSite  = 300
)

// CheckSettings returns an *InvalidSettings if a connection can't be saved with its settings, and with secret, which is nil
// if it doesn't change. before are the settings that are saved now; nil for a new connection.
func CheckSettings(before, after json.RawMessage, secret *string) error {
	invalid := func(message string) error { return &InvalidSettings{Field: "settings", Message: message} }
	var settings, earlier Settings
	if queue.DecodeStrict(after, &settings) != nil {
		return invalid("A connection to Loom needs these settings: method, which is token or service_account, email and site.")
	}
	_ = json.Unmarshal(before, &earlier) // blank, if an earlier version has saved it
	switch {
	case settings.Method == MethodOAuth && (earlier.Method != MethodOAuth || secret != nil):
		return invalid("Use the button Connect Atlassian for this method.")
	case settings.Method != MethodToken && settings.Method != MethodServiceAccount && settings.Method != MethodOAuth:
		return invalid("The method must be token or service_account.")
	case settings.Method == MethodToken && !isEmail(settings.Email):
		return invalid("Enter the e-mail address of your Atlassian account.")
	case settings.Method != MethodToken && settings.Email != "":
		return invalid("Only the method token needs an e-mail address.")
	case len(settings.Site) > maxSite || strings.ContainsFunc(settings.Site, isInvisible):
		return invalid("Enter the address of your Atlassian site, such as example.atlassian.net.")
	case settings.Method == MethodOAuth && settings.Grant != earlier.Grant, settings.Method != MethodOAuth && settings.Grant != "":
		return invalid("Only the server sets grant.")
	case secret == nil && (settings.Method != earlier.Method || settings.Email != earlier.Email):
		secretName := "token"
		if settings.Method == MethodServiceAccount {
			secretName = "key"
		}
		return &InvalidSettings{Field: "secret", Message: "Enter the " + secretName + " as well, because the method or the e-mail address changes."}
	}
	return nil
}

// isEmail accepts what can be the user name of Basic credentials, which ends at the first colon.
func isEmail(text string) bool {
	local, domain, found := strings.Cut(text, "@")
	return found && local != "" && domain != "" && len(text) <= maxEmail && !strings.Contains(text, ":") && !strings.ContainsFunc(text, isInvisible)
}

func isInvisible(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }

// settingsOf returns the settings of a connection. They are blank if an earlier version has saved it.
func settingsOf(connection *core.Record) (settings Settings) {
	_ = connection.UnmarshalJSONField("settings", &settings)
	return settings
}

// access returns what the secret of the connection is.
func (s Settings) access() loomupload.Access {
	switch s.Method {
	case MethodServiceAccount:
		return loomupload.AccessKey
	case MethodOAuth:
		return loomupload.AccessSignIn
	}
	return loomupload.AccessToken
}
