package doctor

import (
	"context"
	"errors"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/mail"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// checkMail signs in to the mail server, and sends nothing.
func (e *examination) checkMail(ctx context.Context) []Finding {
	cfg := e.App.Config
	if !cfg.SMTPEnabled() {
		return one(ok("SMTP_HOST is not set; mail is sent only if a mail server is set in the admin UI"))
	}
	client := mail.Client{Dial: outbound.NewDialer().DialContext, Roots: e.MailRoots}
	err := client.SignIn(ctx, mail.Server{
		Host: cfg.SMTPHost, Port: cfg.SMTPPort, TLS: cfg.SMTPTLS,
		Credentials: mail.Credentials{Username: cfg.SMTPUsername, Password: cfg.SMTPPassword.Reveal()},
	})
	failure, known := errors.AsType[*mail.Error](err)
	switch {
	case err == nil:
		return one(ok("the mail server accepts the settings"))
	case !known:
		return one(warn("the mail server can't be checked: "+err.Error(), "Correct the SMTP_ settings"))
	}
	status := Fail
	if failure.Temporary || failure.Step == mail.StepConnect {
		status = Warn
	}
	message, advice, _ := strings.Cut(failure.Message, ". ")
	if advice == "" {
		advice = map[mail.Step]string{
			mail.StepConnect: "Check SMTP_HOST and SMTP_PORT, and that the firewall lets this machine connect",
			mail.StepEncrypt: "Check SMTP_TLS (true for port 465, false for STARTTLS on port 587) and the certificate of the server",
			mail.StepSignIn:  "Correct SMTP_USERNAME and SMTP_PASSWORD",
		}[failure.Step]
	}
	return one(problem(status, message, advice))
}
