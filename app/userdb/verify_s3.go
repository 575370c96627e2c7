package userdb

import (
	"fmt"
	"sync"
)

// s3Check is what one verification of several databases knows about S3. Once S3 has failed, the verification leaves it
// alone: it would otherwise wait for S3 once for each database. It is safe for concurrent use.
type s3Check struct {
	mu     sync.Mutex
	failed bool
}

// skip reports whether S3 has failed.
func (c *s3Check) skip() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// report returns the problem that an error of S3 is. If it is a failure that concerns all recordings, only the first
// one is a problem; it says that there are no further checks.
func (c *s3Check) report(err error) error {
	if storageFailure(err) == nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed { // of another database, which was checked at the same time
		return nil
	}
	c.failed = true
	return fmt.Errorf("%w; recordings in S3 aren't checked in this and all further databases", err)
}
