// Package store keeps the files of backups: in a folder, or in a bucket of an S3-compatible service. Both use the same keys, so
// that a repository can be copied from one to the other with any tool.
//
// A file is written once, under a key that the store chooses, and never changes. It is visible only when it is complete, and then
// survives a power cut. All types are safe for concurrent use. The package must not know what the files contain.
package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"regexp"
	"strings"
	"time"
)

// ErrNotFound means that no file has this key.
var ErrNotFound = errors.New("file of the backup doesn't exist")

// Name determines the key of a new file: {Folder}/{Group}/{Kind}-{random}. Its parts consist of letters, digits and dashes.
type Name struct {
	Folder, Group, Kind string
	MaxSize             int64 // bytes; the upper limit
}

// Info describes a stored file.
type Info struct {
	Key      string
	Size     int64 // bytes
	Modified time.Time
}

// Store is a place for the files of backups. Its errors are ErrNotFound, those of the context, and those of the disk or *blob.Error.
type Store interface {
	// Put stores what write produces and returns the new key. After an error, also that of write, nothing is stored.
	Put(ctx context.Context, name Name, write func(io.Writer) error) (key string, err error)
	// Open opens a file for reading. ctx must last as long as the reader.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// List yields the files of a folder in any order. It ends after the first error.
	List(ctx context.Context, folder string) iter.Seq2[Info, error]
	// Delete removes a file. An unknown key is no error.
	Delete(ctx context.Context, key string) error
	// Sweep removes the files of a folder that are older than the given time and that isNamed doesn't know, and what interrupted
	// calls of Put have left. It returns how many it removed. Files with other keys than those that Put chooses are somebody else's.
	Sweep(ctx context.Context, folder string, before time.Time, isNamed func(key string) bool) (removed int, err error)
	// Location describes the place: the absolute path of the folder, or the bucket and the prefix in it.
	Location() string
}

var keyPattern = regexp.MustCompile(`^[A-Za-z0-9]+/[A-Za-z0-9-]+/[A-Za-z0-9]+-[0-9a-f]{16}$`)

// CheckKey returns an error unless a store could have chosen the key. What reads keys from a repository must check them.
func CheckKey(key string) error {
	if !keyPattern.MatchString(key) {
		return fmt.Errorf("use %q as the key of a backup's file: %w", key, fs.ErrInvalid)
	}
	return nil
}

// sparing returns an isNamed for Sweep that also spares the files that no store has written.
func sparing(isNamed func(string) bool) func(string) bool {
	return func(key string) bool { return CheckKey(key) != nil || isNamed(key) }
}

func (n Name) newKey() (string, error) {
	random := make([]byte, 8)
	_, _ = rand.Read(random) // never fails
	key := strings.Join([]string{n.Folder, n.Group, n.Kind + "-" + hex.EncodeToString(random)}, "/")
	return key, CheckKey(key)
}
