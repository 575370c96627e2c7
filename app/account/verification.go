package account

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/mails"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// SendVerification sends a verification mail to a user in the background. It sends none to an account that has been
// deleted or verified in the meantime. A failure is logged; the user can request another mail.
func (s *Service) SendVerification(userID string) {
	s.enqueue(unsent{"verification", userID, func() error { return s.sendVerification(userID) }})
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
