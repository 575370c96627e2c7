package backup

import (
	"archive/tar"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// contents says what the objects of a set contain. It is encrypted, and everything else in the set is derived from it.
type contents struct {
	Format    int               `json:"format"`
	Set       string            `json:"set"` // its name; blank in sets of earlier versions
	Created   time.Time         `json:"created"`
	Global    database          `json:"global"`
	Databases []database        `json:"databases"`
	Deleted   []deletedDatabase `json:"deleted"`
	Problems  []Problem         `json:"problems"`
}

// database is the global database or a user database. Its object contains data.db and small files or, of an archived one, the
// archive. AsOf is when it was like this: before the backup if it couldn't be read.
type database struct {
	Name          string          `json:"name"` // blank: the global database
	UserID        string          `json:"user"` // blank if the user was deleted before
	Email         string          `json:"email"`
	Status        registry.Status `json:"status"`
	SchemaVersion string          `json:"schema_version"`
	Archived      bool            `json:"archived"` // the object contains an archive
	Object        Object          `json:"object"`
	Files         []file          `json:"files"`      // in the object
	Recordings    []recording     `json:"recordings"` // those that aren't in the archive
	AsOf          time.Time       `json:"as_of,omitzero"`
}

// file is a file in an object.
type file struct {
	Path   string `json:"path"` // in the folder of the database, with slashes
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// recording is the file of a recording, which has an object of its own.
type recording struct {
	ID     string `json:"id"`
	Path   string `json:"path"`            // in the folder of the database, with slashes; of one in S3, where it would be on disk
	Blob   string `json:"blob"`            // the key in S3; blank on disk
	Size   int64  `json:"size"`            // bytes
	SHA256 string `json:"sha256"`          // of the file that was read
	Mark   string `json:"mark"`            // changes with the file: see fingerprintFile
	Object Object `json:"object,omitzero"` // zero: left out, because it is in S3 and BACKUP_S3_RECORDINGS is false
}

// deletedDatabase was in the snapshot of the global database, but its files were gone before they could be read.
type deletedDatabase struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Problem is something that couldn't be backed up, or is wrong with a backup.
type Problem struct {
	Database string `json:"database"` // blank: the global database or the set
	Email    string `json:"email,omitempty"`
	Text     string `json:"problem"`
}

func (p Problem) String() string {
	if p.Database == "" {
		return p.Text
	}
	return p.Database + ": " + p.Text
}

// problemsOf returns what a set has lacked since it was created, of the database with a name, or of all if the name is blank.
func problemsOf(c contents, name string) []Problem {
	problems := []Problem{}
	for _, p := range c.Problems {
		if name == "" || p.Database == name {
			problems = append(problems, Problem{p.Database, p.Email, "missing since the backup was created: " + p.Text})
		}
	}
	return problems
}

// bytes returns how many bytes a restore of the database writes.
func (d database) bytes() (total int64) {
	for _, f := range d.Files {
		total += f.Size
	}
	for _, r := range d.Recordings {
		if r.Object.Key != "" {
			total += r.Size
		}
	}
	return total
}

// leftOut counts the recordings that are in S3 and not in the backup.
func (d database) leftOut() (count int) {
	for _, r := range d.Recordings {
		if r.Object.Key == "" {
			count++
		}
	}
	return count
}

// objects returns the objects of the database.
func (d database) objects() []Object {
	objects := []Object{d.Object}
	for _, r := range d.Recordings {
		if r.Object.Key != "" {
			objects = append(objects, r.Object)
		}
	}
	return objects
}

// all returns the global database and the user databases.
func (c contents) all() []database { return append([]database{c.Global}, c.Databases...) }

// describe sets what the index says about the contents.
func (c contents) describe(set *Set) {
	set.Databases, set.Deleted = len(c.Databases), len(c.Deleted)
	set.Recordings, set.LeftOut, set.Bytes, set.Stored, set.Objects = 0, 0, 0, 0, nil
	incomplete := map[string]bool{}
	for _, p := range c.Problems {
		incomplete[p.Database] = true
	}
	set.Incomplete = len(incomplete)
	seen := map[string]bool{}
	for _, d := range c.all() {
		set.Bytes += d.bytes()
		set.Recordings += len(d.Recordings)
		set.LeftOut += d.leftOut()
		for _, object := range d.objects() {
			if !seen[object.Key] {
				seen[object.Key] = true
				set.Objects = append(set.Objects, object)
				set.Stored += object.Size
			}
		}
	}
}

// checkSet returns errForged unless the set is the one for which the contents were written. An earlier version didn't record its name,
// but the time, which the name repeats unless the clock was set back.
func (c contents) checkSet(set Set) error {
	at, err := time.Parse(nameLayout, set.Name)
	if err != nil {
		return err
	}
	late := at.Unix() - c.Created.Unix()
	if c.Set != set.Name && (c.Set != "" || late < 0 || late > maxUnnamedDelay) {
		return fmt.Errorf("%w: its contents are those of the backup of %s", errForged, c.Created.UTC().Format(nameLayout))
	}
	want := Set{Created: c.Created.UTC(), Contents: set.Contents}
	c.describe(&want)
	want.Stored += set.Contents.Size
	switch {
	case !want.Created.Equal(set.Created) || want.Databases != set.Databases || want.Recordings != set.Recordings ||
		want.Deleted != set.Deleted || want.Incomplete != set.Incomplete || want.Bytes != set.Bytes || want.Stored != set.Stored:
		return fmt.Errorf("%w: its index describes other contents", errForged)
	case !sameObjects(want.Objects, set.Objects):
		return fmt.Errorf("%w: its index names other files than its contents", errForged)
	}
	return nil
}

// maxUnnamedDelay is how many seconds the name of an earlier version's set may be later than its contents.
const maxUnnamedDelay = 24 * 60 * 60

func sameObjects(a, b []Object) bool {
	objects := make(map[Object]bool, len(a))
	for _, object := range a {
		objects[object] = true
	}
	for _, object := range b {
		if !objects[object] {
			return false
		}
	}
	return len(a) == len(b)
}

const contentsFile = "contents.json"

// writeContents stores the contents of the set with a name.
func (r *Repository) writeContents(ctx context.Context, set string, c contents) (Object, error) {
	c.Set = set
	text, err := json.Marshal(c)
	if err != nil {
		return Object{}, err
	}
	size := int64(len(text))
	name := store.Name{Folder: setsFolder, Group: set, Kind: "contents", MaxSize: maxSealed(size)}
	return r.seal(ctx, name, func(archive *tar.Writer) error {
		if err := archive.WriteHeader(&tar.Header{Name: contentsFile, Mode: 0o600, Size: size, ModTime: c.Created}); err != nil {
			return err
		}
		_, err := archive.Write(text)
		return err
	})
}

// readContents returns the contents of a set that was read with its objects. It returns ErrNoIdentity, ErrWrongIdentity, errForged, or
// an error of the store.
func (r *Repository) readContents(ctx context.Context, set Set) (c contents, err error) {
	found := false
	err = r.open(ctx, set.Contents, func(header *tar.Header, content io.Reader) error {
		if header.Name != contentsFile {
			return nil
		}
		found = true
		return json.NewDecoder(content).Decode(&c)
	})
	if err == nil && !found {
		err = errDamaged
	}
	if err != nil {
		return contents{}, fmt.Errorf("read the contents of backup %s: %w", set.Name, err)
	}
	if err := c.checkSet(set); err != nil {
		return contents{}, fmt.Errorf("read the contents of backup %s: %w", set.Name, err)
	}
	for _, d := range c.all() {
		for _, object := range d.objects() {
			if err := store.CheckKey(object.Key); err != nil {
				return contents{}, err
			}
		}
		if d.Name != "" && !registry.ValidName(d.Name) {
			return contents{}, fmt.Errorf("backup %s contains a database with the invalid name %q", set.Name, d.Name)
		}
	}
	return c, nil
}
