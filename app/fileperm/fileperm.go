// Package fileperm checks the permissions of files and folders: whether this process may use them, and
// whether other users of the machine may.
//
// The package keeps no state, opens nothing and changes nothing. It must not know what the files contain.
package fileperm

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Bits for access(2).
const (
	read   = 4
	write  = 2
	search = 1
)

// RequireFolder returns an error unless path is a folder in which this process may list, read and create
// files. The error wraps fs.ErrNotExist if the folder doesn't exist, and only then. A folder on a read-only
// file system passes, because it can still be read.
func RequireFolder(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return explain(path, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("cannot use %s: it is a file, not a folder", path)
	}
	return require(path, read|write|search)
}

// RequireFile returns an error unless this process may read and write the file at path. The error wraps
// fs.ErrNotExist if the file doesn't exist, and only then. A file on a read-only file system passes.
func RequireFile(path string) error { return require(path, read|write) }

// require asks the kernel instead of opening the file: closing a file that SQLite has open elsewhere in this
// process would release SQLite's locks.
func require(path string, bits uint32) error {
	err := syscall.Access(path, bits)
	if err == nil || errors.Is(err, syscall.EROFS) {
		return nil
	}
	return explain(path, err)
}

// Explain adds to a permission error which file or folder is the obstacle, who owns it and how to change that.
// path is the one that could not be used. Other errors are returned unchanged.
func Explain(path string, err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return explain(path, err)
}

func explain(path string, err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		err = errno // without the path, which the message below contains
	}
	if !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("cannot read %s: %w", path, err)
	}
	return fmt.Errorf("cannot read %s: %w%s", path, err, ownerHint(path))
}

// ownerHint describes who owns the file or folder that denies access. It gives the command that changes that
// only for path itself, because its parents may belong to the system.
func ownerHint(path string) string {
	at := obstacle(path)
	info, err := os.Stat(at)
	if err != nil {
		return ""
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	uid := os.Geteuid()
	if at != path {
		return fmt.Sprintf("; the folder %s, which belongs to user %d, does not let user %d in", at, owner.Uid, uid)
	}
	if int(owner.Uid) != uid {
		return fmt.Sprintf("; %s belongs to user %d, but the server runs as user %d: run chown -R %d %s", at, owner.Uid, uid, uid, at)
	}
	return fmt.Sprintf("; the mode of %s is %s: run chmod -R u+rwX %s", at, info.Mode().Perm(), at)
}

// obstacle returns path if its metadata can be read, or else its closest parent for which that is so: the
// folder that may not be searched.
func obstacle(path string) string {
	for {
		if _, err := os.Stat(path); err == nil {
			return path
		}
		parent := filepath.Dir(path)
		if parent == path {
			return path
		}
		path = parent
	}
}

// Exposed returns a warning, with the command that helps, if users of the machine other than the owner can
// read or change the file or folder at path, either by its own mode or because they can replace it. It
// returns "" otherwise, for a folder that others can't reach, and for a path that doesn't exist or can't be
// examined. It reports the mode of a file even if others can't reach it, because copies keep the mode.
func Exposed(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return ""
	}
	info, err := os.Stat(abs)
	if err != nil {
		return ""
	}
	reachable, replaceable := examineParents(abs)
	switch mode := info.Mode(); {
	case !reachable && mode.IsDir():
		return ""
	case mode.Perm()&0o077 != 0:
		private := "600"
		if mode.IsDir() {
			private = "700"
		}
		return fmt.Sprintf("%s is accessible to other users of this machine (%s): run chmod %s %s", path, mode, private, abs)
	case replaceable != "":
		return fmt.Sprintf("%s can be replaced by other users of this machine, because they can write to its parent folder %s: run chmod o-w %s",
			path, replaceable, replaceable)
	}
	return ""
}

// examineParents reports whether other users can pass all folders above path, and returns the folder above
// it, if any, in which all of them can rename what belongs to others. Folders that only a group may change
// don't count: on many systems every user has a group of their own, which owns all of their folders.
func examineParents(path string) (reachable bool, replaceable string) {
	for parent := filepath.Dir(path); ; parent = filepath.Dir(parent) {
		info, err := os.Stat(parent)
		if err != nil {
			return false, ""
		}
		mode := info.Mode()
		if mode.Perm()&0o011 == 0 {
			return false, ""
		}
		if replaceable == "" && mode.Perm()&0o002 != 0 && mode&fs.ModeSticky == 0 {
			replaceable = parent
		}
		if parent == filepath.Dir(parent) {
			return true, replaceable
		}
	}
}
