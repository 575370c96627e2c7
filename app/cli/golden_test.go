package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

func TestMain(m *testing.M) {
	time.Local = time.UTC // commands print local times
	goleak.VerifyTestMain(m,
		// PocketBase starts these once per process.
		goleak.IgnoreTopFunction("github.com/pocketbase/pocketbase/tools/store.(*Store[...]).cleanup"),
	)
}

// golden compares a text with testdata/NAME.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run the test with -update to write the file")
	assert.Equal(t, string(want), got, "if this change is intended, run the test with -update")
}

// server stands in for the running server on a data directory. It answers every operation with the same
// items or the same error, and records the requests.
type server struct {
	t   *testing.T
	dir string
	cfg *config.Config

	mu       sync.Mutex
	items    []any
	progress []progress.Progress // reported before the items
	content  string              // of an archive
	err      error
	requests []string
}

func startServer(t *testing.T) *server {
	t.Helper()
	keys, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	s := &server{t: t, dir: t.TempDir()}
	dataDir := filepath.Join(s.dir, "pb_data")
	s.cfg = config.LoadFrom(s.dir, append(keys.Environ(), "DATA_DIR="+dataDir, "USER_DBS_DIR="+filepath.Join(s.dir, "user_dbs")))

	// The lock of another process makes a command call the server instead of doing the work.
	require.NoError(t, os.MkdirAll(dataDir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dataDir, sqlite.DataFile), nil, 0o600))
	lock := flock.New(filepath.Join(dataDir, app.RuntimeFiles[0]))
	locked, err := lock.TryLock()
	require.NoError(t, err)
	require.True(t, locked)
	t.Cleanup(func() { assert.NoError(t, lock.Unlock()) })

	socket := control.NewServer(dataDir, slog.New(slog.DiscardHandler))
	for _, operation := range []string{
		operator.ListDatabases.Name, operator.ShowDatabase.Name, operator.CountDatabases.Name, operator.VerifyDatabases.Name,
		operator.MigrateDatabases.Name, operator.ArchiveDatabases.Name, operator.RestoreDatabases.Name, operator.DeleteDatabases.Name,
		operator.ImportDatabase.Name,
		operator.ListJobs.Name, operator.CountJobs.Name, operator.RetryJobs.Name, operator.CancelJobs.Name,
		operator.PauseQueue.Name, operator.ResumeQueue.Name, operator.PurgeJobs.Name,
		operator.CreateSuperuser.Name, operator.UpsertSuperuser.Name, operator.UpdateSuperuser.Name, operator.DeleteSuperuser.Name,
		operator.CreateOneTimePassword.Name, operator.LimitSuperusers.Name, operator.MoveRecordings.Name, operator.VerifyRecordings.Name,
		operator.CreateBackup.Name, operator.RestoreUser.Name,
	} {
		socket.HandleStream(operation, func(ctx context.Context, request json.RawMessage, emit func(any) error) error {
			s.record(operation, request)
			for _, p := range s.progress {
				progress.Report(ctx, p)
			}
			for _, item := range s.items {
				if err := emit(item); err != nil {
					return err
				}
			}
			return s.err
		})
	}
	for _, operation := range []string{"userdb/export", "userdb/bundle"} {
		socket.HandleDownload(operation, func(_ context.Context, request json.RawMessage, to io.Writer) error {
			s.record(operation, request)
			if s.err != nil {
				return s.err
			}
			_, err := io.WriteString(to, s.content)
			return err
		})
	}
	require.NoError(t, socket.Start())
	t.Cleanup(func() { assert.NoError(t, socket.Stop(context.Background())) })
	return s
}

// randomFields are those of requests that differ each time.
var randomFields = regexp.MustCompile(`,"(id":"[A-Z2-7]{26}|key":"AGE-SECRET-KEY-[A-Z0-9-]+)"`)

func (s *server) record(operation string, request json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, operation+" "+randomFields.ReplaceAllString(string(request), ""))
}

// answer sets what the server answers to the next commands.
func (s *server) answer(items ...any) *server {
	s.items, s.err = items, nil
	return s
}

// fail makes the server answer the next commands with items and then with an error.
func (s *server) fail(message string, items ...any) *server {
	s.items, s.err = items, errors.New(message)
	return s
}

// run runs a command and returns a transcript: the command line, the requests that the server received, and
// what a terminal would show.
func (s *server) run(args ...string) string {
	s.t.Helper()
	s.requests = nil
	var out strings.Builder
	a := app.New(s.cfg)
	a.RootCmd.SetOut(&out)
	a.RootCmd.SetErr(&out)
	if err := Run(s.t.Context(), a, args...); err != nil {
		fmt.Fprintln(&out, "fathom-to-loom: "+err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	transcript := "$ fathom-to-loom " + commandLine(args) + "\n"
	for _, request := range s.requests {
		transcript += "# " + request + "\n"
	}
	return strings.ReplaceAll(transcript+out.String(), s.dir, "/srv") + "\n"
}

// commandLine joins arguments as a user would type them.
func commandLine(args []string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		if quoted[i] = arg; strings.Contains(arg, " ") {
			quoted[i] = `"` + arg + `"`
		}
	}
	return strings.Join(quoted, " ")
}
