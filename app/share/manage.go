package share

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Info is a link as its owner sees it.
type Info struct {
	Shows
	ID          string         `json:"id"`
	RecordingID int64          `json:"recording_id"`
	URL         string         `json:"url"`      // blank if it can't be decrypted
	Password    bool           `json:"password"` // whether viewers need one
	Created     types.DateTime `json:"created"`
	Expires     types.DateTime `json:"expires"`
	Ended       types.DateTime `json:"ended"` // when the recording was deleted; zero before
	Views       int            `json:"views"` // how often the page was opened
}

func infoOf(record *core.Record) Info {
	return Info{
		Shows: Shows{Title: record.GetBool("title"), Summary: record.GetBool("summary"), Transcript: record.GetBool("transcript")},
		ID:    record.Id, RecordingID: int64(record.GetInt("recording_id")), Password: record.GetString("password") != "",
		Created: record.GetDateTime("created"), Expires: record.GetDateTime("expires"), Ended: record.GetDateTime("ended"), Views: record.GetInt("views"),
	}
}

// List returns the links of a user, the newest first, also those that have expired in the last 30 days. A recording id
// other than 0 selects those to one recording. The result is never nil.
func (s *Service) List(ctx context.Context, userID string, recordingID int64) ([]Info, error) {
	list := []Info{}
	database, key, err := s.databases.DataKeyOf(ctx, userID)
	if errors.Is(err, registry.ErrNotFound) {
		return list, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find key of user %s: %w", userID, err)
	}
	where := dbx.HashExp{"owner": userID, "database": database}
	if recordingID != 0 {
		where["recording_id"] = recordingID
	}
	var records []*core.Record
	err = s.app.RecordQuery(migrations.Shares).Where(where).OrderBy("created DESC", "rowid DESC").WithContext(ctx).All(&records)
	if err != nil {
		return nil, fmt.Errorf("list links of user %s: %w", userID, err)
	}
	for _, record := range records {
		list = append(list, s.info(record, key))
	}
	return list, nil
}

// info returns a link with its URL and the views that aren't written yet.
func (s *Service) info(record *core.Record, key *vault.DataKey) Info {
	info := infoOf(record)
	info.Views += s.views.get(record.Id)
	text, err := key.Open(sealedAt(record.GetString("database"), record.GetString("hash")), record.GetString("link"))
	if err != nil { // the database was restored with another key
		return info
	}
	if id, ok := parseID(string(text)); ok {
		info.URL = s.url(id)
	}
	return info
}

// Revoke deletes a link of a user. It returns ErrNotFound if the user has no such link. When it returns nil, no further
// request for the link succeeds.
func (s *Service) Revoke(ctx context.Context, userID, id string) error {
	err := s.app.RunInTransaction(func(tx core.App) error {
		record, err := findOwn(tx, userID, id)
		if err != nil {
			return err
		}
		if err := tx.DeleteWithContext(ctx, record); err != nil {
			return err
		}
		s.recordRevoked(ctx, tx, record)
		return nil
	})
	if err != nil {
		return fmt.Errorf("revoke link %s: %w", id, err)
	}
	return nil
}

func (s *Service) recordRevoked(ctx context.Context, tx core.App, record *core.Record) {
	s.audit.RecordIn(ctx, tx, audit.Event{Owner: record.GetString("owner"), Kind: audit.ShareRevoked, Detail: strconv.Itoa(record.GetInt("recording_id"))})
}

// findOwn returns the row of a user's link, or ErrNotFound.
func findOwn(tx core.App, userID, id string) (*core.Record, error) {
	record, err := tx.FindFirstRecordByFilter(migrations.Shares, "id = {:id} && owner = {:owner}", dbx.Params{"id": id, "owner": userID})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	return record, err
}

// RecordingDeleted ends the links to a recording whose file was deleted. Their pages say so until they expire, also if the
// recording is copied from Fathom again.
func (s *Service) RecordingDeleted(ctx context.Context, database string, recordingID int64) error {
	err := s.app.RunInTransaction(func(tx core.App) error {
		var records []*core.Record
		err := tx.RecordQuery(migrations.Shares).WithContext(ctx).
			Where(dbx.HashExp{"database": database, "recording_id": recordingID, "ended": ""}).All(&records)
		if err != nil {
			return err
		}
		for _, record := range records {
			record.Set("ended", s.now())
			if err := tx.SaveWithContext(ctx, record); err != nil {
				return err
			}
			s.recordRevoked(ctx, tx, record)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("end links to recording %d of user database %s: %w", recordingID, database, err)
	}
	return nil
}

// Prune deletes links that expired more than 30 days ago.
func (s *Service) Prune(ctx context.Context) error {
	until, err := types.ParseDateTime(s.now().Add(-keepExpired))
	if err != nil {
		return fmt.Errorf("format time: %w", err)
	}
	_, err = s.app.NonconcurrentDB().Delete(migrations.Shares, dbx.NewExp("expires < {:until}", dbx.Params{"until": until.String()})).
		WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("delete expired links to recordings: %w", err)
	}
	return nil
}
