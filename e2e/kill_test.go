package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/simulator"
)

const password = "a-good-password"

// call sends JSON and returns the status and decoded answer; an error where the
// server is gone.
func call(method, link, token string, body any) (int, map[string]any, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequest(method, link, bytes.NewReader(raw))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer := map[string]any{}
	if raw, err = io.ReadAll(response.Body); err == nil && len(raw) > 0 {
		err = json.Unmarshal(raw, &answer)
	}
	return response.StatusCode, answer, err
}

type account struct{ token, name, db, session string }

func (in *installation) register(email string) error {
	status, _, err := call("POST", in.url+"/api/collections/users/records", "", map[string]any{
		"email": email, "password": password, "passwordConfirm": password})
	if err == nil && status != 200 {
		err = fmt.Errorf("register: status %d", status)
	}
	return err
}

func (in *installation) signIn(email string) (account, error) {
	status, answer, err := call("POST", in.url+"/api/collections/users/auth-with-password", "", map[string]any{"identity": email, "password": password})
	if err != nil || status != 200 {
		return account{}, fmt.Errorf("sign in: status %d %v: %w", status, answer, err)
	}
	database := answer["meta"].(map[string]any)["database"].(map[string]any)
	return account{
		token: answer["token"].(string), name: database["name"].(string),
		db: database["url"].(string), session: database["token"].(string),
	}, nil
}

// The password hash dominates the time of a sign-up, so that a kill seldom
// meets the few milliseconds of provisioning by chance: the server is killed
// the moment the database's folder appears in any form.
func TestKillDuringProvisioning(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	folder := filepath.Join(in.dir, "user_dbs")
	const rounds = 15
	var emails []string
	for round := range rounds {
		server := in.serve()
		known := len(list(t, folder))
		email := fmt.Sprintf("user%d@example.com", round)
		emails = append(emails, email)
		var wg sync.WaitGroup
		wg.Go(func() { _ = in.register(email) }) // the kill may come first
		delay := time.Duration(rand.IntN(4000)) * time.Microsecond
		require.Eventually(t, func() bool { return len(list(t, folder)) > known }, 20*time.Second, 100*time.Microsecond)
		<-time.After(delay)
		server.kill()
		wg.Wait()
	}

	in.serve()
	for _, email := range emails {
		if err := in.register(email); err == nil {
			t.Logf("%s had not been registered", email)
		}
		who, err := in.signIn(email)
		require.NoError(t, err, email)
		status, _, err := call("GET", who.db+"/api/collections/meetings/records", who.session, nil)
		require.NoError(t, err)
		assert.Equal(t, 200, status, email)
	}
	var left, databases int
	for _, name := range list(t, folder) {
		if strings.HasPrefix(name, ".") {
			left++
			assert.Contains(t, name, ".new-spare-", "it was left lying")
			continue
		}
		databases++
	}
	assert.LessOrEqual(t, left, 1, "the one for the next user")
	assert.Equal(t, rounds, databases, "one folder a user")
}

// list names the folders in dir.
func list(t *testing.T, dir string) []string {
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

func TestKillDuringTransfer(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{RecordingSize: 24 << 20})
	in := install(t, sim)
	server := in.serve()
	who := in.ready(t)
	sim.Inject(simulator.Fault{Path: "/media/*", BytesPerSecond: 12 << 20, Times: -1})
	job := in.enqueue(t, who, "recording.transfer", map[string]any{"recording_id": 1001})
	asked := func() (times int) {
		for _, request := range sim.Requests() {
			if request.Method == "POST" && strings.HasSuffix(request.Path, "/1001/download") {
				times++
			}
		}
		return times
	}
	// A kill between Fathom's answer and its record would ask for a second file:
	// the kills come while bytes do.
	fetching := filepath.Join(in.dir, "user_dbs", who.name, "partial", "*.part")
	for range 4 { // attempts are spent by crashes: a job has eight
		var size int64
		require.Eventually(t, func() bool {
			if files, err := filepath.Glob(fetching); err == nil && len(files) == 1 {
				if info, err := os.Stat(files[0]); err == nil && info.Size() > size+1<<20 {
					size = info.Size()
					return rand.IntN(2) == 0
				}
			}
			return false
		}, 30*time.Second, 5*time.Millisecond)
		server.kill()
		server = in.serve()
	}
	record := in.finish(t, who, job)
	require.Equal(t, "completed", record["status"], record)

	truth, _ := sim.Meeting(1001)
	where := "/api/collections/recordings/records?filter=" + url.QueryEscape("recording_id = 1001")
	_, page, err := call("GET", who.db+where, who.session, nil)
	require.NoError(t, err)
	recordings := page["items"].([]any)
	require.Len(t, recordings, 1)
	recording := recordings[0].(map[string]any)
	assert.Equal(t, truth.SHA256, recording["sha256"])
	assert.EqualValues(t, truth.Size, recording["size"])
	stored, err := filepath.Glob(filepath.Join(in.dir, "user_dbs", who.name, "storage", "*", "*", "*"))
	require.NoError(t, err)
	assert.Len(t, stored, 1, "the file is stored once")
	partials, err := os.ReadDir(filepath.Join(in.dir, "user_dbs", who.name, "partial"))
	require.NoError(t, err)
	assert.Empty(t, partials)
	assert.Equal(t, 1, asked(), "Fathom was asked for one file")
}

// ready is an account with a key and its meetings.
func (in *installation) ready(t *testing.T) account {
	t.Helper()
	return in.person(t, "ada@example.com", simulator.DemoAPIKey)
}

func (in *installation) enqueue(t *testing.T, who account, kind string, payload any) string {
	t.Helper()
	status, job, err := call("POST", in.url+"/api/collections/global_queue/records", who.token, map[string]any{"kind": kind, "payload": payload})
	require.NoError(t, err)
	require.Equal(t, 200, status, job)
	return job["id"].(string)
}

// finish waits until a job has ended.
func (in *installation) finish(t *testing.T, who account, id string) map[string]any {
	t.Helper()
	var job map[string]any
	require.Eventually(t, func() bool {
		_, answer, err := call("GET", in.url+"/api/collections/global_queue/records/"+id, who.token, nil)
		job = answer
		return err == nil && (answer["status"] == "completed" || answer["status"] == "dead")
	}, 60*time.Second, 20*time.Millisecond)
	return job
}

func TestTerminateWhileStarting(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	for delay := range 12 {
		p := in.launch()
		<-time.After(time.Duration(delay) * 10 * time.Millisecond)
		require.NoError(t, p.Process.Signal(syscall.SIGTERM))
		_ = p.wait() // killed by the signal before it was caught, or ended in order
		assert.NotContains(t, p.log.String(), "panic")
		assert.NotContains(t, p.log.String(), "is closed")
		assert.NotEqual(t, 2, p.ProcessState.ExitCode(), p.log.String())
	}
	in.serve()
	require.NoError(t, in.register("ada@example.com"))
}
