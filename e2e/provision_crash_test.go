package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Most of a sign-in is spent on hashing the password, so a kill at a random moment would rarely hit the
// few milliseconds of provisioning. The server is killed shortly after the folder of the new database
// has appeared under any name.
func TestKillDuringProvisioningLeavesOneDatabasePerUser(t *testing.T) {
	t.Parallel()
	delays := drawDelays(t, testsize.Of(5, 15), 4*time.Millisecond)
	in := install(t, startSimulator(t, simulator.Config{}))
	dir := filepath.Join(in.dir, "user_dbs")
	var emails []string
	for round, delay := range delays {
		server := in.serve()
		email := fmt.Sprintf("user%d@example.com", round)
		emails = append(emails, email)
		require.NoError(t, in.register(email))
		before := len(folders(t, dir))
		var signIn sync.WaitGroup
		signIn.Go(func() { _, _ = in.signIn(email) }) // fails if the kill comes first
		polltest.Until(t, 100*time.Microsecond, func() bool { return len(folders(t, dir)) > before }, "%s has no folder", email)
		<-time.After(delay)
		server.kill()
		signIn.Wait()
	}

	in.serve()
	for _, email := range emails {
		who, err := in.signIn(email)
		require.NoError(t, err, email)
		in.mustCall(http.MethodGet, who.recordsURL("meetings"), who.session, nil)
	}
	spares, databases := 0, 0
	for _, name := range folders(t, dir) {
		if strings.HasPrefix(name, ".") {
			spares++
			assert.Contains(t, name, ".new-spare-", "a temporary folder was left behind")
			continue
		}
		databases++
	}
	assert.LessOrEqual(t, spares, 1, "one spare database is prepared for the next user")
	assert.Equal(t, len(emails), databases, "every user has one folder")
}

// drawDelays draws delays below limit and logs them.
func drawDelays(t *testing.T, n int, limit time.Duration) []time.Duration {
	t.Helper()
	random := testseed.New(t)
	delays := make([]time.Duration, n)
	for i := range delays {
		delays[i] = time.Duration(random.Int64N(int64(limit)))
	}
	t.Logf("delays before each kill: %v", delays)
	return delays
}

// folders returns the names of the folders in dir, which may be missing.
func folders(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}
