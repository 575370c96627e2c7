package account

import (
	"context"
	"fmt"
	"net/mail"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
)

// maxUnsent limits how many mails wait for the mail server. What causes them is limited, so that only a mail server that
// doesn't respond lets so many accumulate.
const maxUnsent = 200

// unsent is a mail that waits for the mail server.
type unsent struct {
	what   string // for the log
	userID string
	send   func() error
}

// enqueue has a mail sent in the background, so that a request doesn't wait for the mail server. A failure is logged.
func (s *Service) enqueue(mail unsent) {
	select {
	case s.outbox <- mail:
	default:
		s.logger.Error("failed to send mail: too many are waiting for the mail server", "mail", mail.what, "user", mail.userID)
	}
}

// sendOutbox sends one mail after the other until ctx ends.
func (s *Service) sendOutbox(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case mail := <-s.outbox:
			if err := mail.send(); err != nil {
				s.logger.ErrorContext(ctx, "failed to send mail", "mail", mail.what, "user", mail.userID, "error", err)
			}
		}
	}
}

// Change is what a notice tells the owner of an account.
type Change string

// The changes about which owners are notified.
const (
	PasswordChange Change = "password"
	EmailChange    Change = "e-mail address"
	TwoStepOn      Change = "two-step sign-in on"
	TwoStepOff     Change = "two-step sign-in off"
)

// notices are the letters about changes. They contain no link into the account: somebody who didn't make the change must not
// get used to following one.
var notices = map[Change]letter{
	PasswordChange: {
		subject: "Your password for " + core.EmailPlaceholderAppName + " was changed",
		lines:   []string{"The password of your account in " + core.EmailPlaceholderAppName + " was changed. All devices but the one that changed it were signed out."},
		after:   []string{"If it wasn’t you, choose a new one at once: " + forgotLink},
	},
	EmailChange: {
		subject: "Your e-mail address for " + core.EmailPlaceholderAppName + " was changed",
		lines:   []string{"Your account in " + core.EmailPlaceholderAppName + " no longer uses this address. Sign in with the new one from now on."},
		after:   []string{"If it wasn’t you, tell the operator of the server at once."},
	},
	TwoStepOn: {
		subject: "Two-step sign-in for " + core.EmailPlaceholderAppName + " is on",
		lines:   []string{"From now on, signing in to your account in " + core.EmailPlaceholderAppName + " takes a code that is sent to this address."},
		after:   []string{"If it wasn’t you, choose a new password at once: " + forgotLink},
	},
	TwoStepOff: {
		subject: "Two-step sign-in for " + core.EmailPlaceholderAppName + " is off",
		lines:   []string{"Signing in to your account in " + core.EmailPlaceholderAppName + " no longer takes a code."},
		after:   []string{"If it wasn’t you, choose a new password at once: " + forgotLink},
	},
}

// Notify tells the owner of an account about a change, at an address that they have confirmed. It sends nothing if the
// server has no mail server.
func (s *Service) Notify(userID, address string, change Change) {
	settings := s.app.Settings()
	if !settings.SMTP.Enabled {
		return
	}
	letter := notices[change].resolve(map[string]any{
		core.EmailPlaceholderAppName: settings.Meta.AppName, core.EmailPlaceholderAppURL: settings.Meta.AppURL,
	})
	s.enqueue(unsent{fmt.Sprintf("%s notice", change), userID, func() error {
		return s.app.NewMailClient().Send(&mailer.Message{
			From:    mail.Address{Name: settings.Meta.SenderName, Address: settings.Meta.SenderAddress},
			To:      []mail.Address{{Address: address}},
			Subject: letter.subject, HTML: letter.html(), Text: letter.text(),
		})
	}})
}
