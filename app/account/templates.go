package account

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// MailKind is a kind of mail that PocketBase sends to users.
type MailKind string

// The kinds of mail.
const (
	VerificationMail  MailKind = "verification"
	PasswordResetMail MailKind = "passwordReset"
	EmailChangeMail   MailKind = "emailChange"
	CodeMail          MailKind = "otp"
	AlertMail         MailKind = "authAlert"
)

// The pages of the web app to which mail leads. What follows the # isn't sent to the server, so that no log contains it.
const (
	verifyLink  = core.EmailPlaceholderAppURL + "/verify-email#" + core.EmailPlaceholderToken
	resetLink   = core.EmailPlaceholderAppURL + "/reset-password#" + core.EmailPlaceholderToken
	confirmLink = core.EmailPlaceholderAppURL + "/confirm-email#" + core.EmailPlaceholderToken
	forgotLink  = core.EmailPlaceholderAppURL + "/forgot-password"
)

// letters returns the texts of all kinds of mail, with the lifetimes that a collection has.
func letters(users *core.Collection) map[MailKind]letter {
	const app = core.EmailPlaceholderAppName
	return map[MailKind]letter{
		VerificationMail: {
			subject: "Confirm your e-mail address for " + app,
			lines:   []string{"This address was used to create an account in " + app + ". Confirm that it is yours."},
			link:    verifyLink, label: "Confirm address",
			after: []string{
				"The link works for " + lifetime(users.VerificationToken.DurationTime()) + ".",
				"If you didn’t create an account, ignore this message.",
			},
		},
		PasswordResetMail: {
			subject: "Choose a new password for " + app,
			lines:   []string{"A new password was requested for your account in " + app + "."},
			link:    resetLink, label: "Choose a new password",
			after: []string{
				"The link works once, for " + lifetime(users.PasswordResetToken.DurationTime()) + ".",
				"If you didn’t ask for it, ignore this message. Your password stays as it is.",
			},
		},
		EmailChangeMail: {
			subject: "Confirm your new e-mail address for " + app,
			lines:   []string{"This address was entered as the new one of an account in " + app + ". Confirm that it is yours. You need the password of the account."},
			link:    confirmLink, label: "Confirm address",
			after: []string{
				"The link works for " + lifetime(users.EmailChangeToken.DurationTime()) + ".",
				"If you didn’t ask for it, ignore this message. Nothing changes.",
			},
		},
		CodeMail: {
			subject: "Your code for " + app,
			lines:   []string{"Enter this code on the page that asks for it:"},
			code:    core.EmailPlaceholderOTP,
			after: []string{
				"It works once, for " + lifetime(users.OTP.DurationTime()) + ". Nobody who works for " + app + " will ever ask you for it.",
				"If you aren’t signing in, somebody else knows your password. Choose a new one: " + forgotLink,
			},
		},
		AlertMail: {
			subject: "Sign-in to " + app + " from a new place",
			lines: []string{
				"Somebody signed in to your account in " + app + " from a place that you haven’t used before:",
				core.EmailPlaceholderAlertInfo,
			},
			after: []string{"If it wasn’t you, choose a new password at once, which signs out everybody: " + forgotLink},
		},
	}
}

// ApplyTemplates sets the texts of the mail that PocketBase sends to users. It keeps a text that an operator has changed:
// written has the fingerprints of those that an earlier call has set, and ApplyTemplates updates it. It reports whether
// the collection has changed; the caller saves it.
func ApplyTemplates(users *core.Collection, written map[MailKind]string) (changed bool) {
	defaults := core.NewAuthCollection(users.Name)
	for kind, letter := range letters(users) {
		current, wanted := templateOf(users, kind), letter.template()
		isOurs := *current == *templateOf(defaults, kind) || fingerprint(*current) == written[kind]
		if *current != wanted && isOurs {
			*current, changed = wanted, true
		}
		if *current == wanted {
			written[kind] = fingerprint(wanted)
		}
	}
	return changed
}

// PlainText returns the plain text of a mail that PocketBase is about to send, or a blank string if an operator has changed
// its template: PocketBase then derives the text from the HTML.
func PlainText(app core.App, users *core.Collection, kind MailKind, token, code, alert string) string {
	letter := letters(users)[kind]
	if *templateOf(users, kind) != letter.template() {
		return ""
	}
	settings := app.Settings()
	return letter.resolve(map[string]any{
		core.EmailPlaceholderAppName: settings.Meta.AppName, core.EmailPlaceholderAppURL: settings.Meta.AppURL,
		core.EmailPlaceholderToken: token, core.EmailPlaceholderOTP: code, core.EmailPlaceholderAlertInfo: alert,
	}).text()
}

func templateOf(users *core.Collection, kind MailKind) *core.EmailTemplate {
	switch kind {
	case VerificationMail:
		return &users.VerificationTemplate
	case PasswordResetMail:
		return &users.ResetPasswordTemplate
	case EmailChangeMail:
		return &users.ConfirmEmailChangeTemplate
	case CodeMail:
		return &users.OTP.EmailTemplate
	default:
		return &users.AuthAlert.EmailTemplate
	}
}

// fingerprint identifies a text.
func fingerprint(t core.EmailTemplate) string {
	sum := sha256.Sum256([]byte(t.Subject + "\x00" + t.Body))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// lifetime returns a duration in the largest whole unit: "30 minutes", "1 day".
func lifetime(d time.Duration) string {
	units := []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}}
	for _, unit := range units {
		if n := d / unit.size; n > 0 && d%unit.size == 0 {
			return strings.TrimSuffix(fmt.Sprintf("%d %ss", n, unit.name), map[bool]string{true: "s"}[n == 1])
		}
	}
	return d.Round(time.Second).String()
}
