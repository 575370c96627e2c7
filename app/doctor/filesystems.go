package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// Mount is a mounted file system.
type Mount struct {
	Point string // absolute path
	Type  string // such as ext4, nfs4 or fuse.sshfs
}

// networkTypes are file systems on which SQLite's locks and shared memory don't work reliably.
var networkTypes = []string{
	"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "afpfs", "ceph", "lustre", "glusterfs", "beegfs", "gpfs", "ocfs2", "orangefs",
	"coda", "ncpfs", "webdav", "davfs", "vboxsf", "vmhgfs", "prl_fs",
}

// networkFUSE are parts of the names of FUSE file systems that keep files on other machines.
var networkFUSE = []string{
	"sshfs", "s3", "gcsfuse", "goofys", "rclone", "dav", "gluster", "ceph", "blobfuse", "juicefs", "seaweed", "smb", "cifs", "nfs", "curlftpfs",
	"moosefs", "mfs", "lizardfs", "grpcfuse", "osxfs", "gdrive", "google-drive", "onedrive", "dropbox", "vmhgfs", "hdfs", "alluxio",
}

// checkFileSystems refuses file systems on which databases get damaged, and reports those that are probably not meant.
func (e *examination) checkFileSystems(ctx context.Context) (findings []Finding) {
	mounted, err := e.Mounts()
	if err != nil {
		findings = append(findings, warn("the types of file systems can't be determined: "+err.Error(), "Make sure that the data directories are on a local disk"))
	}
	var types []string
	devices := map[string]uint64{}
	for _, dir := range e.dirs() {
		path := existingParent(dir)
		usage, err := e.Usage(path)
		if err != nil {
			findings = append(findings, failed(Fail, fmt.Errorf("the file system of %s can't be examined: %w", dir, err), "Check its mount"))
			continue
		}
		devices[dir] = usage.Device
		if usage.ReadOnly {
			findings = append(findings, fail(dir+" is read-only", "Mount its file system for writing; a disk that has errors becomes read-only, which dmesg shows"))
		}
		if fsType := typeOf(mounted, path); fsType != "" {
			types = append(types, fsType)
			findings = append(findings, judgeType(dir, fsType)...)
		}
	}
	dirs := e.dirs()
	first, known := devices[dirs[0]]
	second, knownToo := devices[dirs[1]]
	if known && knownToo && first != second {
		findings = append(findings, warn("DATA_DIR and USER_DBS_DIR are on different file systems, so that a snapshot of one of them doesn't fit the other",
			"Put both on one file system, or use this program's own backups"))
	}
	findings = append(findings, e.checkLinks(ctx, second)...)
	types = slices.Compact(types)
	if len(types) == 0 {
		return orOK(findings, "the file systems can be written")
	}
	return orOK(findings, "the data is on "+strings.Join(types, " and "))
}

// judgeType returns a finding unless a type of file system suits databases.
func judgeType(dir, fsType string) []Finding {
	name, isFUSE := strings.CutPrefix(fsType, "fuse.")
	switch {
	case slices.Contains(networkTypes, fsType), isFUSE && slices.ContainsFunc(networkFUSE, func(part string) bool { return strings.Contains(name, part) }):
		return one(fail(fmt.Sprintf("%s is on a network file system (%s), on which databases get damaged", dir, fsType),
			"Move it to a local disk; recordings can be stored in S3"))
	case isFUSE, fsType == "virtiofs", fsType == "fakeowner":
		return one(warn(fmt.Sprintf("%s is on %s, which may not be a local disk", dir, fsType), "Use a local disk, or a volume of Docker instead of a shared folder"))
	case slices.Contains([]string{"tmpfs", "ramfs"}, fsType):
		return one(warn(fmt.Sprintf("%s is in memory (%s), so that its content is lost when the machine restarts", dir, fsType), "Move it to a disk"))
	case fsType == "overlay":
		return one(warn(dir+" is inside a container (overlay), so that its content is lost with the container", "Mount a volume there"))
	}
	return nil
}

// typeOf returns the type of the file system that contains a path, or a blank string if it is unknown.
func typeOf(mounted []Mount, path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return ""
	}
	best := Mount{}
	for _, m := range mounted { // of several at one point, the last one covers the others
		if (path == m.Point || strings.HasPrefix(path, strings.TrimSuffix(m.Point, "/")+"/")) && len(m.Point) >= len(best.Point) {
			best = m
		}
	}
	return best.Type
}

// checkLinks reports storage folders of user databases that are on other file systems, by a link or a mount.
func (e *examination) checkLinks(ctx context.Context, device uint64) (findings []Finding) {
	dir := e.App.Config.UserDBsDir
	folders, err := os.ReadDir(dir)
	if err != nil {
		return nil // checkPermissions reports it
	}
	var elsewhere, broken tally
	for _, folder := range folders {
		if ctx.Err() != nil || !registry.ValidName(folder.Name()) {
			continue
		}
		storage := filepath.Join(dir, folder.Name(), core.LocalStorageDirName)
		info, err := os.Lstat(storage)
		if err != nil {
			continue
		}
		usage, err := disk.UsageOf(storage)
		switch {
		case err != nil && info.Mode()&os.ModeSymlink != 0:
			broken.add(folder.Name(), err)
		case err == nil && usage.Device != device:
			elsewhere.add(folder.Name(), nil)
		}
	}
	if broken.count > 0 {
		findings = append(findings, fail(fmt.Sprintf("the storage folder of %s is a link that leads nowhere", broken), "Mount the disk that it leads to"))
	}
	if elsewhere.count > 0 {
		findings = append(findings, warn(fmt.Sprintf("the recordings of %s are on another file system", elsewhere),
			"Make sure that it is mounted before the server starts, and that it is backed up"))
	}
	return findings
}
