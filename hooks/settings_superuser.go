package hooks

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// upsertSuperuser creates the superuser of PB_ADMIN_EMAIL or sets their password. If the password is unchanged,
// it saves nothing, because saving would end the superuser's sessions.
func (h handlers) upsertSuperuser(pb core.App) error {
	superuser, err := pb.FindAuthRecordByEmail(core.CollectionNameSuperusers, h.Config.AdminEmail)
	if errors.Is(err, sql.ErrNoRows) {
		return h.createSuperuser(pb)
	}
	if err != nil {
		return fmt.Errorf("find the superuser of PB_ADMIN_EMAIL: %w", err)
	}
	if superuser.ValidatePassword(h.Config.AdminPassword.Reveal()) {
		return nil
	}
	return h.saveSuperuser(pb, superuser)
}

// createSuperuser creates the superuser of PB_ADMIN_EMAIL. It warns about the existing superusers, because one of
// them may be the former PB_ADMIN_EMAIL.
func (h handlers) createSuperuser(pb core.App) error {
	collection, err := pb.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	earlier, err := pb.FindAllRecords(collection)
	if err != nil {
		return fmt.Errorf("list superusers: %w", err)
	}
	superuser := core.NewRecord(collection)
	superuser.SetEmail(h.Config.AdminEmail)
	if err := h.saveSuperuser(pb, superuser); err != nil || len(earlier) == 0 {
		return err
	}
	emails := make([]string, len(earlier))
	for i, other := range earlier {
		emails[i] = other.Email()
	}
	h.Log.Warn("created the superuser of PB_ADMIN_EMAIL; earlier superusers can still sign in until removed with superuser delete", "superusers", emails)
	return nil
}

func (h handlers) saveSuperuser(pb core.App, superuser *core.Record) error {
	superuser.SetPassword(h.Config.AdminPassword.Reveal())
	if err := pb.Save(superuser); err != nil {
		return fmt.Errorf("save the superuser of PB_ADMIN_EMAIL: %w", err)
	}
	return nil
}
