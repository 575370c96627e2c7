package hooks

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// environmentSuperuser identifies the superuser that PB_ADMIN_EMAIL has created.
type environmentSuperuser struct {
	ID    string `json:"id"`
	Email string `json:"email"`
}

// upsertSuperuser creates the superuser of PB_ADMIN_EMAIL or sets their password, and removes the one that a former
// PB_ADMIN_EMAIL has created. If the password is unchanged, it saves nothing, because saving would end the superuser's
// sessions.
func (h handlers) upsertSuperuser(pb core.App) error {
	return pb.RunInTransaction(func(tx core.App) error {
		var former environmentSuperuser
		source, err := readSource(tx, superuserSource, &former)
		if err != nil {
			return err
		}
		superuser, isNew, err := h.findOrCreateSuperuser(tx)
		if err != nil {
			return err
		}
		if former.ID != superuser.Id {
			if err := h.retireSuperuser(tx, former); err != nil {
				return err
			}
		}
		if err := writeSource(tx, source, superuserSource, environmentSuperuser{superuser.Id, superuser.Email()}); err != nil || !isNew {
			return err
		}
		return h.warnAboutOthers(tx, superuser)
	})
}

func (h handlers) findOrCreateSuperuser(tx core.App) (superuser *core.Record, isNew bool, err error) {
	superuser, err = tx.FindAuthRecordByEmail(core.CollectionNameSuperusers, h.Config.AdminEmail)
	if errors.Is(err, sql.ErrNoRows) {
		collection, err := tx.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
		if err != nil {
			return nil, false, err
		}
		superuser, isNew = core.NewRecord(collection), true
		superuser.SetEmail(h.Config.AdminEmail)
	} else if err != nil {
		return nil, false, fmt.Errorf("find the superuser of PB_ADMIN_EMAIL: %w", err)
	}
	if !isNew && superuser.ValidatePassword(h.Config.AdminPassword.Reveal()) {
		return superuser, false, nil
	}
	superuser.SetPassword(h.Config.AdminPassword.Reveal())
	if err := tx.Save(superuser); err != nil {
		return nil, false, fmt.Errorf("save the superuser of PB_ADMIN_EMAIL: %w", err)
	}
	return superuser, isNew, nil
}

// retireSuperuser deletes the superuser of a former PB_ADMIN_EMAIL. Somebody who has changed the address of that superuser
// uses it, so that it stays.
func (h handlers) retireSuperuser(tx core.App, former environmentSuperuser) error {
	if former.ID == "" {
		return nil
	}
	superuser, err := tx.FindRecordById(core.CollectionNameSuperusers, former.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the superuser of the former PB_ADMIN_EMAIL: %w", err)
	}
	if superuser.Email() != former.Email {
		return nil
	}
	if err := tx.Delete(superuser); err != nil {
		return fmt.Errorf("delete the superuser of the former PB_ADMIN_EMAIL: %w", err)
	}
	h.Log.Warn("removed the superuser of the former PB_ADMIN_EMAIL", "superuser", former.Email)
	return nil
}

// warnAboutOthers names the superusers that remain beside a new one. An earlier version may have created one of them from
// PB_ADMIN_EMAIL without a record of that.
func (h handlers) warnAboutOthers(tx core.App, created *core.Record) error {
	all, err := tx.FindAllRecords(created.Collection())
	if err != nil {
		return fmt.Errorf("list superusers: %w", err)
	}
	var emails []string
	for _, other := range all {
		if other.Id != created.Id && other.Email() != core.DefaultInstallerEmail {
			emails = append(emails, other.Email())
		}
	}
	if len(emails) > 0 {
		h.Log.Warn("created the superuser of PB_ADMIN_EMAIL; earlier superusers can still sign in until removed with superuser delete", "superusers", emails)
	}
	return nil
}
