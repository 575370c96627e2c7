package userdb

import (
	"fmt"

	"github.com/dustin/go-humanize"
)

// CheckQuota returns ErrQuotaExceeded if the database would exceed the quota with that many bytes
// more.
func (s *Service) CheckQuota(db *Database, bytes int64) error {
	if s.quota == 0 {
		return nil
	}
	usage, err := s.Usage(db)
	if err != nil {
		return err
	}
	if usage.Bytes+bytes > usage.Quota {
		return fmt.Errorf("%w: %s used of %s", ErrQuotaExceeded,
			humanize.Bytes(uint64(usage.Bytes)), humanize.Bytes(uint64(usage.Quota)))
	}
	return nil
}
