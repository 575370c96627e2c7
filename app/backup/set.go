package backup

import (
	"cmp"
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
	Deleted    int       `json:"deleted"`    // databases that disappeared meanwhile
	Incomplete int       `json:"incomplete"` // databases of which something is missing, because it couldn't be read
	Bytes      int64     `json:"bytes"`      // what a restore writes
	Stored     int64     `json:"stored"`     // bytes of all objects
	Added      int64     `json:"added"`      // bytes of those that no earlier backup had stored

	Contents Object   `json:"contents"` // encrypted: which object contains what
	Objects  []Object `json:"objects,omitempty"`
}

// ErrNoSet means that a set doesn't exist.
var ErrNoSet = errors.New("there is no such backup")

// maxIndexSize is the maximum size of an index in bytes, enough for more than a million objects.
const maxIndexSize = 256 << 20

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

// Sets lists all sets without their objects, oldest first. Sets of which nothing but the index is readable are listed too.
func (r *Repository) Sets(ctx context.Context) ([]Set, error) {
	sets := []Set{}
	for info, err := range r.store.List(ctx, setsFolder) {
		if err != nil {
			return nil, err
		}
		if _, isIndex := setOf(info.Key); !isIndex {
			continue
		}
		set, err := r.readIndex(ctx, info.Key)
		if err != nil {
			return nil, err
		}
		set.Objects = nil
		sets = append(sets, set)
	}
	slices.SortFunc(sets, func(a, b Set) int { return cmp.Compare(a.Name, b.Name) })
	return sets, nil
}

// Find reads the set with a name, or the newest one if the name is Latest. It returns ErrNoSet if there is none.
func (r *Repository) Find(ctx context.Context, name string) (Set, error) {
	found := ""
	for info, err := range r.store.List(ctx, setsFolder) {
		if err != nil {
			return Set{}, err
		}
		set, isIndex := setOf(info.Key)
		if isIndex && (set == name || name == Latest) && info.Key > found {
			found = info.Key
		}
	}
	if found == "" && name == Latest {
		return Set{}, fmt.Errorf("%w: the destination contains no backup yet", ErrNoSet)
	}
	if found == "" {
		return Set{}, fmt.Errorf("%w: %q (see \"fathom-to-loom backup list\")", ErrNoSet, name)
	}
	return r.readIndex(ctx, found)
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
	_, err := r.store.Put(ctx, name, func(to io.Writer) error { return json.NewEncoder(to).Encode(set) })
	if err != nil {
		return fmt.Errorf("write the index of the backup: %w", err)
	}
	return nil
}

// newSetName returns a name for a set that is created now. Names are unique and ascend.
func (r *Repository) newSetName(ctx context.Context, now time.Time) (string, error) {
	name := now.UTC().Format(nameLayout)
	latest, err := r.Find(ctx, Latest)
	if errors.Is(err, ErrNoSet) {
		return name, nil
	}
	if err != nil {
		return "", err
	}
	if name > latest.Name {
		return name, nil
	}
	// The clock was set back, or the last backup was created in the same second.
	at, err := time.Parse(nameLayout, latest.Name)
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
