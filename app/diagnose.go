package app

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Diagnosis is what a start would find in the data directories. The errors would prevent it, and say what to do.
type Diagnosis struct {
	DB      *dbx.DB  // the global database, opened for reading; nil if there is none or it can't be read
	Pending []string // migrations that the next start applies

	PreviousKeys int // data keys that another master key than the current one wrapped

	// Interrupted describes what a command was interrupted in, which the next start completes. Until then, what the
	// directories contain means nothing, so that nothing else is known.
	Interrupted error

	Data []error // about the directories and their content
	Keys []error // about the keys that encrypted the content

	readable bool // DB is a database of this version or an earlier one
}

// Unreadable reports whether there is, or may be, a database that this version can't read.
func (d Diagnosis) Unreadable() bool {
	return !d.readable && (d.DB != nil || d.Interrupted != nil || len(d.Data) > 0)
}

// Usable reports whether DB has the tables of this version.
func (d Diagnosis) Usable() bool { return d.readable && len(d.Pending) == 0 }

// Diagnose examines the data directories as a start does, but finds everything that would prevent the start. It changes
// nothing, needs no lock, and may run beside a server. The caller closes DB.
func (a *App) Diagnose(ctx context.Context) (found Diagnosis) {
	report := func(to *[]error, err error) bool {
		if err != nil {
			*to = append(*to, err)
		}
		return err == nil
	}
	report(&found.Data, a.checkFolders())
	if err := a.checkInterrupted(); errors.Is(err, ErrInterrupted) {
		found.Interrupted = err
		return found
	} else {
		report(&found.Data, err)
	}
	var err error
	found.DB, err = a.openForInspection()
	if !report(&found.Data, err) || found.DB == nil {
		return found
	}
	content, err := a.readContent(ctx, found.DB)
	if !report(&found.Data, err) {
		return found
	}
	found.readable = a.checkOrigin(ctx, found.DB, content) == nil
	if found.readable {
		found.Pending = migrations.Pending(content.applied)
	}
	for _, check := range startChecks {
		to := &found.Data
		if check.aboutKeys {
			to = &found.Keys
		}
		report(to, check.run(a, ctx, found.DB, content))
	}
	if content.has(migrations.UserDatabases) {
		// An error shows wherever the registry is read, or at the malformed key.
		found.PreviousKeys, _ = a.previousKeyUses(ctx, found.DB, content.has)
	}
	return found
}

// ErrNoS3 means that recordings are stored on disk.
var ErrNoS3 = errors.New("S3 is not configured")

// CheckS3 checks the bucket for recordings with a small object, which it removes again. It returns ErrNoS3, or the error
// of blob.S3.Check.
func (a *App) CheckS3(ctx context.Context, limit time.Duration) error {
	if !a.Config.S3Enabled() {
		return ErrNoS3
	}
	store, err := a.newS3()
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Check(ctx, limit)
}
