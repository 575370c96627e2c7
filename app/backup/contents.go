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

// contents says what the objects of a set contain. It is encrypted.
type contents struct {
	Format    int               `json:"format"`
	Set       string            `json:"set"` // its name; blank in those of earlier versions
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

const contentsFile = "contents.json"

func (r *Repository) writeContents(ctx context.Context, set string, c contents) (Object, error) {
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

// belongsTo returns an error if the index of a set names the contents of another one, with which somebody could make an old state look
// new. Those of earlier versions contain only the time, which may differ a little from the name.
func (c contents) belongsTo(set Set) error {
	created, err := time.Parse(nameLayout, set.Name)
	if err != nil || c.Set != set.Name && (c.Set != "" || c.Created.Sub(created).Abs() > time.Hour) {
		return fmt.Errorf("backup %s can't be trusted: its contents are those of a backup of %s", set.Name, c.Created.UTC().Format(time.DateTime))
	}
	return nil
}

// readContents returns ErrNoIdentity, ErrWrongIdentity, or an error of the store.
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
	if err := c.belongsTo(set); err != nil {
		return contents{}, err
	}
	for _, d := range append(c.Databases, c.Global) {
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
