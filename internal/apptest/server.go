// Package apptest starts the whole program in a test, as main does, and uses it over HTTP as clients do.
// Every Server has its own port, data directory and simulated Fathom and Loom.
//
// Functions that use a testing.TB end the test on failure, so they must be called on the test's goroutine.
// Send and DialStream return errors instead, for use in other goroutines. The package must not reach into
// the program beyond what its exported API offers.
package apptest

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/hooks"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	_ "github.com/fathom-to-loom/fathom-to-loom/migrations"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Main runs a package's tests and fails when one of them leaves a goroutine behind.
func Main(m *testing.M) {
	syscall.Umask(0o077) // as App.Prepare does, also for tests that start no server
	goleak.VerifyTestMain(m,
		// PocketBase starts these once for the process.
		goleak.IgnoreTopFunction("github.com/pocketbase/pocketbase/tools/store.(*Store[...]).cleanup"),
		// PocketBase's cron can't be stopped in the moment in which it starts to tick.
		goleak.IgnoreTopFunction("github.com/pocketbase/pocketbase/tools/cron.(*Cron).Start.func1.1"),
	)
}

// Secrets are the same for every server of a test binary, because PocketBase reads its settings key from
// the process environment.
var Secrets = sync.OnceValue(func() config.Generated {
	generated, err := config.Generate(rand.Reader)
	if err != nil {
		panic(err)
	}
	return generated
})

// Server is a running server with a simulator.
type Server struct {
	T         testing.TB
	App       *app.App
	URL       string
	Simulator *simulator.Server
	Log       *logtest.Buffer
	Dir       string // holds pb_data and user_dbs

	// Stop stops the server, waits until it has stopped and returns the error of the serve command.
	// Further calls return the same error.
	Stop func() error

	mu             sync.Mutex
	superuserToken string
}

// Options of a Server. The zero value starts an empty server.
type Options struct {
	Dir             string            // data of an earlier server; by default a new folder
	Simulator       *simulator.Server // by default a new simulator
	SimulatorConfig simulator.Config  // of the new simulator
	Settings        []string          // KEY=value
	Now             func() time.Time  // the clock of jobs; by default the real time
	Prepare         func(*Server)     // runs before the server starts
}

