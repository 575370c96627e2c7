package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

// Verification is the result of checking a set.
type Verification struct {
	Set       Set       `json:"set"`       // without its objects
	Objects   int       `json:"objects"`   // whose checksums were checked
	Databases int       `json:"databases"` // that were restored and opened
	Encrypted bool      `json:"encrypted"` // nothing was decrypted, because there is no BACKUP_KEY
	Problems  []Problem `json:"problems"`
}

// Verify checks a set, selected as in Find: every object is read and its checksum compared, every database is restored into a
// folder below scratch and opened, and the content of every recording is compared with its checksum. Without a key, only the
// encrypted objects are checked. Verify leaves the reserve of space free. It returns an error if the set can't be read at all or is removed
// in the meantime, a *ledger.DiskError, or ctx.Err.
func (r *Repository) Verify(ctx context.Context, name, scratch string, space *ledger.Ledger) (Verification, error) {
	set, err := r.Find(ctx, name)
	if err != nil {
		return Verification{}, err
	}
	result, err := r.verify(ctx, set, scratch, space)
	if ctx.Err() != nil || err == nil && len(result.Problems) == 0 {
		return result, err
	}
	// A backup that is created meanwhile may remove this one, and then nothing is wrong with it.
	indexes, listErr := r.indexes(ctx)
	if listErr == nil && indexes[set.Name] == nil {
		return Verification{}, fmt.Errorf("%w any more: %q was removed while it was verified, because BACKUP_KEEP doesn't keep it", ErrNoSet, set.Name)
	}
	return result, err
}

func (r *Repository) verify(ctx context.Context, set Set, scratch string, space *ledger.Ledger) (result Verification, err error) {
	metered := *r
	metered.meter = progress.Start(ctx, progress.Progress{
		Stage: "read backup", Total: bytesOf(append([]Object{set.Contents}, set.Objects...)), Unit: progress.Bytes,
	})
	v := &verifier{repository: &metered, space: space, checked: map[string]bool{}, result: Verification{Set: set, Problems: []Problem{}}}
	v.result.Problems = append(v.result.Problems, set.Skipped...)
	v.result.Set.Objects = nil
	if !r.CanDecrypt() {
		v.result.Encrypted = true
		err = v.checkObjects(ctx, append([]Object{set.Contents}, set.Objects...))
		return v.result, err
	}
	var remove func() error
	if v.scratch, remove, err = newVerifyFolder(scratch); err != nil {
		return Verification{}, fmt.Errorf("create a folder for restored databases: %w", err)
	}
	defer func() { err = errors.Join(err, remove()) }()
	if err := v.checkSet(ctx, set); err != nil {
		return Verification{}, err
	}
	slices.SortFunc(v.result.Problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Database, b.Database), strings.Compare(a.Text, b.Text))
	})
	return v.result, nil
}

// verifier checks one set. Its databases are checked a few at a time, and removed again, so that the scratch folder stays small.
type verifier struct {
	repository *Repository
	scratch    string
	space      *ledger.Ledger

	mu      sync.Mutex
	checked map[string]bool // keys of objects
	result  Verification
}

const verifyParallel = 2

func (v *verifier) checkSet(ctx context.Context, set Set) error {
	c, err := v.repository.readContents(ctx, set)
	if err != nil {
		return err
	}
	v.count(set.Contents)
	v.result.Problems = append(v.result.Problems, problemsOf(c, "")...)
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(verifyParallel)
	for _, d := range c.all() {
		if groupCtx.Err() != nil {
			break
		}
		group.Go(func() error {
			err := v.checkDatabase(groupCtx, d)
			if groupCtx.Err() != nil {
				return groupCtx.Err()
			}
			if full, isFull := errors.AsType[*ledger.DiskError](err); isFull {
				return full
			}
			v.report(d.Name, err)
			return nil
		})
	}
	if err := errors.Join(group.Wait(), ctx.Err()); err != nil {
		return err
	}
	return v.checkObjects(ctx, slices.DeleteFunc(slices.Clone(set.Objects), func(o Object) bool { return v.checked[o.Key] }))
}

func (v *verifier) count(object Object) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.checked[object.Key] {
		v.checked[object.Key] = true
		v.result.Objects++
	}
}

func (v *verifier) report(database string, err error) {
	if err == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, line := range strings.Split(err.Error(), "\n") {
		v.result.Problems = append(v.result.Problems, Problem{Database: database, Text: line})
	}
}

// checkObjects compares the checksums of objects without decrypting them.
func (v *verifier) checkObjects(ctx context.Context, objects []Object) error {
	for _, object := range objects {
		err := v.repository.check(ctx, object)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		v.count(object)
		v.report("", err)
	}
	return nil
}
