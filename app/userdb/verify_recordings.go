package userdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// VerifyRecordings compares the recordings of the named databases, or of all databases that are ready, with the files
// on disk and in S3, and reports the result for each: files that are missing or have the wrong size, and files older
// than a day that nothing refers to. With checksums, it reads every file. It changes nothing and may run while the
// databases are in use. It returns ctx.Err or an error of the registry.
func (s *Service) VerifyRecordings(
	ctx context.Context, names []string, checksums bool, report func(Verification),
) error {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	s3 := &s3Check{}
	verify := func(ctx context.Context, entry registry.Entry) []string {
		if entry.Status != registry.StatusReady {
			return []string{}
		}
		return s.verifyRecordings(ctx, entry.Name, checksums, s3)
	}
	return forEach(ctx, entries, 1, verify, func(entry registry.Entry, problems []string, done int) {
		report(Verification{
			Name: entry.Name, Status: entry.Status, Problems: problems, Skipped: entry.Status != registry.StatusReady,
			Done: done, Total: len(entries),
		})
	})
}

// verifyRecordings returns the problems of one database.
func (s *Service) verifyRecordings(ctx context.Context, name string, checksums bool, s3 *s3Check) (problems []string) {
	problems = []string{}
	check := func(err error) {
		if err != nil {
			problems = append(problems, err.Error())
		}
	}
	if err := requireData(s.Dir(name)); err != nil {
		check(err)
		return problems
	}
	db, err := sqlite.OpenReadOnly(filepath.Join(s.Dir(name), sqlite.DataFile))
	if err != nil {
		check(err)
		return problems
	}
	defer func() { check(db.Close()) }()
	check(s.checkFiles(ctx, db, name, s3))
	orphans, err := s.orphans(ctx, db, name, s3)
	check(err)
	for _, orphan := range orphans {
		check(orphan)
	}
	if checksums {
		check(s.checkChecksums(ctx, db, name, s3))
	}
	return problems
}

// orphans returns an error for every old file that no record refers to, also if S3 fails.
func (s *Service) orphans(ctx context.Context, db *dbx.DB, name string, s3 *s3Check) (orphans []error, failure error) {
	if known, err := knowsS3(ctx, db); err != nil || !known {
		return nil, err
	}
	stored := map[string]error{}
	for _, store := range s.blobs.All() {
		if store.Engine() == blob.EngineS3 && s3.skip() {
			continue
		}
		for info, err := range store.List(ctx, name) {
			if err != nil {
				failure = errors.Join(failure, s3.report(fmt.Errorf("list stored files: %w", err)))
				break
			}
			if info.Modified.Before(s.now().Add(-minUnnamedAge)) {
				stored[info.Key] = fmt.Errorf("nothing refers to the file %s (%s, %d bytes)", info.Key, store.Engine(), info.Size)
			}
		}
	}
	// Read last: what was stored in the meantime is named.
	names, err := queryFileNames(ctx, db)
	if err != nil {
		return nil, err
	}
	for key, orphan := range stored {
		if !names.contain(key) {
			orphans = append(orphans, orphan)
		}
	}
	return orphans, failure
}

// checkChecksums reads all recordings and returns an error that lists those whose content has changed. Recordings that
// are deleted or moved while they are read aren't problems.
func (s *Service) checkChecksums(ctx context.Context, db *dbx.DB, name string, s3 *s3Check) error {
	recordings, err := storedRecordings(ctx, db)
	if err != nil {
		return err
	}
	start := progress.Progress{Stage: "read " + name, Unit: progress.Bytes}
	for _, r := range recordings {
		start.Total += r.Size
	}
	meter := progress.Start(ctx, start)
	var problems []error
	for _, r := range recordings {
		if r.isInS3() && s3.skip() {
			continue
		}
		recorded, err := recordedChecksum(ctx, db, r)
		if err != nil {
			return err
		}
		if recorded == "" {
			continue
		}
		sum, problem := s.checksum(ctx, r, name, meter)
		if problem == nil && sum == recorded {
			continue
		}
		if current, err := recordedChecksum(ctx, db, r); err != nil {
			return err
		} else if current != recorded {
			continue
		}
		if problem != nil {
			problem = s3.report(fmt.Errorf("read the file of recording %s: %w", r.ID, problem))
		} else {
			problem = fmt.Errorf("file of recording %s is damaged: its checksum differs from the recorded one", r.ID)
		}
		problems = append(problems, problem)
	}
	return errors.Join(problems...)
}

// recordedChecksum returns the checksum of a recording, or "" if it has none or isn't stored there any more.
func recordedChecksum(ctx context.Context, db *dbx.DB, r storedRecording) (checksum string, err error) {
	where := dbx.HashExp{"id": r.ID}
	if known, err := knowsS3(ctx, db); err != nil {
		return "", err
	} else if known {
		where["blob"] = r.Blob
	}
	err = db.Select("sha256").From(schema.Recordings).Where(where).WithContext(ctx).Row(&checksum)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read the checksum of recording %s: %w", r.ID, err)
	}
	return checksum, nil
}

func (s *Service) checksum(ctx context.Context, r storedRecording, name string, meter *progress.Meter) (string, error) {
	file, err := s.blobs.Open(ctx, r.ref(name))
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if err := durable.Copy(ctx, io.MultiWriter(hash, meter), file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
