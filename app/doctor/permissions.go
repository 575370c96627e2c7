package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// checkPermissions reports files that this process can't use and files that others can.
func (e *examination) checkPermissions(ctx context.Context) (findings []Finding) {
	for _, dir := range e.dirs() {
		if parent := existingParent(dir); parent != dir { // the start creates the directory
			if err := fileperm.RequireFolder(parent); err != nil {
				findings = append(findings, failed(Fail, fmt.Errorf("%s can't be created: %w", dir, err), "Create it, and make the server's user its owner"))
			}
			continue
		}
		if warning := fileperm.Exposed(dir); warning != "" {
			message, advice, _ := strings.Cut(warning, ": ")
			findings = append(findings, warn(message, upperFirst(advice)))
		}
		owner, found := ownerOf(dir)
		if uid := os.Geteuid(); found && owner != uid {
			findings = append(findings, warn(fmt.Sprintf("%s belongs to user %d, but this command runs as user %d", dir, owner, uid),
				fmt.Sprintf("Run the server and its commands as user %d, or run chown -R %d %s", owner, uid, dir)))
		}
	}
	unusable, exposed, err := e.examineDatabaseFiles(ctx)
	if err != nil {
		return append(findings, failed(Fail, err, "Correct what the error says"))
	}
	if unusable.count > 0 {
		findings = append(findings, fail(fmt.Sprintf("the server can't use %s: %v", unusable, unusable.first),
			fmt.Sprintf("Give the files to the user that runs the server, and run chmod -R u+rwX %s", e.App.Config.UserDBsDir)))
	}
	if exposed.count > 0 && len(findings) == 0 { // otherwise the folder above them is exposed, or not theirs
		findings = append(findings, warn(fmt.Sprintf("other users of this machine can read %s", exposed),
			fmt.Sprintf("Run chmod -R go-rwx %s", e.App.Config.UserDBsDir)))
	}
	return orOK(findings, "only the server's user can use the data")
}

// tally counts databases and keeps an example.
type tally struct {
	count int
	name  string
	first error
}

func (t *tally) add(name string, err error) {
	if t.count == 0 {
		t.name, t.first = name, err
	}
	t.count++
}

// String returns such as "1 user database (2026-01-15-001-ada)".
func (t tally) String() string {
	if t.count == 1 {
		return "1 user database (" + t.name + ")"
	}
	return fmt.Sprintf("%d user databases (such as %s)", t.count, t.name)
}

// examineDatabaseFiles examines the folder and the file of every user database.
func (e *examination) examineDatabaseFiles(ctx context.Context) (unusable, exposed tally, err error) {
	dir := e.App.Config.UserDBsDir
	folders, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return unusable, exposed, nil
	}
	if err != nil {
		return unusable, exposed, fmt.Errorf("list user databases: %w", fileperm.Explain(dir, err))
	}
	for _, folder := range folders {
		if ctx.Err() != nil {
			return unusable, exposed, fmt.Errorf("examine user databases: %w", ctx.Err())
		}
		if !registry.ValidName(folder.Name()) {
			continue
		}
		path := filepath.Join(dir, folder.Name())
		file := filepath.Join(path, sqlite.DataFile)
		usable := fileperm.RequireFolder(path)
		if usable == nil {
			usable = fileperm.RequireFile(file)
		}
		if usable != nil && !errors.Is(usable, fs.ErrNotExist) { // checkOrphans reports what is missing
			unusable.add(folder.Name(), usable)
		}
		if isOpenToOthers(path) && isOpenToOthers(file) {
			exposed.add(folder.Name(), nil)
		}
	}
	return unusable, exposed, nil
}

func isOpenToOthers(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o077 != 0
}

func ownerOf(path string) (uid int, found bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	stat, isUnix := info.Sys().(*syscall.Stat_t)
	if !isUnix {
		return 0, false
	}
	return int(stat.Uid), true
}

// dirs returns the data directories.
func (e *examination) dirs() []string { return []string{e.App.DataDir(), e.App.Config.UserDBsDir} }
