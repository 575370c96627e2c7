package transfer

import (
	"fmt"
	"os"
	"syscall"

	"github.com/dustin/go-humanize"
)

// reservedSpace is the number of bytes that a download leaves free on the disk, so that the databases don't
// run out of space.
const reservedSpace = 64 << 20

// checkSpace returns syscall.ENOSPC if the missing part of a file would leave less than reservedSpace free on
// the disk, and userdb.ErrQuotaExceeded if it would exceed the database's quota. size is the size of the
// whole file in bytes.
func (r *transferRun) checkSpace(partial *os.File, size int64) error {
	info, err := partial.Stat()
	if err != nil {
		return fmt.Errorf("stat the partial file of recording %d: %w", r.recordingID, err)
	}
	missing := size - info.Size()
	r.db.StorageChanged() // an earlier run may have written the partial file
	if err := r.service.databases.CheckQuota(r.db, missing); err != nil {
		return err
	}
	var fs syscall.Statfs_t
	if err := syscall.Fstatfs(int(partial.Fd()), &fs); err != nil {
		return fmt.Errorf("read the free disk space: %w", err)
	}
	free := int64(fs.Bavail) * int64(fs.Bsize)
	if needed := missing + reservedSpace; free < needed {
		return fmt.Errorf("%s more disk space is needed: %w", humanize.Bytes(uint64(needed-free)), syscall.ENOSPC)
	}
	return nil
}
