package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/mails"
	"github.com/pocketbase/pocketbase/tools/security"
)

// codeMailTimeout is how long a person waits for the mail server to accept a code.
const codeMailTimeout = 20 * time.Second

var (
	// ErrWrongCode means that a code is wrong, has expired, was used, or belongs to somebody else.
	ErrWrongCode = errors.New("code is wrong or has expired")
	// ErrMail means that the mail server didn't accept a mail. It wraps the cause.
	ErrMail = errors.New("mail was not accepted")
)

// SendCode mails a new code with an id to a user and waits until the mail server has accepted it. It returns ErrMail,
// ctx.Err or an error of the database; the code is then deleted.
func (s *Service) SendCode(ctx context.Context, user *core.Record, id string) error {
	otp := core.NewOTP(s.app)
	otp.Id = id
	otp.SetCollectionRef(user.Collection().Id)
	otp.SetRecordRef(user.Id)
	password := security.RandomStringWithAlphabet(user.Collection().OTP.Length, "1234567890")
	otp.SetPassword(password)
	if err := s.app.SaveWithContext(ctx, otp); err != nil {
		return fmt.Errorf("save code: %w", err)
	}
	err := s.mailCode(ctx, user, id, password)
	if err == nil {
		return nil
	}
	if deleteErr := s.app.DeleteWithContext(context.WithoutCancel(ctx), otp); deleteErr != nil {
		err = errors.Join(err, fmt.Errorf("delete code: %w", deleteErr))
	}
	return err
}

// mailCode sends in the background, because PocketBase's mail client can't be cancelled.
func (s *Service) mailCode(ctx context.Context, user *core.Record, id, password string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, codeMailTimeout, fmt.Errorf("%w: the mail server doesn't respond", ErrMail))
	defer cancel()
	sent := make(chan error, 1)
	err := s.background.Go(func(context.Context) { sent <- mails.SendRecordOTP(s.app, user, id, password) })
	if err != nil {
		return err
	}
	select {
	case err := <-sent:
		if err != nil {
			return fmt.Errorf("%w: %w", ErrMail, err)
		}
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// UseCode checks a code that was mailed to a user, and deletes it so that it works only once. It returns ErrWrongCode or an
// error of the database. The caller limits the attempts.
func (s *Service) UseCode(ctx context.Context, user *core.Record, id, code string) error {
	otp, err := s.app.FindOTPById(id)
	if err != nil {
		return ErrWrongCode
	}
	isTheirs := otp.RecordRef() == user.Id && otp.CollectionRef() == user.Collection().Id
	if !isTheirs || otp.HasExpired(user.Collection().OTP.DurationTime()) || !otp.ValidatePassword(code) {
		return ErrWrongCode
	}
	if err := s.app.DeleteWithContext(ctx, otp); err != nil {
		return fmt.Errorf("delete used code: %w", err)
	}
	return nil
}
