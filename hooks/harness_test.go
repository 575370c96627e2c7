package hooks_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	"github.com/fathom-to-loom/fathom-to-loom/app/simulator"
	"github.com/fathom-to-loom/fathom-to-loom/hooks"
	_ "github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// PocketBase starts these once for the process.
		goleak.IgnoreTopFunction("github.com/pocketbase/pocketbase/tools/store.(*Store[...]).cleanup"),
	)
}

const userPassword = "a-good-password"

// secrets are the same for every server of this test binary, because PocketBase
// reads its settings key from the process environment.
var secrets = sync.OnceValue(func() config.Generated {
	generated, err := config.Generate(rand.Reader)
	if err != nil {
		panic(err)
	}
	return generated
})

// server is the program as main starts it, on a port of its own, next to a
// simulator of its own.
type server struct {
	t   testing.TB
	app *app.App
	url string
	sim *simulator.Server
	log *logBuffer
	dir string

	stop func() error

	mu             sync.Mutex
	superuserToken string
}

type options struct {
	dir      string // data of an earlier server to go on with
	sim      *simulator.Server
	settings []string // KEY=value
	simCfg   simulator.Config
	prepare  func(*server) // before it starts
}

// start runs `serve` and waits until it answers.
func start(t testing.TB, opts options) *server {
	t.Helper()
	if opts.dir == "" {
		opts.dir = t.TempDir()
	}
	s := &server{t: t, dir: opts.dir, sim: opts.sim, log: &logBuffer{}}
	if s.sim == nil {
		var err error
		cfg := opts.simCfg
		cfg.Logger, cfg.ProcessingPolls = slog.New(slog.DiscardHandler), 1
		s.sim, err = simulator.New(cfg)
		require.NoError(t, err)
		require.NoError(t, s.sim.Start(context.Background()))
		t.Cleanup(func() { require.NoError(t, s.sim.Stop(context.Background())) })
	}

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.url = "http://" + listener.Addr().String()
	environ := append(secrets().Environ(),
		"DATA_DIR="+filepath.Join(opts.dir, "pb_data"),
		"USER_DBS_DIR="+filepath.Join(opts.dir, "user_dbs"),
		"PUBLIC_URL="+s.url,
		"FATHOM_API_URL="+s.sim.FathomURL(),
		"LOOM_URL="+s.sim.LoomURL(),
		"FATHOM_POLL_INTERVAL=10ms",
		"LOG_LEVEL=debug",
		"JOB_DRAIN_TIMEOUT=0s",
	)
	s.app = app.New(config.LoadFrom(opts.dir, append(environ, opts.settings...)))
	s.app.Log = slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	hooks.Register(s.app)
	if opts.prepare != nil {
		opts.prepare(s)
	}
	s.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Priority: -1, Func: func(e *core.ServeEvent) error { // before the superuser is made
		cheapPasswords(t, e.App)
		return e.Next()
	}})
	ready := make(chan struct{})
	s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Listener = listener
		err := e.Next()
		if err == nil {
			close(ready)
		}
		return err
	})

	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- cli.Run(ctx, s.app, "serve") }()
	s.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		require.NoError(t, s.stop())
		http.DefaultClient.CloseIdleConnections()
		if t.Failed() {
			t.Log("server log:\n" + s.log.String())
		}
	})
	select {
	case <-ready:
	case err := <-ended:
		ended <- err
		require.NoError(t, err)
		t.Fatal("the server ended by itself")
	}
	return s
}

// cheapPasswords keeps bcrypt, which the race detector slows down many times
// over, from being most of what the tests do.
func cheapPasswords(t testing.TB, pb core.App) {
	for _, name := range []string{"users", core.CollectionNameSuperusers} {
		collection, err := pb.FindCollectionByNameOrId(name)
		require.NoError(t, err)
		collection.Fields.GetByName("password").(*core.PasswordField).Cost = 4
		require.NoError(t, pb.Save(collection))
	}
}

// answer is what came back from a call.
type answer struct {
	Status int
	Header http.Header
	Raw    string
	body   any
}

func (a answer) get(path string) any {
	value := a.body
	for key := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[key]
	}
	return value
}

func (a answer) text(path string) string {
	value, _ := a.get(path).(string)
	return value
}

func (a answer) items() []map[string]any {
	list, _ := a.get("items").([]any)
	items := make([]map[string]any, len(list))
	for i, item := range list {
		items[i] = item.(map[string]any)
	}
	return items
}

// call sends JSON, or nothing for a nil body, to an absolute URL.
func (s *server) call(method, link, token string, body any) answer {
	s.t.Helper()
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		require.NoError(s.t, err)
		reader = bytes.NewReader(raw)
	}
	request, err := http.NewRequest(method, link, reader)
	require.NoError(s.t, err)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	return s.do(request)
}

func (s *server) do(request *http.Request) answer {
	s.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	result := answer{Status: response.StatusCode, Header: response.Header, Raw: string(raw)}
	_ = json.Unmarshal(raw, &result.body) // some answers are no JSON
	return result
}

