package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/mail"
	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// sender is a mail server that may send mail to a user.
type sender struct {
	client     *mail.Client
	server     mail.Server
	from       mail.Address
	connection *core.Record // of the user's own mail server; nil for that of this server
}

// sendMails sends all due mail of a database and returns how many mails were sent. Notices of one group share a mail.
func (s *Service) sendMails(ctx context.Context, db *userdb.Database) (sent int, err error) {
	started := s.now()
	for attempts := 0; ; {
		due, err := dueNotices(db, "mail", maxPerMail)
		if err != nil || len(due) == 0 {
			return sent, err
		}
		if attempts > 0 && s.now().Sub(started) >= maxSending {
			return sent, s.enqueue(ctx, db.UserID, payload{})
		}
		group := kindOf(due[0]).group
		var notices []*core.Record
		for _, n := range due {
			if kindOf(n).group == group {
				notices = append(notices, n)
			}
		}
		user, err := s.app.FindRecordById(migrations.Users, db.UserID)
		if err != nil {
			return sent, sqlite.IgnoreNoRows(err)
		}
		from, err := s.chooseSender(ctx, db, user)
		if err != nil {
			return sent, err
		}
		if from == nil {
			err = setState(db, notices, "mail", notice.Due, notice.Skipped)
		} else {
			attempts++ // refused mail may take as long as accepted mail
			if err = s.sendMail(ctx, db, *from, user, group, notices); err == nil {
				sent++
			}
		}
		if err != nil && !errors.Is(err, errTaken) && !errors.Is(err, errSetAside) {
			return sent, err
		}
	}
}

// chooseSender returns the user's own mail server or, if their address is confirmed, that of this server. It returns nil
// if there is neither.
func (s *Service) chooseSender(ctx context.Context, db *userdb.Database, user *core.Record) (*sender, error) {
	own, err := findConnection(db.App, ProviderSMTP)
	if err != nil {
		return nil, err
	}
	if own != nil && isUsable(own) {
		password, err := db.OpenSecret(own)
		if err == nil {
			var server mail.Server
			var from mail.Address
			if server, from, err = smtpServer(own, password); err == nil {
				return &sender{s.own, server, from, own}, nil
			}
		}
		s.logger.ErrorContext(ctx, "failed to read the mail server of a user", "database", db.Name, "error", err)
	}
	settings := s.app.Settings()
	if !settings.SMTP.Enabled || !user.Verified() {
		return nil, nil
	}
	return &sender{
		client: s.server,
		server: mail.Server{
			Host: settings.SMTP.Host, Port: settings.SMTP.Port, TLS: settings.SMTP.TLS,
			Credentials: mail.Credentials{Username: settings.SMTP.Username, Password: settings.SMTP.Password},
		},
		from: mail.Address{Name: settings.Meta.SenderName, Address: settings.Meta.SenderAddress},
	}, nil
}

// errSetAside means that a mail was not sent and won't be sent in the same way again, so that others can follow.
var errSetAside = errors.New("mail was set aside")

// sendMail sends one mail about notices. They are marked as being sent once the server has accepted the recipient, before
// it gets the text: after a crash, nobody knows whether it has accepted that as well.
func (s *Service) sendMail(ctx context.Context, db *userdb.Database, from sender, user *core.Record, group string, notices []*core.Record) error {
	message, err := s.render(db, from.from, user, group, notices)
	if err != nil {
		return fmt.Errorf("render mail: %w", err)
	}
	started := false
	err = from.client.Send(ctx, from.server, message, func() error {
		err := setState(db, notices, "mail", notice.Due, notice.Sending)
		started = err == nil
		return err
	})
	if err == nil {
		if from.connection != nil {
			err = s.recordUse(db, from.connection, "")
		}
		return errors.Join(setState(db, notices, "mail", notice.Sending, notice.Sent), err)
	}
	failure, ok := errors.AsType[*mail.Error](err)
	if !ok {
		return err
	}
	if started && failure.Uncertain {
		s.logger.WarnContext(ctx, "mail may not have arrived, and is not sent again", "database", db.Name, "notices", len(notices), "error", err)
		return errSetAside
	}
	if started {
		if err := setState(db, notices, "mail", notice.Sending, notice.Due); err != nil {
			return err
		}
	}
	return s.mailFailed(ctx, db, from, failure, notices)
}

// mailFailed decides what follows from a failure before the mail was accepted.
func (s *Service) mailFailed(ctx context.Context, db *userdb.Database, from sender, failure *mail.Error, notices []*core.Record) error {
	if failure.Temporary {
		return queue.Temporary(failure.Message, failure, 0)
	}
	switch {
	case failure.Step == mail.StepRecipient, failure.Step == mail.StepText: // another attempt would be refused as well
		s.logger.WarnContext(ctx, "mail was refused", "database", db.Name, "notices", len(notices), "error", failure)
		return setAside(setState(db, notices, "mail", notice.Due, notice.Failed))
	case from.connection != nil:
		return setAside(s.recordUse(db, from.connection, failure.Message))
	default:
		s.logger.ErrorContext(ctx, "failed to send mail through the server's mail server", "error", failure)
		return queue.Temporary("The mail server of this server doesn't work. Contact the operator.", failure, 0)
	}
}

// setAside returns errSetAside, or the error of the change that sets the mail aside: without it, the mail would be sent
// again at once.
func setAside(err error) error {
	if err != nil {
		return err
	}
	return errSetAside
}

// messageID returns an id that is the same in all attempts to send a mail about some notices.
func messageID(from mail.Address, notices []*core.Record) string {
	hash := sha256.New()
	for _, n := range notices {
		hash.Write([]byte(n.Id))
	}
	domain := from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	return hex.EncodeToString(hash.Sum(nil)[:16]) + "@" + domain
}
