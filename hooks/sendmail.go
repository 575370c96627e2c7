package hooks

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
)

func (h handlers) bindSendmail() {
	bind(h.OnMailerSend(), "refuseSendmail", refuseSendmail)
}

// refuseSendmail refuses to send mail without a mail server, because PocketBase would run the host's
// sendmail instead.
func refuseSendmail(e *core.MailerEvent) error {
	if !e.App.Settings().SMTP.Enabled {
		return errors.New("send mail: SMTP_HOST is not set")
	}
	return e.Next()
}
