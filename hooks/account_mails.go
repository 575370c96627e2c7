package hooks

import (
	"fmt"
	"html"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cast"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// mailTemplatesSource is the parameter of PocketBase that says which texts of mail the server has set.
const mailTemplatesSource = "mailTemplates"

// bindAccountMails sends users mail in this program's words, with links to its own pages, and tells them about changes of
// their account.
func (h handlers) bindAccountMails() {
	for kind, event := range map[account.MailKind]*hook.TaggedHook[*core.MailerRecordEvent]{
		account.VerificationMail: h.OnMailerRecordVerificationSend(migrations.Users), account.PasswordResetMail: h.OnMailerRecordPasswordResetSend(migrations.Users),
		account.EmailChangeMail: h.OnMailerRecordEmailChangeSend(migrations.Users), account.CodeMail: h.OnMailerRecordOTPSend(migrations.Users),
		account.AlertMail: h.OnMailerRecordAuthAlertSend(migrations.Users),
	} {
		bind(event, "plainText", func(e *core.MailerRecordEvent) error { return addPlainText(kind, e) })
	}
	bind(h.OnRecordUpdate(migrations.Users), "rememberChanges", rememberChanges)
	bind(h.OnRecordAfterUpdateSuccess(migrations.Users), "notifyOwner", h.notifyOwner)
}

// applyMailTemplates sets the texts of the mail that PocketBase sends to users, except for those that an operator has
// changed in the admin UI.
func (h handlers) applyMailTemplates(pb core.App) error {
	users, err := pb.FindCollectionByNameOrId(migrations.Users)
	if err != nil {
		return err
	}
	written := map[account.MailKind]string{}
	source, err := readSource(pb, mailTemplatesSource, &written)
	if err != nil {
		return err
	}
	if account.ApplyTemplates(users, written) {
		if err := pb.Save(users); err != nil {
			return fmt.Errorf("save the texts of mail: %w", err)
		}
	}
	return writeSource(pb, source, mailTemplatesSource, written)
}

func addPlainText(kind account.MailKind, e *core.MailerRecordEvent) error {
	code := cast.ToString(e.Meta["password"])
	e.Message.Text = account.PlainText(e.App, e.Record.Collection(), kind, cast.ToString(e.Meta["token"]), code, html.UnescapeString(cast.ToString(e.Meta["info"])))
	return e.Next()
}

// changesKey is where a record carries the changes about which its owner is to be notified once they are committed. It is
// no field of the collection.
const changesKey = "accountChanges"

// accountChanges are the changes of one update.
type accountChanges struct {
	address string // the one before, to which the notices go
	changes []account.Change
}

// rememberChanges notices changes that matter to an owner, whoever makes them. Only a confirmed address receives notices.
func rememberChanges(e *core.RecordEvent) error {
	before := e.Record.Original()
	noticed := accountChanges{address: before.Email()}
	hash, twoStep, isConfirmed := before.GetString("password:hash"), before.GetBool(twoFactor), before.Verified()
	if err := e.Next(); err != nil {
		return err
	}
	if e.Record.GetString("password:hash") != hash {
		noticed.changes = append(noticed.changes, account.PasswordChange)
	}
	if !account.SameEmail(e.Record.Email(), noticed.address) {
		noticed.changes = append(noticed.changes, account.EmailChange)
	}
	if is := e.Record.GetBool(twoFactor); is != twoStep {
		noticed.changes = append(noticed.changes, map[bool]account.Change{true: account.TwoStepOn, false: account.TwoStepOff}[is])
	}
	if !isConfirmed {
		noticed.changes = nil
	}
	e.Record.SetRaw(changesKey, noticed)
	return nil
}

func (h handlers) notifyOwner(e *core.RecordEvent) error {
	noticed, _ := e.Record.GetRaw(changesKey).(accountChanges)
	e.Record.SetRaw(changesKey, nil)
	for _, change := range noticed.changes {
		h.Accounts.Notify(e.Record.Id, noticed.address, change)
	}
	return e.Next()
}
