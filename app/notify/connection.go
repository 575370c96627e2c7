package notify

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/mail"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/standardwebhooks"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// The providers of connections. Notices use ProviderSMTP and ProviderWebhook.
const (
	ProviderFathom  = "fathom"
	ProviderSMTP    = "smtp"
	ProviderWebhook = "webhook"
	providerLoom    = "loom"
)

// smtpSettings are the settings of a mail server. Its secret is the password.
type smtpSettings struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Username string `json:"username"`
	From     string `json:"from"`
	Security string `json:"security"` // starttls or tls
}

// webhookSettings are the settings of a webhook. Its secret signs the messages.
type webhookSettings struct {
	URL    string   `json:"url"`
	Events []string `json:"events"` // empty means all
}

// InvalidConnection is the error of a connection that can't be saved.
type InvalidConnection struct {
	Field   string // settings or secret
	Message string // whole sentences for the owner
}

// Error implements error.
func (e *InvalidConnection) Error() string { return e.Message }

const maxSettingsText = 320 // bytes of a user name or an address

// CheckSettings returns an *InvalidConnection if a connection of a provider can't be saved with its settings, and with
// secret, which is nil if it doesn't change. before are the settings that are saved now; nil for a new connection. It
// accepts everything for providers that notices don't use.
func (s *Service) CheckSettings(ctx context.Context, provider string, before, settings json.RawMessage, secret *string) error {
	switch provider {
	case ProviderSMTP:
		return checkSMTP(before, settings, secret)
	case ProviderWebhook:
		return s.checkWebhook(ctx, settings, secret)
	}
	return nil
}

var hostPattern = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)

func checkSMTP(before, raw json.RawMessage, secret *string) error {
	invalid := func(message string) error { return &InvalidConnection{Field: "settings", Message: message} }
	var settings smtpSettings
	if queue.DecodeStrict(raw, &settings) != nil {
		return invalid("A mail server needs these settings: host, port, username, from and security.")
	}
	_, err := mail.ParseAddress(settings.From)
	switch {
	case len(settings.Host) > 253 || !hostPattern.MatchString(settings.Host) && net.ParseIP(settings.Host) == nil:
		return invalid("Enter the host name of your mail server, such as smtp.example.com.")
	case !mail.IsPort(settings.Port):
		return invalid(mail.PortMessage)
	case settings.Security != "starttls" && settings.Security != "tls":
		return invalid("Choose the encryption: starttls or tls.")
	case settings.Username == "" || len(settings.Username) > maxSettingsText || strings.ContainsAny(settings.Username, "\x00\r\n"):
		return invalid("Enter your user name at the mail server.")
	case err != nil || len(settings.From) > maxSettingsText:
		return invalid("Enter the e-mail address that your mail server sends from.")
	}
	var earlier smtpSettings
	if secret == nil && before != nil && (json.Unmarshal(before, &earlier) != nil || earlier.account() != settings.account()) {
		// Otherwise a stolen session could send the saved password to any server.
		return &InvalidConnection{Field: "secret", Message: "Enter the password again, because the server or the user name changes."}
	}
	return nil
}

// account is what a password belongs to.
func (s smtpSettings) account() string { return fmt.Sprintf("%q %d %q", s.Host, s.Port, s.Username) }

func (s *Service) checkWebhook(ctx context.Context, raw json.RawMessage, secret *string) error {
	invalid := func(message string) error { return &InvalidConnection{Field: "settings", Message: message} }
	var settings webhookSettings
	if queue.DecodeStrict(raw, &settings) != nil {
		return invalid("A webhook needs the setting url and may have events.")
	}
	target, err := url.Parse(settings.URL)
	if err != nil || len(settings.URL) > 2000 || target.Fragment != "" || s.guard.CheckURL(ctx, settings.URL) != nil {
		return invalid("Enter an https address on the Internet, without a user name and password.")
	}
	for _, event := range settings.Events {
		if !slices.Contains(eventNames(), event) {
			return invalid("Unknown event " + fmt.Sprintf("%.50q", event) + ". Use " + strings.Join(eventNames(), ", ") + ".")
		}
	}
	if secret == nil {
		return nil
	}
	if _, err := standardwebhooks.ParseSecret(strings.TrimSpace(*secret)); err != nil {
		return &InvalidConnection{Field: "secret", Message: "A signing secret consists of whsec_ and 24 to 64 random bytes in base64."}
	}
	return nil
}

// CheckConnection tests a connection with a secret, at its mail server or address. It returns a blank reason if the
// connection works, and otherwise a reason for the owner. refused reports that it can't work as it is.
func (s *Service) CheckConnection(ctx context.Context, db *userdb.Database, connection *core.Record, secret string) (reason string, refused bool) {
	if connection.GetString("provider") == ProviderWebhook {
		return s.testWebhook(ctx, connection, secret)
	}
	server, from, err := smtpServer(connection, secret)
	if err != nil {
		return "The settings of this mail server can't be read. Save them again.", true
	}
	err = s.own.Check(ctx, server, from.Address, db.Owner().Email())
	if failure, ok := errors.AsType[*mail.Error](err); ok {
		return failure.Message, !failure.Temporary
	}
	return "", false
}

// smtpServer returns the mail server of a connection, and the sender.
func smtpServer(connection *core.Record, password string) (mail.Server, mail.Address, error) {
	var settings smtpSettings
	if err := connection.UnmarshalJSONField("settings", &settings); err != nil {
		return mail.Server{}, mail.Address{}, fmt.Errorf("read the settings of connection %s: %w", connection.Id, err)
	}
	from, err := mail.ParseAddress(settings.From)
	return mail.Server{
		Host: settings.Host, Port: settings.Port, TLS: settings.Security == "tls",
		Credentials: mail.Credentials{Username: settings.Username, Password: password},
	}, from, err
}

func webhookSettingsOf(connection *core.Record) (settings webhookSettings) {
	_ = connection.UnmarshalJSONField("settings", &settings) // which CheckSettings has accepted
	return settings
}

// findConnection returns the connection of a provider, or nil.
func findConnection(app core.App, provider string) (*core.Record, error) {
	connection, err := app.FindFirstRecordByData(schema.Connections, "provider", provider)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find connection: %w", err)
	}
	return connection, nil
}

// isUsable reports whether a connection works, as far as this server knows.
func isUsable(connection *core.Record) bool {
	status := connection.GetString("status")
	return status == "valid" || status == "unchecked"
}

// recordUse records what using a connection has shown. reason is blank if it works, and otherwise for its owner.
func (s *Service) recordUse(db *userdb.Database, used *core.Record, reason string) error {
	if reason == "" && used.GetString("status") == "valid" { // as nearly always
		return nil
	}
	return s.record(db, used, reason)
}
