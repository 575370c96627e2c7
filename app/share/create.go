package share

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Request describes a new link.
type Request struct {
	RecordingID int64
	Expires     time.Time // zero means DefaultLifetime from now; otherwise in the future, at most MaxLifetime from now
	Password    string    // blank means that the link is enough
	Shows       Shows
}

// Create creates a link to a recording of a user. The error is an *InvalidError, ErrNoRecording, ErrUnavailable,
// ErrTooMany, a *RateError if the user has created too many links recently, or one of the databases.
func (s *Service) Create(ctx context.Context, userID string, request Request) (Info, error) {
	if request.Expires.IsZero() {
		request.Expires = s.now().Add(DefaultLifetime)
	}
	if err := s.checkExpiry(request.Expires); err != nil {
		return Info{}, err
	}
	if wait, ok := s.created.Take(limit.Account(userID)); !ok {
		return Info{}, &RateError{Wait: wait}
	}
	database, err := s.requireRecording(ctx, userID, request.RecordingID)
	if err != nil {
		return Info{}, err
	}
	password, err := s.passwords.hash(ctx, request.Password)
	if err != nil {
		return Info{}, err
	}
	id, sealed, err := s.newLink(ctx, userID)
	if err != nil {
		return Info{}, err
	}
	var record *core.Record
	err = s.app.RunInTransaction(func(tx core.App) error {
		if err := s.makeRoom(ctx, tx, userID); err != nil {
			return err
		}
		collection, err := tx.FindCachedCollectionByNameOrId(migrations.Shares)
		if err != nil {
			return err
		}
		record = core.NewRecord(collection)
		record.Load(map[string]any{
			"owner": userID, "database": database, "recording_id": request.RecordingID, "hash": id.hash(), "link": sealed, "password": password,
			"title": request.Shows.Title, "summary": request.Shows.Summary, "transcript": request.Shows.Transcript, "expires": request.Expires,
		})
		if err := tx.SaveWithContext(ctx, record); err != nil {
			return err
		}
		s.audit.RecordIn(ctx, tx, audit.Event{Owner: userID, Kind: audit.ShareCreated, Detail: strconv.FormatInt(request.RecordingID, 10)})
		return nil
	})
	if err != nil {
		return Info{}, fmt.Errorf("create link to a recording: %w", err)
	}
	info := infoOf(record)
	info.URL = s.url(id)
	return info, nil
}

// checkExpiry returns an *InvalidError unless a link may expire at the given time.
func (s *Service) checkExpiry(at time.Time) error {
	if now := s.now(); !at.After(now) || at.Sub(now) > MaxLifetime {
		return &InvalidError{"expires", "Choose a date in the future, at most 366 days from now."}
	}
	return nil
}

// requireRecording returns the name of a user's database, or ErrNoRecording if it has no file of the recording.
func (s *Service) requireRecording(ctx context.Context, userID string, recordingID int64) (database string, err error) {
	handle, err := s.databases.AcquireForUser(ctx, userID)
	if registry.IsNotHere(err) {
		return "", ErrUnavailable
	}
	if err != nil {
		return "", err
	}
	defer handle.Release()
	if _, err := findRecording(handle.App, recordingID); err != nil {
		return "", err
	}
	return handle.Name, nil
}

// newLink returns the id of a new link, also sealed with the key of its owner's database.
func (s *Service) newLink(ctx context.Context, userID string) (id linkID, sealed string, err error) {
	database, key, err := s.databases.DataKeyOf(ctx, userID)
	if err != nil {
		return linkID{}, "", fmt.Errorf("find key of user %s: %w", userID, err)
	}
	if id, err = newLinkID(); err == nil {
		sealed, err = key.Seal(sealedAt(database, id.hash()), []byte(id.text))
	}
	if err != nil {
		return linkID{}, "", fmt.Errorf("create link to a recording: %w", err)
	}
	return id, sealed, nil
}

// makeRoom returns ErrTooMany if a user can't have another link. Of those that have expired, it keeps only the newest, so
// that a user can't fill the table with links that expire at once.
func (s *Service) makeRoom(ctx context.Context, tx core.App, userID string) error {
	now, err := types.ParseDateTime(s.now())
	if err != nil {
		return fmt.Errorf("format time: %w", err)
	}
	var active int
	err = tx.DB().Select("COUNT(*)").From(migrations.Shares).
		Where(dbx.NewExp("owner = {:owner} AND expires > {:now}", dbx.Params{"owner": userID, "now": now.String()})).WithContext(ctx).Row(&active)
	if err != nil {
		return fmt.Errorf("count active links: %w", err)
	}
	if active >= MaxActive {
		return ErrTooMany
	}
	_, err = tx.NonconcurrentDB().NewQuery("DELETE FROM {{" + migrations.Shares + "}} WHERE owner = {:owner} AND id NOT IN " +
		"(SELECT id FROM {{" + migrations.Shares + "}} WHERE owner = {:owner} ORDER BY expires DESC LIMIT {:max})").
		Bind(dbx.Params{"owner": userID, "max": 2 * MaxActive}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("delete expired links: %w", err)
	}
	return nil
}
