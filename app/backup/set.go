package backup

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

// format is the version of the repository. A program reads its own and older ones.
const format = 1

// nameLayout is the form of the names of sets, in UTC.
const nameLayout = "20060102T150405Z"

// Latest selects the newest set.
const Latest = "latest"

// Set is the index of a backup. It isn't encrypted, so it contains no names.
type Set struct {
	Name       string    `json:"name"` // such as 20261127T201500Z
	Format     int       `json:"format"`
	Program    string    `json:"program"` // the version that created it
	Created    time.Time `json:"created"` // the state of the data is not older
	Seconds    float64   `json:"seconds"` // how long it took
	Databases  int       `json:"databases"`
	Recordings int       `json:"recordings"`
	LeftOut    int       `json:"left_out"`   // recordings that are only in S3, because of BACKUP_S3_RECORDINGS=false
	Deleted    int       `json:"deleted"`    // databases that disappeared meanwhile
	Incomplete int       `json:"incomplete"` // databases of which something is missing, because it couldn't be read
	Bytes      int64     `json:"bytes"`      // what a restore writes
	Stored     int64     `json:"stored"`     // bytes of all objects
	Added      int64     `json:"added"`      // bytes of those that no earlier backup had stored

	Contents Object   `json:"contents"` // encrypted: which object contains what
	Objects  []Object `json:"objects,omitempty"`

	Problem string    `json:"problem,omitempty"` // why the set can't be used; only Name and Created are known then
	Skipped []Problem `json:"skipped,omitempty"` // newer sets that can't be used; only of a set that was found by Latest

	index  string    // the key from which the set was read
	named  time.Time // the time in that key
	sealed bool      // the index was written with BACKUP_KEY and is unchanged
}

// ErrNoSet means that a set doesn't exist.
var ErrNoSet = errors.New("there is no such backup")

// errForged means that the parts of a set don't belong together: somebody has copied or changed them.
var errForged = errors.New("the backup is not the one that it claims to be")

// Repository holds the sets and objects of backups.
type Repository struct {
	store store.Store
	keys  *Keys
	meter *progress.Meter // counts what is read; nil unless somebody waits for it
}

// NewRepository returns the repository in a store.
func NewRepository(s store.Store, keys *Keys) *Repository { return &Repository{store: s, keys: keys} }

// CanDecrypt reports whether there is a key, so that sets can be restored and verified completely.
func (r *Repository) CanDecrypt() bool { return r.keys.CanDecrypt() }

