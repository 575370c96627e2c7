package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dustin/go-humanize"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
)

// The free space and files below which a warning is due.
const (
	fewBytes    = 1 << 30
	fewNewFiles = 10_000
	scarceShare = 20 // a file system with few new files is short of them if they are less than a 20th of all
)

// checkSpace examines the file systems of the data directories: their space, the reserve and the number of files.
func (e *examination) checkSpace(context.Context) (findings []Finding) {
	seen := map[uint64]bool{}
	summary := ""
	for _, dir := range e.dirs() {
		usage, err := e.Usage(existingParent(dir))
		if err != nil {
			findings = append(findings, failed(Fail, fmt.Errorf("the free space of %s can't be determined: %w", dir, err), "Check its file system"))
			continue
		}
		if seen[usage.Device] {
			continue
		}
		seen[usage.Device] = true
		findings = append(findings, e.spaceOf(dir, usage)...)
		if summary != "" {
			summary += ", "
		}
		summary += fmt.Sprintf("%s free in %s", humanize.Bytes(uint64(max(usage.Free, 0))), dir)
	}
	return orOK(findings, summary)
}

func (e *examination) spaceOf(dir string, usage disk.Usage) (findings []Finding) {
	free := humanize.Bytes(uint64(max(usage.Free, 0)))
	reserve, hasReserve := reserveIn(dir)
	switch {
	case usage.Free < disk.LowSpace:
		findings = append(findings, fail(fmt.Sprintf("the disk of %s is full: %s are free", dir, free), disk.FullAdvice))
	case hasReserve && reserve < disk.ReserveSize:
		findings = append(findings, warn(fmt.Sprintf("the disk of %s was full, and its reserve is not complete again", dir),
			fmt.Sprintf("Free at least %s, and leave the server running", humanize.Bytes(disk.ReserveSize))))
	case usage.Free < fewBytes:
		findings = append(findings, warn(fmt.Sprintf("only %s are free in %s", free, dir), "Free some space before the disk is full"))
	}
	if usage.Files <= 0 { // such as btrfs, which creates them as needed
		return findings
	}
	switch {
	case usage.NewFiles == 0:
		findings = append(findings, fail(fmt.Sprintf("the file system of %s has no inodes left, so that no file can be created", dir),
			"Delete small files that nobody needs, or use a file system with more inodes"))
	case usage.NewFiles < fewNewFiles && usage.NewFiles < usage.Files/scarceShare:
		findings = append(findings, warn(fmt.Sprintf("only %d more files can be created in %s (inodes)", usage.NewFiles, dir),
			"Delete small files that nobody needs, or use a file system with more inodes"))
	}
	return findings
}

// reserveIn returns the size of the file that keeps space free, if there is one.
func reserveIn(dir string) (size int64, found bool) {
	info, err := os.Stat(filepath.Join(dir, disk.ReserveName))
	if err != nil {
		return 0, false
	}
	return info.Size(), true
}

// existingParent returns path or the closest parent that exists.
func existingParent(path string) string {
	for {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path
		}
		parent := filepath.Dir(path)
		if parent == path {
			return path
		}
		path = parent
	}
}
