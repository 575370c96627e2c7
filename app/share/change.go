package share

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
)

// Change is what an owner changes of a link. Nil leaves it as it is.
type Change struct {
	Expires  *time.Time
	Password *string // blank removes it; any other ends the grants of the present one

	Title, Summary, Transcript *bool
}

// Change changes a link of a user. The error is an *InvalidError, ErrNotFound if the user has no such link, or one of the
// global database.
func (s *Service) Change(ctx context.Context, userID, id string, change Change) (Info, error) {
	if change.Expires != nil {
		if err := s.checkExpiry(*change.Expires); err != nil {
			return Info{}, err
		}
	}
	fields, err := s.fieldsOf(ctx, change)
	if err != nil {
		return Info{}, err
	}
	_, key, err := s.databases.DataKeyOf(ctx, userID)
	if err != nil {
		return Info{}, fmt.Errorf("find key of user %s: %w", userID, err)
	}
	var record *core.Record
	err = s.app.RunInTransaction(func(tx core.App) (err error) {
		if record, err = findOwn(tx, userID, id); err != nil {
			return err
		}
		record.Load(fields)
		if err := tx.SaveWithContext(ctx, record); err != nil {
			return err
		}
		s.audit.RecordIn(ctx, tx, audit.Event{Owner: userID, Kind: audit.ShareChanged, Detail: strconv.Itoa(record.GetInt("recording_id"))})
		return nil
	})
	if err != nil {
		return Info{}, fmt.Errorf("change link %s: %w", id, err)
	}
	return s.info(record, key), nil
}

// fieldsOf returns the fields of the row to change.
func (s *Service) fieldsOf(ctx context.Context, change Change) (map[string]any, error) {
	fields := map[string]any{}
	if change.Expires != nil {
		fields["expires"] = *change.Expires
	}
	if change.Password != nil {
		hash, err := s.passwords.hash(ctx, *change.Password)
		if err != nil {
			return nil, err
		}
		fields["password"] = hash
	}
	for name, value := range map[string]*bool{"title": change.Title, "summary": change.Summary, "transcript": change.Transcript} {
		if value != nil {
			fields[name] = *value
		}
	}
	return fields, nil
}