// Sets lists all sets without their objects, oldest first. A set whose index can't be read has only Name, Created and Problem.
func (r *Repository) Sets(ctx context.Context) ([]Set, error) {
	indexes, err := r.indexes(ctx)
	if err != nil {
		return nil, err
	}
	sets := []Set{}
	for _, name := range slices.Sorted(maps.Keys(indexes)) {
		set, err := r.readSet(ctx, name, indexes[name], false)
		if errors.Is(err, store.ErrNotFound) { // it was removed in the meantime
			continue
		}
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// Find reads the set with a name, or the newest usable one if the name is Latest: then Skipped says why newer ones aren't. It returns
// ErrNoSet if there is none.
func (r *Repository) Find(ctx context.Context, name string) (Set, error) {
	indexes, err := r.indexes(ctx)
	if err != nil {
		return Set{}, err
	}
	names := []string{name}
	switch {
	case name == Latest && len(indexes) == 0:
		return Set{}, fmt.Errorf("%w: the destination contains no backup yet", ErrNoSet)
	case name == Latest:
		names = slices.Sorted(maps.Keys(indexes))
	case indexes[name] == nil:
		return Set{}, fmt.Errorf("%w: %q (see \"fathom-to-loom backup list\")", ErrNoSet, name)
	}
	var skipped []Problem
	for _, name := range slices.Backward(names) {
		set, err := r.readSet(ctx, name, indexes[name], true)
		if err == nil && set.Problem == "" && len(names) > 1 {
			set.Problem, err = r.forgery(ctx, set)
		}
		if errors.Is(err, store.ErrNotFound) { // it was removed in the meantime
			continue
		}
		if err != nil {
			return Set{}, err
		}
		if set.Problem != "" {
			skipped = append(skipped, Problem{Text: fmt.Sprintf("backup %s can't be used: %s", name, set.Problem)})
			continue
		}
		set.Skipped = skipped
		return set, nil
	}
	if len(skipped) == 0 {
		return Set{}, fmt.Errorf("%w: %q", ErrNoSet, name)
	}
	return Set{}, errors.New(skipped[0].Text)
}

// with returns a copy that decrypts with other keys, unless they are nil.
func (r *Repository) with(keys *Keys) *Repository {
	changed := *r
	if keys != nil {
		changed.keys = keys
	}
	return &changed
}

// forgery returns why a set isn't what it claims to be, or "". A set that can't be read isn't a forgery. The error is ctx.Err.
func (r *Repository) forgery(ctx context.Context, set Set) (problem string, err error) {
	if err := r.prove(ctx, set); errors.Is(err, errForged) {
		return err.Error(), nil
	}
	return "", ctx.Err()
}

// prove returns nil if this server has created a set: its index is sealed, or its contents can be decrypted and fit. Without a key,
// nothing can be said, and prove returns nil.
func (r *Repository) prove(ctx context.Context, set Set) (err error) {
	if set.sealed || !r.CanDecrypt() {
		return nil
	}
	if set.Objects == nil {
		if set, err = r.readSet(ctx, set.Name, []string{set.index}, true); err != nil {
			return err
		}
	}
	_, err = r.readContents(ctx, set)
	return err
}

// indexes returns the keys of the indexes of all sets, by name. A set has one, unless somebody has added others.
func (r *Repository) indexes(ctx context.Context) (map[string][]string, error) {
	indexes := map[string][]string{}
	for info, err := range r.store.List(ctx, setsFolder) {
		if err != nil {
			return nil, err
		}
		if name, _, isIndex := setOf(info.Key); isIndex {
			indexes[name] = append(indexes[name], info.Key)
		}
	}
	return indexes, nil
}

// readSet reads the best index of a set, with or without its objects. One that can't be read becomes the Problem of the set. It returns
// store.ErrNotFound if the set is gone, ctx.Err, or nil.
func (r *Repository) readSet(ctx context.Context, name string, indexes []string, withObjects bool) (Set, error) {
	at, err := time.Parse(nameLayout, name)
	if err != nil {
		return Set{}, err
	}
	best := Set{Name: name, Created: at, named: at}
	gone := 0
	for _, key := range indexes {
		var objects []Object
		set, err := r.readIndex(ctx, key, func(object Object) {
			if withObjects {
				objects = append(objects, object)
			}
		})
		switch {
		case ctx.Err() != nil:
			return Set{}, ctx.Err()
		case errors.Is(err, store.ErrNotFound):
			gone++
		case err != nil && best.index == "":
			best.Problem = err.Error()
		case err == nil && (best.index == "" || set.sealed):
			best = set
			best.index, best.named, best.Objects = key, at, objects
		}
	}
	if gone == len(indexes) {
		return Set{}, store.ErrNotFound
	}
	return best, nil
}

var (
	indexPattern  = regexp.MustCompile(`^` + setsFolder + `/(\d{8}T\d{6}Z)/index-[0-9a-f]{16}$`)
	setPattern    = regexp.MustCompile(`^` + setsFolder + `/(\d{8}T\d{6}Z)/(?:index|contents)-[0-9a-f]{16}$`)
	objectPattern = regexp.MustCompile(`^` + objectsFolder + `/[0-9a-f]{2}/o-[0-9a-f]{16}$`)
)

// setOf returns the name and the time of the set to which an index belongs.
func setOf(key string) (name string, at time.Time, isIndex bool) {
	match := indexPattern.FindStringSubmatch(key)
	if match == nil {
		return "", time.Time{}, false
	}
	at, err := time.Parse(nameLayout, match[1])
	return match[1], at, err == nil
}

// maxClockError is how far the clock may have been ahead when a set was created. Later names aren't taken for times.
const maxClockError = 366 * 24 * time.Hour

// newSetName returns a name for a set that is created now. Names are unique and ascend, whatever the sets contain.
func (r *Repository) newSetName(ctx context.Context, now time.Time) (string, error) {
	indexes, err := r.indexes(ctx)
	if err != nil {
		return "", err
	}
	name := now.UTC().Format(nameLayout)
	limit := now.Add(maxClockError).UTC().Format(nameLayout)
	for taken := range indexes {
		if taken < name || taken > limit {
			continue
		}
		// The clock was set back, or the last backup was created in the same second.
		at, err := time.Parse(nameLayout, taken)
		if err != nil {
			return "", err
		}
		name = at.Add(time.Second).Format(nameLayout)
	}
	return name, nil
}

// randomGroup returns two random hexadecimal digits.
func randomGroup() string {
	random := make([]byte, 1)
	_, _ = rand.Read(random) // never fails
	return hex.EncodeToString(random)
}
