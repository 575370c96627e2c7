package disk

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// probedUsage is UsageOf for a folder that this process writes to. It also notices a file system that the kernel has made
// read-only because it found a fault: since Linux 6.15, ext4 no longer says so when it is asked for its state.
func probedUsage(dir string) (Usage, error) {
	usage, err := UsageOf(dir)
	if err == nil && !usage.ReadOnly {
		usage.ReadOnly = errors.Is(os.Chtimes(dir, time.Now(), time.Time{}), syscall.EROFS) // sets only the access time
	}
	return usage, err
}
