package account

import (
	"context"
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/mails"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// maxUnsent limits how many verification mails wait for the mail server. Sign-ups are limited, so that only a
// mail server that doesn't respond lets so many accumulate.
const maxUnsent = 200

// SendVerification sends a verification mail to a user in the background, so that a sign-up doesn't wait for the
// mail server. It sends none to an account that has been deleted or verified in the meantime. A failure is logged;
// the user can request another mail.
func (s *Service) SendVerification(userID string) {
	select {
	case s.unverified <- userID:
	default:
		s.logger.Error("failed to send verification mail: too many are waiting for the mail server", "user", userID)
	}
}

// sendVerifications sends one mail after the other until ctx ends.
func (s *Service) sendVerifications(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case userID := <-s.unverified:
			if err := s.sendVerification(userID); err != nil {
				s.logger.ErrorContext(ctx, "failed to send verification mail", "user", userID, "error", err)
			}
		}
	}
}

func (s *Service) sendVerification(userID string) error {
	user, err := s.app.FindRecordById(migrations.Users, userID)
	if errors.Is(err, sql.ErrNoRows) || err == nil && user.Verified() {
		return nil
	}
	if err != nil {
		return err
	}
	return mails.SendRecordVerification(s.app, user)
}
