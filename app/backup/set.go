package backup

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
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

	Unreadable string   `json:"unreadable,omitempty"` // why the index can't be read; then only Name and Created are known
	Newer      []string `json:"-"`                    // the names of newer sets, which Find has skipped because they are unreadable

	Contents Object   `json:"contents"` // encrypted: which object contains what
	Objects  []Object `json:"objects,omitempty"`
}

// ErrNoSet means that a set doesn't exist.
var ErrNoSet = errors.New("there is no such backup")

// maxIndexSize is the maximum size of an index in bytes, enough for some seven million objects.
const maxIndexSize = 1 << 30

// Repository holds the sets and objects of backups.
type Repository struct {
	store store.Store
	keys  *Keys
	meter *progress.Meter // counts what is read; nil unless somebody waits for it
}

// NewRepository returns the repository in a store.
func NewRepository(s store.Store, keys *Keys) *Repository { return &Repository{store: s, keys: keys} }

// with returns a copy that decrypts with other keys, unless they are nil.
func (r *Repository) with(keys *Keys) *Repository {
	changed := *r
	if keys != nil {
		changed.keys = keys
	}
	return &changed
}

// CanDecrypt reports whether there is a key, so that sets can be restored and verified completely.
func (r *Repository) CanDecrypt() bool { return r.keys.CanDecrypt() }

// Sets lists all sets without their objects, oldest first, also those whose index is unreadable.
func (r *Repository) Sets(ctx context.Context) ([]Set, error) {
	sets := []Set{}
	keys, err := r.indexes(ctx)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		set, err := r.readIndex(ctx, key)
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		if err != nil {
			name, _ := setOf(key)
			created, _ := time.Parse(nameLayout, name)
			set = Set{Name: name, Created: created, Unreadable: err.Error()}
		}
		set.Objects = nil
		sets = append(sets, set)
	}
	return sets, nil
}

// indexes returns the keys of the indexes of all sets, in the order of the names of the sets.
func (r *Repository) indexes(ctx context.Context) (keys []string, err error) {
	for info, err := range r.store.List(ctx, setsFolder) {
		if err != nil {
			return nil, err
		}
		if _, isIndex := setOf(info.Key); isIndex {
			keys = append(keys, info.Key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// Find reads the set with a name, or the newest readable one if the name is Latest. It returns ErrNoSet if there is none.
func (r *Repository) Find(ctx context.Context, name string) (Set, error) {
	keys, err := r.indexes(ctx)
	if err != nil {
		return Set{}, err
	}
	var newer []string
	var unreadable error
	for _, key := range slices.Backward(keys) {
		found, _ := setOf(key)
		if found != name && name != Latest {
			continue
		}
		set, err := r.readIndex(ctx, key)
		if err == nil {
			set.Newer = newer
			return set, nil
		}
		if ctx.Err() != nil {
			return Set{}, err
		}
		unreadable = errors.Join(unreadable, err)
		newer = append(newer, found)
	}
	switch {
	case unreadable != nil:
		return Set{}, unreadable
	case name == Latest:
		return Set{}, fmt.Errorf("%w: the destination contains no backup yet", ErrNoSet)
	}
	return Set{}, fmt.Errorf("%w: %q (see \"fathom-to-loom backup list\")", ErrNoSet, name)
}

// at returns the time in the name, which determines how long the set is kept.
func (s Set) at() time.Time {
	at, _ := time.Parse(nameLayout, s.Name)
	return at
}

// newerProblems says which newer sets Find has skipped.
func (s Set) newerProblems() []Problem {
	problems := []Problem{}
	for _, name := range s.Newer {
		problems = append(problems, Problem{Text: fmt.Sprintf("backup %s is newer, but its index can't be read", name)})
	}
	return problems
}

// setOf returns the name of the set to which an index belongs.
func setOf(key string) (name string, isIndex bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 || !strings.HasPrefix(parts[2], "index-") {
		return "", false
	}
	_, err := time.Parse(nameLayout, parts[1])
	return parts[1], err == nil
}

func (r *Repository) readIndex(ctx context.Context, key string) (set Set, err error) {
	from, err := r.store.Open(ctx, key)
	if err != nil {
		return Set{}, fmt.Errorf("read the index of a backup: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if err := json.NewDecoder(io.LimitReader(from, maxIndexSize)).Decode(&set); err != nil {
		return Set{}, fmt.Errorf("read the index %s of a backup: %w", key, err)
	}
	if set.Format > format {
		return Set{}, fmt.Errorf("backup %s was created by a newer version (%s): use that version", set.Name, set.Program)
	}
	if name, _ := setOf(key); set.Name != name {
		return Set{}, fmt.Errorf("backup %s can't be trusted: its index is that of backup %q", name, set.Name)
	}
	for _, object := range append(set.Objects, set.Contents) {
		if err := store.CheckKey(object.Key); err != nil {
			return Set{}, err
		}
	}
	return set, nil
}

// writeIndex publishes a set, which is complete from then on.
func (r *Repository) writeIndex(ctx context.Context, set Set) error {
	name := store.Name{Folder: setsFolder, Group: set.Name, Kind: "index", MaxSize: maxIndexSize}
	_, err := r.store.Put(ctx, name, func(to io.Writer) error { return json.NewEncoder(&limitedWriter{to, maxIndexSize}).Encode(set) })
	if err != nil {
		return fmt.Errorf("write the index of the backup: %w", err)
	}
	return nil
}

// limitedWriter fails instead of writing what readIndex wouldn't read.
type limitedWriter struct {
	io.Writer
	left int64
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if w.left -= int64(len(p)); w.left < 0 {
		return 0, errors.New("it would be too large to be read again: the backup consists of too many files")
	}
	return w.Writer.Write(p)
}

// newSetName returns a name for a set that is created now. Names are unique and ascend.
func (r *Repository) newSetName(ctx context.Context, now time.Time) (string, error) {
	name := now.UTC().Format(nameLayout)
	keys, err := r.indexes(ctx)
	if err != nil || len(keys) == 0 {
		return name, err
	}
	latest, _ := setOf(keys[len(keys)-1])
	if name > latest {
		return name, nil
	}
	// The clock was set back, or the last backup was created in the same second.
	at, err := time.Parse(nameLayout, latest)
	if err != nil {
		return "", err
	}
	return at.Add(time.Second).Format(nameLayout), nil
}

// randomGroup returns two random hexadecimal digits.
func randomGroup() string {
	random := make([]byte, 1)
	_, _ = rand.Read(random) // never fails
	return hex.EncodeToString(random)
}
