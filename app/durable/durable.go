// Package durable writes files and archives that survive a crash or a power cut: under its final
// name a file is either complete or absent.
//
// A file is written under a temporary name in the same folder, synced, published by a rename and
// made permanent by syncing the folder. Every failure removes the temporary file; only a crash leaves
// one behind, which IsTemporary recognizes. All functions are safe for concurrent use, even on the same
// path. The package must not know what the files contain.
package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
)

// temporaryInfix separates the final name of a file from the random digits of its temporary name.
const temporaryInfix = ".tmp-"

var temporaryPattern = regexp.MustCompile(regexp.QuoteMeta(temporaryInfix) + `\d+$`)

// IsTemporary reports whether a name is one that this package gives to unfinished files. After a crash,
// the owner of a folder may remove such files, provided that nobody is writing to the folder.
func IsTemporary(name string) bool { return temporaryPattern.MatchString(name) }

// WriteFile creates or replaces a file with the given permissions and the content that write produces.
// Readers see either the old content or the new, never a part of it. WriteFile returns the error of
// write, in which case the file is unchanged, or an error of the file system.
func WriteFile(path string, perm os.FileMode, write func(io.Writer) error) error {
	return publish(path, perm, func(file *os.File) error { return write(file) }, os.Rename)
}

// CreateFile works like WriteFile for a file that must not exist yet. If the file exists, or another
// process creates it in the meantime, CreateFile returns fs.ErrExist and leaves the file alone.
func CreateFile(path string, perm os.FileMode, write func(io.Writer) error) error {
	// renameNew gives the guarantee. This check only saves the work of producing the content.
	if _, err := os.Lstat(path); err == nil {
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return publish(path, perm, func(file *os.File) error { return write(file) }, renameNew)
}

// ReplaceFile works like WriteFile for a file that exists, and keeps its permissions and its owner. It replaces what a
// symbolic link leads to, not the link.
func ReplaceFile(path string, write func(io.Writer) error) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return publish(path, info.Mode().Perm(), func(file *os.File) error {
		if owner, ok := info.Sys().(*syscall.Stat_t); ok && (int(owner.Uid) != os.Geteuid() || int(owner.Gid) != os.Getegid()) {
			if err := file.Chown(int(owner.Uid), int(owner.Gid)); err != nil {
				return err
			}
		}
		return write(file)
	}, os.Rename)
}

// publish writes a temporary file next to path and renames it to path. If only the sync of the folder
// fails, it returns an error although the file is in place.
func publish(path string, perm os.FileMode, write func(*os.File) error, rename func(from, to string) error) (err error) {
	dir, base := filepath.Split(path)
	dir = filepath.Clean(dir)
	file, err := os.CreateTemp(dir, base+temporaryInfix+"*")
	if err != nil {
		return err
	}
	published := false
	defer func() {
		if !published { // also when write panics
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err = file.Chmod(perm); err == nil {
		err = write(file)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := rename(file.Name(), path); err != nil {
		return err
	}
	published = true
	return SyncDir(dir)
}

// linkNew renames a file unless the new name is taken: then it returns fs.ErrExist. The file system must
// support hard links.
func linkNew(from, to string) error {
	if err := os.Link(from, to); err != nil {
		return err
	}
	return os.Remove(from)
}
