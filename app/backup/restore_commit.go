package backup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/clock"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
)

// AsidePrefix starts the names of the folders in both directories that hold what a restore has replaced.
const AsidePrefix = ".before-restore-"

// staysInPlace are the names in a data directory that aren't data: they belong to a process, to the file system, or to a
// checkout, or were created for this machine.
var staysInPlace = []string{".lock", control.SocketName, disk.ReserveName, ".gitkeep", "lost+found", ".autocert_cache", StateName, StatusName, WriterName, stagingName, finishedName, clock.StateName}

// contentOf lists the data in a directory.
func contentOf(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, entry := range entries {
		if name := entry.Name(); !slices.Contains(staysInPlace, name) && !strings.HasPrefix(name, AsidePrefix) &&
			!strings.HasPrefix(name, verifyPrefix) && !standby.StaysInPlace(name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// IsFormerData reports whether a name in a data directory is that of a folder that a restore has left or is working in.
func IsFormerData(name string) bool {
	return name == stagingName || name == finishedName || strings.HasPrefix(name, AsidePrefix)
}

// commitPlan replaces the content of both directories. Applying it again does the rest. A directory without a staging folder is done.
type commitPlan struct {
	Set         string          `json:"set"`
	Aside       string          `json:"aside"` // the name of the folder for the former content
	Directories []directoryPlan `json:"directories"`

	step func() error // is called before every change; its error stands for a crash. Only tests set it.
}

type directoryPlan struct {
	Dir    string   `json:"dir"`
	Former []string `json:"former"` // the names that are moved aside
}

const (
	planName  = "commit.json"
	movedName = "moved" // in a staging folder: everything in Former has been moved aside
	// finishedName is the name that a staging folder gets before it is removed.
	finishedName = ".restoring-done"
)

// commit writes the plan. From then on, the restore takes place.
func (s *staging) commit() (commitPlan, error) {
	plan := commitPlan{Set: s.result.Set.Name}
	for at := s.Now().UTC(); plan.Aside == ""; at = at.Add(time.Second) { // two restores in the same second
		name := AsidePrefix + at.Format(nameLayout)
		taken := slices.ContainsFunc(s.dirs(), func(dir string) bool {
			_, err := os.Lstat(filepath.Join(dir, name))
			return err == nil
		})
		if !taken {
			plan.Aside = name
		}
	}
	for _, dir := range s.dirs() {
		path, err := filepath.Abs(dir)
		if err != nil {
			return commitPlan{}, err
		}
		former, err := contentOf(path)
		if err != nil {
			return commitPlan{}, err
		}
		for _, name := range former {
			if err := requireMovable(path, name); err != nil {
				return commitPlan{}, err
			}
		}
		plan.Directories = append(plan.Directories, directoryPlan{Dir: path, Former: former})
	}
	plan.step = s.step
	if err := plan.before(); err != nil {
		return commitPlan{}, err
	}
	return plan, durable.WriteJSON(filepath.Join(plan.Directories[0].Dir, stagingName, planName), plan)
}

// FinishRestore completes a restore that was interrupted while it replaced the data. It returns the name of the set, or "" if
// there was nothing to do. No process may use the directories.
func FinishRestore(dataDir string) (set string, err error) {
	plan, err := readPlan(dataDir)
	if err == nil && plan.Set == "" {
		return "", os.RemoveAll(filepath.Join(dataDir, finishedName))
	}
	if err == nil {
		_, err = plan.apply()
	}
	if err != nil {
		return "", fmt.Errorf("complete the interrupted restore of a backup: %w", err)
	}
	return plan.Set, nil
}

// UnfinishedRestore returns the name of the set that FinishRestore would restore, or "".
func UnfinishedRestore(dataDir string) (set string, err error) {
	plan, err := readPlan(dataDir)
	if err != nil {
		return "", fmt.Errorf("read the interrupted restore of a backup: %w", err)
	}
	return plan.Set, nil
}

// readPlan returns the plan of an interrupted restore, or an empty one.
func readPlan(dataDir string) (plan commitPlan, err error) {
	_, err = durable.ReadJSON(filepath.Join(dataDir, stagingName, planName), &plan)
	return plan, err
}

// requireMovable returns an error unless an entry of a directory can be renamed. A file system that is mounted there can't.
func requireMovable(dir, name string) error {
	own, err := disk.UsageOf(dir)
	if err != nil {
		return err
	}
	info, err := os.Lstat(filepath.Join(dir, name))
	if err != nil || !info.IsDir() {
		return err
	}
	entry, err := disk.UsageOf(filepath.Join(dir, name))
	if err == nil && entry.Device != own.Device {
		err = fmt.Errorf("%s is a mount point, so it can't be moved aside: unmount it, or restore with --into", filepath.Join(dir, name))
	}
	return err
}

func (p commitPlan) before() error {
	if p.step == nil {
		return nil
	}
	return p.step()
}

// apply returns the folders that hold the former content.
func (p commitPlan) apply() (aside []string, err error) {
	aside = []string{}
	for _, directory := range p.Directories {
		if err := p.replace(directory); err != nil {
			return nil, err
		}
		if len(directory.Former) > 0 {
			aside = append(aside, filepath.Join(directory.Dir, p.Aside))
		}
	}
	// The first one last: it contains the plan, which says that there is something to do.
	for _, directory := range slices.Backward(p.Directories) {
		if err := p.finish(directory.Dir); err != nil {
			return nil, err
		}
	}
	return aside, nil
}

// finish removes a staging folder. It gets another name first, so that it is complete or absent.
func (p commitPlan) finish(dir string) error {
	staging, finished := filepath.Join(dir, stagingName), filepath.Join(dir, finishedName)
	for _, change := range []func() error{
		func() error { return os.RemoveAll(finished) },
		func() error {
			if err := os.Rename(staging, finished); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			return durable.SyncDir(dir)
		},
		func() error { return os.RemoveAll(finished) },
	} {
		if err := p.before(); err != nil {
			return err
		}
		if err := change(); err != nil {
			return err
		}
	}
	return nil
}

// replace moves the former content of a directory aside and the new content into place.
func (p commitPlan) replace(d directoryPlan) error {
	staging := filepath.Join(d.Dir, stagingName)
	if _, err := os.Stat(staging); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	moved := filepath.Join(staging, movedName)
	if _, err := os.Stat(moved); errors.Is(err, fs.ErrNotExist) {
		if err := p.moveAll(d.Dir, filepath.Join(d.Dir, p.Aside), d.Former); err != nil {
			return err
		}
		if err := p.before(); err != nil {
			return err
		}
		if err := durable.WriteFile(moved, 0o600, writeText("")); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Join(staging, "new"))
	if err != nil {
		return err
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return p.moveAll(filepath.Join(staging, "new"), d.Dir, names)
}

// moveAll moves entries of a folder to another one, which it creates if there is anything to move. Those that don't exist were moved
// by an earlier call.
func (p commitPlan) moveAll(from, to string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	if err := p.before(); err != nil {
		return err
	}
	if err := os.Mkdir(to, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	for _, name := range names {
		if err := p.before(); err != nil {
			return err
		}
		err := os.Rename(filepath.Join(from, name), filepath.Join(to, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return errors.Join(durable.SyncDir(to), durable.SyncDir(from))
}

func writeText(text string) func(io.Writer) error {
	return func(to io.Writer) error {
		_, err := io.WriteString(to, text)
		return err
	}
}
