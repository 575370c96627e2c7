package account

import (
	"context"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/mails"
)

// maxUnsent limits how many verification mails wait for the mail server. Sign-ups are limited, so that only a
// mail server that doesn't respond lets so many accumulate.
const maxUnsent = 200

// SendVerification sends a verification mail to a user in the background, so that a sign-up doesn't wait for the
// mail server. A failure is logged; the user can request another mail.
func (s *Service) SendVerification(user *core.Record) {
	select {
	case s.unverified <- user.Clone(): // the request goes on changing user
	default:
		s.logger.Error("failed to send verification mail: too many are waiting for the mail server", "user", user.Id)
	}
}

// sendVerifications sends one mail after the other until ctx ends.
func (s *Service) sendVerifications(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case user := <-s.unverified:
			if err := mails.SendRecordVerification(s.app, user); err != nil {
				s.logger.Error("failed to send verification mail", "user", user.Id, "error", err)
			}
		}
	}
}
