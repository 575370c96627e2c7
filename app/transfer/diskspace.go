package transfer

import (
	"fmt"
	"os"
	"syscall"
)

// spaceReserve is what a download leaves free for the databases, which fare
// badly on a full disk.
const spaceReserve = 64 << 20

// checkRoom returns an error when a file of size bytes, part of which is there
// already, would not leave the reserve of the disk free (ENOSPC) or would take
// more than its owner may have (userdb.ErrQuotaExceeded).
func (m *move) checkRoom(partial *os.File, size int64) error {
	info, err := partial.Stat()
	if err != nil {
		return fmt.Errorf("look at a partial file: %w", err)
	}
	missing := size - info.Size()
	m.db.StorageChanged() // so that what an earlier run has brought is counted
	if err := m.service.databases.CheckQuota(m.db, missing); err != nil {
		return err
	}
	var fs syscall.Statfs_t
	if err := syscall.Fstatfs(int(partial.Fd()), &fs); err != nil {
		return fmt.Errorf("ask for free disk space: %w", err)
	}
	free := int64(fs.Bavail) * int64(fs.Bsize)
	if needed := missing + spaceReserve; free < needed {
		return fmt.Errorf("%d MB more are needed: %w", (needed-free)>>20, syscall.ENOSPC)
	}
	return nil
}
