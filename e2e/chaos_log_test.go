package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
)

// damage changes a byte of the write-ahead log in a folder, at a random place in a part of it.
func damage(t *testing.T, random *rand.Rand, dir, part string) {
	t.Helper()
	path := filepath.Join(dir, sqlite.DataFile+"-wal")
	log, err := os.ReadFile(path)
	require.NoError(t, err)
	size := len(log)
	require.Greater(t, size, 4*4096, "the log contains several pages")
	first, last := 0, 32 // the header
	switch part {
	case "middle":
		first, last = size/3, 2*size/3
	case "tail":
		first, last = size-4096, size
	}
	at := first + random.IntN(last-first)
	t.Logf("damaged byte %d of %d of the log in %s", at, size, filepath.Base(dir))
	log[at] ^= byte(1 + random.IntN(255))
	require.NoError(t, os.WriteFile(path, log, 0o600))
}

// The server is killed, and the log of one database after the other loses a byte.
func TestDamagedLogsLoseOnlyWhatFollows(t *testing.T) {
	t.Parallel()
	random, sim := testseed.New(t), chaosSimulator(t)
	in := install(t, sim, "SIGNUP_LIMITS=0,0,0")
	parts := []string{"header", "middle", "tail"}
	for round := range testsize.Of(1, 10) {
		server := in.serve()
		load := startLoadOf(in, fmt.Sprintf("round%d-", round), len(parts)+1)
		load.await(20)
		server.kill()
		load.stop()
		for i, part := range parts {
			damage(t, random, filepath.Join(in.dir, "user_dbs", load.people[i].name), part)
		}
		server = in.serve()
		for i, part := range parts {
			p := load.people[i]
			lost := p.requireBeginning()
			t.Logf("%s: %d of %d acknowledged writes are lost", part, lost, len(p.history))
			if part != "tail" {
				assert.Positive(t, lost)
			}
			reported := strings.Contains(server.log.String(), filepath.Join("user_dbs", p.name, sqlite.DataFile+sqlite.DamagedLogSuffix))
			assert.True(t, reported || part == "tail", server.log)
			p.requireWorking()
		}
		unaffected := load.people[len(parts)]
		unaffected.requireEverything(sim)
		server.stop()
	}
}

// The same for the global database. What is lost may include jobs, but not the accounts that existed when the server last stopped.
func TestDamagedGlobalLogLosesOnlyWhatFollows(t *testing.T) {
	t.Parallel()
	random, sim := testseed.New(t), chaosSimulator(t)
	in := install(t, sim, "SIGNUP_LIMITS=0,0,0")
	for round, part := range testsize.Of([]string{"middle"}, slices.Repeat([]string{"header", "middle", "tail"}, 10)) {
		server := in.serve()
		load := startLoadOf(in, fmt.Sprintf("round%d-", round), 2)
		server.stop()
		server = in.serve()
		load.await(15)
		server.kill()
		load.stop()
		damage(t, random, in.dataDir(), part)
		server = in.serve()
		lost, kept := 0, 0
		for _, p := range load.people {
			p.requireWorking()
			p.requirePreferences(t)
			for recording, id := range p.jobs {
				if in.countJobs(p.account, "id='"+id+"'") == 0 {
					lost++
					continue
				}
				kept++
				in.requireCompleted(p.account, id)
				in.requireRecording(p.account, recording)
			}
			in.requireCompleted(p.account, in.enqueue(p.account, "fathom.sync", object{}))
		}
		t.Logf("%s: %d of %d acknowledged jobs are lost", part, lost, lost+kept)
		if part != "tail" {
			assert.Contains(t, server.log.String(), "write-ahead log of the global database is damaged")
		}
		assert.Zero(t, in.run("userdb", "verify").exitCode)
		server.stop()
	}
}
