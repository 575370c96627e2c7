// Package poster shows what a meeting looks like: by a frame of its recording, which a browser has captured while
// somebody watched, or otherwise by a tile that is drawn from its title.
//
// The frame is a file beside the recording, at the place where PocketBase expects the files of the meeting's record. It
// counts towards the quota, and is deleted with the meeting. All functions are safe for concurrent use, also for the same
// meeting. The package must not capture anything itself: servers don't decode videos.
package poster

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// ErrNoMeeting means that the meeting doesn't exist, or not any more.
var ErrNoMeeting = errors.New("meeting doesn't exist")

// Picture is a poster or a tile.
type Picture struct {
	Content []byte
	Type    string // image/jpeg or image/svg+xml
	Tag     string // changes with the content: letters, digits, dots, dashes and underscores
	Drawn   bool   // it is a tile
}

// Of returns the poster of a meeting, whose record was read from an open database, or its tile. A poster whose file is
// missing is replaced by the tile. The error is one of the file system.
func Of(db *userdb.Database, meeting *core.Record) (Picture, error) {
	name := meeting.GetString(field)
	if !namePattern.MatchString(name) {
		return tilePicture(meeting), nil
	}
	file, err := os.Open(filepath.Join(folder(db, meeting), name))
	if errors.Is(err, fs.ErrNotExist) {
		return tilePicture(meeting), nil
	}
	if err != nil {
		return Picture{}, fmt.Errorf("open the poster of meeting %s: %w", meeting.Id, err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, MaxSize))
	if err != nil {
		return Picture{}, fmt.Errorf("read the poster of meeting %s: %w", meeting.Id, err)
	}
	return Picture{Content: content, Type: "image/jpeg", Tag: name}, nil
}

func tilePicture(meeting *core.Record) Picture {
	content := Tile(meeting.Id, meeting.GetString("title"))
	sum := sha256.Sum256(content)
	return Picture{Content: content, Type: "image/svg+xml", Tag: hex.EncodeToString(sum[:8]), Drawn: true}
}

const field = "poster" // of a meeting's record: the name of the file

// namePattern matches the names that PocketBase and this package give to files.
var namePattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$`)

func folder(db *userdb.Database, meeting *core.Record) string {
	return filepath.Join(db.App.DataDir(), core.LocalStorageDirName, filepath.FromSlash(meeting.BaseFilesPath()))
}

// Save makes a picture the poster of a meeting and returns the name of its file. It replaces an earlier poster. The picture
// is encoded again, so that nothing but its pixels is kept. Save returns ErrNoMeeting, an *InvalidError, a
// *ledger.QuotaError, a *ledger.DiskError, ctx.Err, or an error of the file system.
func Save(ctx context.Context, db *userdb.Database, meetingID string, picture []byte) (name string, err error) {
	meeting, err := find(db.App, meetingID) // before the work, and for the folder
	if err != nil {
		return "", err
	}
	content, err := clean(picture)
	if err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	space, err := db.Space.Reserve("poster", int64(len(content)))
	if err != nil {
		return "", err
	}
	defer space.Release()
	defer db.StorageChanged() // runs first, so that the file counts before the space is released
	// Another name each time: PocketBase removes the file of an earlier poster after the transaction.
	name = "poster_" + security.RandomStringWithAlphabet(12, "abcdefghijklmnopqrstuvwxyz0123456789") + ".jpg"
	path := filepath.Join(folder(db, meeting), name)
	if err := write(path, content); err != nil {
		return "", fmt.Errorf("store the poster of meeting %s: %w", meetingID, err)
	}
	if err := attach(db.App, meetingID, name); err != nil {
		return "", errors.Join(err, remove(path))
	}
	return name, nil
}

// attach makes the record of a meeting refer to a file that is stored.
func attach(app core.App, meetingID, name string) error {
	return app.RunInTransaction(func(tx core.App) error {
		meeting, err := find(tx, meetingID)
		if err != nil {
			return err
		}
		meeting.Set(field, name)
		if err := tx.SaveNoValidate(meeting); err != nil { // the field accepts only uploads
			return fmt.Errorf("save the poster of meeting %s: %w", meetingID, err)
		}
		return nil
	})
}

func find(app core.App, meetingID string) (*core.Record, error) {
	meeting, err := app.FindRecordById(schema.Meetings, meetingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoMeeting
	}
	if err != nil {
		return nil, fmt.Errorf("find meeting %s: %w", meetingID, err)
	}
	return meeting, nil
}

// write creates a file and the folders it needs, which survive a power cut.
func write(path string, content []byte) error {
	record := filepath.Dir(path)
	if err := os.MkdirAll(record, 0o700); err != nil {
		return err
	}
	err := durable.WriteFile(path, 0o600, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(content))
		return err
	})
	if err != nil {
		return err
	}
	collection := filepath.Dir(record)
	return errors.Join(durable.SyncDir(collection), durable.SyncDir(filepath.Dir(collection)))
}

// remove removes a file that no record names, and its folder, unless something else is in it.
func remove(path string) error {
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) { // with the meeting
		err = nil
	}
	_ = os.Remove(filepath.Dir(path)) // succeeds only if nothing is left in it
	return err
}
