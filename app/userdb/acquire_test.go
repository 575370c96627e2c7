package userdb_test

import (
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
)

// It counts goroutines and files of the whole process, so it must not run in parallel with other tests.
func TestOpeningAndClosingLeaksNothing(t *testing.T) {
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=1"}})
	people := []apptest.Person{s.SignUp("a@example.com"), s.SignUp("b@example.com")}
	openEach := func() {
		for _, p := range people {
			acquire(p).Release()
		}
	}
	openEach()
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for range testsize.Of(50, 2000) {
		openEach()
	}
	s.Eventually(func() bool { return runtime.NumGoroutine() <= goroutines+5 && openFiles(t) <= files+5 })
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}
