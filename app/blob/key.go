package blob

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

const (
	storageFolder = "storage"   // PocketBase's name for the folder of stored files
	partialFolder = ".partial"  // in the storage folder, for files that aren't complete yet
	legacyPartial = "partial"   // in the folder of the database, where earlier versions kept them
	fileName      = "recording" // of a stored recording, before the extension
	partialSuffix = ".part"     // of partial files
	maxNameLength = 128         // bytes, far below what file systems and S3 allow
)

// namePattern is stricter than the engines need: no name can be "..", hidden, or have a meaning in a URL.
var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// filePattern matches the files that Target.Path may name. PocketBase adds "_" and random characters to the names of
// uploaded files, so none of those matches.
var filePattern = regexp.MustCompile(`^` + fileName + `(\.[A-Za-z0-9]{1,8})?$`)

// InDatabase reports whether a key belongs to a user database. A caller that reads a key from a user database must
// check it: whoever can write to that database could otherwise refer to the recordings of other users.
func InDatabase(key, database string) bool {
	owner, _, ok := strings.Cut(key, "/")
	return ok && owner == database && fs.ValidPath(key)
}

func checkName(what, name string) error {
	if len(name) > maxNameLength || !namePattern.MatchString(name) {
		return fmt.Errorf("use %q as the name of a %s: %w", name, what, fs.ErrInvalid)
	}
	return nil
}

func (t Target) check() error {
	if err := checkName("user database", t.Database); err != nil {
		return err
	}
	if err := checkName("recording", t.Recording); err != nil {
		return err
	}
	return checkName("source", t.Source)
}

// splitDiskKey returns the database of a key and the path of the file in its storage folder.
func splitDiskKey(key string) (database, file string, err error) {
	parts := strings.Split(key, "/")
	if len(parts) != 5 || parts[1] != storageFolder || !filePattern.MatchString(parts[4]) {
		return "", "", fmt.Errorf("use %q as the key of a recording: %w", key, fs.ErrInvalid)
	}
	for _, name := range []string{parts[0], parts[2], parts[3]} {
		if err := checkName("folder", name); err != nil {
			return "", "", err
		}
	}
	return parts[0], path.Join(parts[2:]...), nil
}

// splitPartial returns the database of an upload's ID and the path of the partial file in its storage folder.
func splitPartial(id string) (database, file string, err error) {
	parts := strings.Split(id, "/")
	if len(parts) != 4 || parts[1] != storageFolder || parts[2] != partialFolder || !strings.HasSuffix(parts[3], partialSuffix) {
		return "", "", fmt.Errorf("use %q as the ID of an upload: %w", id, fs.ErrInvalid)
	}
	for _, name := range []string{parts[0], parts[3]} {
		if err := checkName("partial file", name); err != nil {
			return "", "", err
		}
	}
	return parts[0], path.Join(parts[2:]...), nil
}

// newS3Key returns a key that no other upload has.
func newS3Key(target Target) (string, error) {
	if err := target.check(); err != nil {
		return "", err
	}
	key := target.Database + "/" + target.Recording + "/" + target.Source + "-" + randomName()
	return key, checkS3Key(key)
}

// renewS3Key returns another key for the same target.
func renewS3Key(key string) string { return key[:strings.LastIndexByte(key, '-')+1] + randomName() }

func randomName() string {
	random := make([]byte, 8)
	_, _ = rand.Read(random) // never fails
	return hex.EncodeToString(random)
}

func checkS3Key(key string) error {
	parts := strings.Split(key, "/")
	if len(parts) != 3 {
		return fmt.Errorf("use %q as the key of a recording: %w", key, fs.ErrInvalid)
	}
	for _, name := range parts {
		if err := checkName("recording", name); err != nil {
			return err
		}
	}
	return nil
}