// Start runs the serve command and waits until the server answers. The server stops with the test.
func Start(t testing.TB, opts Options) *Server {
	t.Helper()
	if opts.Dir == "" {
		opts.Dir = t.TempDir()
		data := filepath.Join(opts.Dir, "pb_data")
		require.NoError(t, os.Mkdir(data, 0o700))
		require.NoError(t, copyTemplate(data))
	}
	s := &Server{T: t, Dir: opts.Dir, Simulator: opts.Simulator, Log: &logtest.Buffer{}}
	if s.Simulator == nil {
		s.Simulator = startSimulator(t, opts.SimulatorConfig)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.URL = "http://" + listener.Addr().String()
	s.App = newApp(opts.Dir, s.Log, append([]string{
		"PUBLIC_URL=" + s.URL,
		"FATHOM_API_URL=" + s.Simulator.FathomURL(),
		"LOOM_URL=" + s.Simulator.LoomURL(),
		"ATLASSIAN_MCP_URL=" + cmp.Or(s.Simulator.AtlassianURL(), "http://127.0.0.1:1/v2/mcp"), // never the real one
		"FATHOM_POLL_INTERVAL=10ms",
		"SYNC_EVERY=0",       // so that only the syncs of a test call Fathom
		"FATHOM_PARTS_FOR=0", // so that only the jobs of a test call Fathom
		"JOB_DRAIN_TIMEOUT=0s",
		"SIGNUP_LIMITS=0,0,0", // all users of a test sign up from one network
	}, opts.Settings...))
	s.App.Now = opts.Now
	if opts.Prepare != nil {
		opts.Prepare(s)
	}
	running, err := run(s.App, listener)
	s.Stop = running.stop
	t.Cleanup(func() {
		require.NoError(t, s.Stop())
		http.DefaultClient.CloseIdleConnections()
		if t.Failed() {
			t.Log("server log:\n" + s.Log.String())
		}
	})
	require.NoError(t, err)
	return s
}

// Restart stops the server, if it still runs, and starts another with the same data and simulator, and with the given
// settings.
func (s *Server) Restart(settings ...string) *Server {
	s.T.Helper()
	require.NoError(s.T, s.Stop())
	return Start(s.T, Options{Dir: s.Dir, Simulator: s.Simulator, Settings: settings})
}

func startSimulator(t testing.TB, cfg simulator.Config) *simulator.Server {
	t.Helper()
	cfg.Logger, cfg.ProcessingPolls = slog.New(slog.DiscardHandler), 1
	sim, err := simulator.New(cfg)
	require.NoError(t, err)
	require.NoError(t, sim.Start(context.Background()))
	t.Cleanup(func() { require.NoError(t, sim.Stop(context.Background())) })
	return sim
}

// NewApp returns the program as main creates it, with its data in dir. The caller runs it.
func NewApp(dir string, settings ...string) *app.App { return newApp(dir, &logtest.Buffer{}, settings) }

func newApp(dir string, log *logtest.Buffer, settings []string) *app.App {
	environ := append(Secrets().Environ(),
		"DATA_DIR="+filepath.Join(dir, "pb_data"), "USER_DBS_DIR="+filepath.Join(dir, "user_dbs"), "LOG_LEVEL=debug")
	a := app.New(config.LoadFrom(dir, append(environ, settings...)))
	a.Console = log
	a.Logs.SetConsole(log)
	hooks.Register(a)
	return a
}

// serving is a running serve command.
type serving struct{ stop func() error }

// run starts the serve command on a listener and waits until it answers or fails.
func run(a *app.App, listener net.Listener) (serving, error) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Priority: -1, // before the superuser is created
		Func: func(e *core.ServeEvent) error {
			if err := cheapenPasswords(e.App); err != nil {
				return err
			}
			return e.Next()
		},
	})
	ready := make(chan struct{})
	a.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Listener = listener
		err := e.Next()
		if err == nil {
			close(ready)
		}
		return err
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- cli.Run(ctx, a, "serve") }()
	s := serving{stop: sync.OnceValue(func() error {
		cancel()
		return <-ended
	})}
	select {
	case <-ready:
		return s, nil
	case err := <-ended:
		ended <- nil
		return s, errors.Join(errors.New("the server stopped before it was ready"), err)
	}
}

// cheapenPasswords lowers the cost of bcrypt, because under the race detector password hashing would take
// most of the tests' time.
func cheapenPasswords(pb core.App) error {
	const cost = 4
	for _, name := range []string{"users", core.CollectionNameSuperusers} {
		collection, err := pb.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		password := collection.Fields.GetByName("password").(*core.PasswordField)
		if password.Cost == cost {
			continue
		}
		password.Cost = cost
		if err := pb.Save(collection); err != nil {
			return err
		}
	}
	return nil
}

// copyTemplate copies the global database of a server that was started and stopped once.
var copyTemplate = dbtest.Template(func(dir string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	userDBs := dir + "-user_dbs"
	running, err := run(newApp(dir, &logtest.Buffer{}, []string{"DATA_DIR=" + dir, "USER_DBS_DIR=" + userDBs}), listener)
	return errors.Join(err, running.stop(), os.RemoveAll(userDBs))
})

// User returns the record of an account.
func (s *Server) User(id string) *core.Record {
	s.T.Helper()
	user, err := s.App.FindRecordById("users", id)
	require.NoError(s.T, err)
	return user
}

// Provision returns the database of an account, as a sign-in does.
func (s *Server) Provision(id string) registry.Entry {
	s.T.Helper()
	entry, err := s.App.Databases.Provision(context.Background(), s.User(id))
	require.NoError(s.T, err)
	return entry
}

// OpenDatabases returns how many user databases are open or closing.
func (s *Server) OpenDatabases() int {
	stats, err := s.App.Databases.Stats(s.T.Context())
	require.NoError(s.T, err)
	return stats.Pool.Open + stats.Pool.Closing
}

// Eventually calls done on the test's goroutine until it returns true, and ends the test after two minutes.
func (s *Server) Eventually(done func() bool) {
	s.T.Helper()
	polltest.Until(s.T, 10*time.Millisecond, done, "the condition is false")
}