// person is a signed-in user.
type person struct {
	*server
	id, email string
	token     string // for the global PocketBase
	name      string // of their database
	db        string // its URL
	session   string // the token for it
}

func (s *server) register(email string) answer {
	s.t.Helper()
	return s.call(http.MethodPost, s.url+"/api/collections/users/records", "", map[string]any{
		"email": email, "password": userPassword, "passwordConfirm": userPassword})
}

func (s *server) authenticate(email string) answer {
	s.t.Helper()
	return s.call(http.MethodPost, s.url+"/api/collections/users/auth-with-password", "", map[string]any{
		"identity": email, "password": userPassword})
}

// signUp registers and signs in.
func (s *server) signUp(email string) person {
	s.t.Helper()
	created := s.register(email)
	require.Equal(s.t, 200, created.Status, created.Raw)
	auth := s.authenticate(email)
	require.Equal(s.t, 200, auth.Status, auth.Raw)
	return person{
		server: s, id: auth.text("record.id"), email: email, token: auth.text("token"),
		name: auth.text("meta.database.name"), db: auth.text("meta.database.url"), session: auth.text("meta.database.token"),
	}
}

// superuser is the token of the operator, who signs in once.
func (s *server) superuser() string {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.superuserToken != "" {
		return s.superuserToken
	}
	auth := s.call(http.MethodPost, s.url+"/api/collections/_superusers/auth-with-password", "", map[string]any{
		"identity": secrets().AdminEmail, "password": secrets().AdminPassword.Reveal()})
	require.Equal(s.t, 200, auth.Status, auth.Raw)
	s.superuserToken = auth.text("token")
	return s.superuserToken
}

// own calls the person's own database.
func (p person) own(method, path string, body any) answer {
	p.t.Helper()
	return p.call(method, p.db+path, p.session, body)
}

func (p person) listOwn(collection, filter string) []map[string]any {
	p.t.Helper()
	got := p.own(http.MethodGet, "/api/collections/"+collection+"/records?perPage=200&filter="+url.QueryEscape(filter), nil)
	require.Equal(p.t, 200, got.Status, got.Raw)
	return got.items()
}

func (p person) enqueue(kind string, payload any) answer {
	p.t.Helper()
	return p.call(http.MethodPost, p.url+"/api/collections/global_queue/records", p.token, map[string]any{"kind": kind, "payload": payload})
}

func (p person) job(id string) answer {
	p.t.Helper()
	return p.call(http.MethodGet, p.url+"/api/collections/global_queue/records/"+id, p.token, nil)
}

// saveKey stores a Fathom key and waits for the verdict on it.
func (p person) saveKey(key string) answer {
	p.t.Helper()
	saved := p.own(http.MethodPost, "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": key})
	require.Equal(p.t, 200, saved.Status, saved.Raw)
	var now answer
	p.eventually(func() bool {
		now = p.own(http.MethodGet, "/api/collections/connections/records/"+saved.text("id"), nil)
		return now.text("status") != "checking"
	})
	return now
}

// run enqueues a job and waits until it has ended.
func (p person) run(kind string, payload any) answer {
	p.t.Helper()
	created := p.enqueue(kind, payload)
	require.Equal(p.t, 200, created.Status, created.Raw)
	var job answer
	p.eventually(func() bool {
		job = p.job(created.text("id"))
		switch job.text("status") {
		case "completed", "dead", "cancelled":
			return true
		}
		return false
	})
	return job
}

// connected is a person with a good key and their meetings synced.
func (s *server) connected(email string) person {
	s.t.Helper()
	p := s.signUp(email)
	require.Equal(s.t, "valid", p.saveKey(simulator.DemoAPIKey).text("status"))
	require.Equal(s.t, "completed", p.run("fathom.sync", map[string]any{}).text("status"))
	return p
}

// user is the record of an account.
func (s *server) user(id string) *core.Record {
	s.t.Helper()
	user, err := s.app.FindRecordById("users", id)
	require.NoError(s.t, err)
	return user
}

// provision is the database of an account, as a sign-in gets it.
func (s *server) provision(id string) registry.Entry {
	s.t.Helper()
	entry, err := s.app.Databases.Provision(context.Background(), s.user(id))
	require.NoError(s.t, err)
	return entry
}

// openDatabases is how many user databases are open or being closed.
func (s *server) openDatabases() int {
	stats, err := s.app.Databases.Stats(s.t.Context())
	require.NoError(s.t, err)
	return stats.Pool.Open + stats.Pool.Closing
}

func (s *server) eventually(done func() bool) {
	s.t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-deadline.C:
			s.t.Fatal("it did not happen within 30 s")
		case <-tick.C:
		}
	}
}

// logBuffer is a log that may be read while it is written.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// grepData says in which files below the server's data directories a text stands.
func (s *server) grepData(text string) []string {
	s.t.Helper()
	var found []string
	err := filepath.WalkDir(s.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(text)) {
			found = append(found, path)
		}
		return err
	})
	require.NoError(s.t, err)
	return found
}

func recordingFilter(id int64) string { return fmt.Sprintf("recording_id = %d", id) }
