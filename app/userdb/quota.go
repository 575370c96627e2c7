package userdb

import (
	"fmt"

	"github.com/dustin/go-humanize"
)

// CheckQuota returns ErrQuotaExceeded if the given number of additional bytes would take the database
// over its storage quota.
func (s *Service) CheckQuota(db *Database, additional int64) error {
	if s.quota == 0 {
		return nil
	}
	usage, err := s.Usage(db)
	if err != nil {
		return err
	}
	if usage.Bytes+additional > usage.Quota {
		return fmt.Errorf("%w: %s of %s used", ErrQuotaExceeded,
			humanize.Bytes(uint64(usage.Bytes)), humanize.Bytes(uint64(usage.Quota)))
	}
	return nil
}
