package transfer

import (
	"fmt"
	"os"
	"syscall"
)

// spaceReserve is what a download leaves free for the databases, which fare
// badly on a full disk.
const spaceReserve = 64 << 20

// checkSpace returns an error that wraps ENOSPC when a file of size bytes, part
// of which is there already, would not leave the reserve free.
func checkSpace(partial *os.File, size int64) error {
	info, err := partial.Stat()
	if err != nil {
		return fmt.Errorf("look at a partial file: %w", err)
	}
	var fs syscall.Statfs_t
	if err := syscall.Fstatfs(int(partial.Fd()), &fs); err != nil {
		return fmt.Errorf("ask for free disk space: %w", err)
	}
	free := int64(fs.Bavail) * int64(fs.Bsize)
	if needed := size - info.Size() + spaceReserve; free < needed {
		return fmt.Errorf("%d MB more are needed: %w", (needed-free)>>20, syscall.ENOSPC)
	}
	return nil
}
