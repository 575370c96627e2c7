// Package polltest waits in tests for conditions that no channel reports.
package polltest

import (
	"fmt"
	"testing"
	"time"
)

const timeout = 2 * time.Minute // for machines that are slow or busy

// Until calls a condition at intervals until it returns true, and ends the test with a message after two
// minutes. The arguments of the message are formatted then. Unlike require.Eventually it calls the
// condition on the test's goroutine, where the condition may end the test.
func Until(t testing.TB, interval time.Duration, condition func() bool, message string, args ...any) {
	t.Helper()
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for !condition() {
		select {
		case <-deadline.C:
			t.Fatalf("still waiting after %s: %s", timeout, fmt.Sprintf(message, args...))
		case <-tick.C:
		}
	}
}
