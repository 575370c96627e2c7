package loomupload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a simulator with everything that an upload needs.
type world struct {
	t        *testing.T
	sim      *simulator.Server
	clock    *clocktest.Clock
	uploads  *loomupload.Uploads
	account  loomupload.Account
	log      *bytes.Buffer // of the package under test
	logMu    sync.Mutex
	sent     []int64 // what progress reported
	saved    []loomupload.State
	saveFail func(loomupload.State) error // may be nil

	slept time.Duration
}

// newWorld starts a simulator whose Atlassian side has a behaviour.
func newWorld(t *testing.T, behaviour simulator.AtlassianBehaviour, change ...func(*loomupload.Config)) *world {
	t.Helper()
	w := &world{t: t, clock: clocktest.New(time.Now()), log: &bytes.Buffer{}}
	var err error
	w.sim, err = simulator.New(simulator.Config{
		Meetings: -1, Now: w.clock.Now, Atlassian: &simulator.AtlassianConfig{Behaviour: behaviour},
	})
	require.NoError(t, err)
	require.NoError(t, w.sim.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, w.sim.Stop(context.Background())) })
	w.connect(w.sim.AtlassianURL(), w.sim.LoomURL(), change...)
	w.account = loomupload.Account{Key: "connection", Credential: atlassian.Basic(simulator.DemoAtlassianEmail, simulator.DemoAtlassianToken)}
	return w
}

// connect creates the uploads under test.
func (w *world) connect(endpoint, loomURL string, change ...func(*loomupload.Config)) {
	w.t.Helper()
	w.connectWith(endpoint, loomURL, true, change...)
}

func (w *world) connectWith(endpoint, loomURL string, allTools bool, change ...func(*loomupload.Config)) {
	w.t.Helper()
	transport := outbound.Network{}.Transport()
	w.t.Cleanup(transport.CloseIdleConnections)
	client, err := atlassian.New(atlassian.Config{Endpoint: endpoint, AllTools: allTools, HTTP: &http.Client{Transport: transport}, CallTimeout: 20 * time.Second})
	require.NoError(w.t, err)
	loomClient, err := loom.New(loom.Config{BaseURL: loomURL, Transport: transport})
	require.NoError(w.t, err)
	cfg := loomupload.Config{
		Client: client, HTTP: &http.Client{Transport: transport}, Loom: loomClient, Hosts: []string{"127.0.0.1:*"}, AllowHTTP: true,
		Now: w.clock.Now, Sleep: w.sleep, Logger: slog.New(slog.NewTextHandler(&lockedWriter{w}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&cfg)
	}
	w.uploads, err = loomupload.New(cfg)
	require.NoError(w.t, err)
}

type lockedWriter struct{ w *world }

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.w.logMu.Lock()
	defer l.w.logMu.Unlock()
	return l.w.log.Write(p)
}

func (w *world) logged() string {
	w.logMu.Lock()
	defer w.logMu.Unlock()
	return w.log.String()
}

// sleep moves the clock instead of waiting.
func (w *world) sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.logMu.Lock()
	w.slept += d
	w.logMu.Unlock()
	w.clock.Advance(d)
	return nil
}

// save is the checkpoint of uploads. States survive as JSON only.
func (w *world) save(state loomupload.State) error {
	if w.saveFail != nil {
		if err := w.saveFail(state); err != nil {
			return err
		}
	}
	w.saved = append(w.saved, throughJSON(w.t, state))
	return nil
}

func throughJSON(t *testing.T, state loomupload.State) (loaded loomupload.State) {
	t.Helper()
	raw, err := json.Marshal(state)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &loaded))
	return loaded
}

// last is the state that the next call gets.
func (w *world) last() loomupload.State {
	if len(w.saved) == 0 {
		return loomupload.State{}
	}
	return w.saved[len(w.saved)-1]
}

// stages lists the stages in the order in which they were saved.
func (w *world) stages() (stages []loomupload.Stage) {
	for _, state := range w.saved {
		if len(stages) == 0 || stages[len(stages)-1] != state.Stage {
			stages = append(stages, state.Stage)
		}
	}
	return stages
}

// upload uploads from the last saved state.
func (w *world) upload(ctx context.Context, recording loom.Recording, options loom.Options) (loomupload.Video, error) {
	return w.uploads.Upload(ctx, w.account, recording, options, w.last(), w.save, func(sent int64) { w.sent = append(w.sent, sent) })
}

// mustUpload uploads, and requires a video and no trace of secrets.
func (w *world) mustUpload(recording loom.Recording, options loom.Options) loomupload.Video {
	w.t.Helper()
	video, err := w.upload(w.t.Context(), recording, options)
	require.NoError(w.t, err)
	w.checkSecrets(nil)
	return video
}

// problem uploads, and requires a *Problem of a kind.
func (w *world) problem(recording loom.Recording, kind loomupload.Kind) *loomupload.Problem {
	w.t.Helper()
	_, err := w.upload(w.t.Context(), recording, loom.Options{})
	p := requireProblem(w.t, err, kind)
	w.checkSecrets(err)
	return p
}

func requireProblem(t *testing.T, err error, kind loomupload.Kind) *loomupload.Problem {
	t.Helper()
	var p *loomupload.Problem
	require.ErrorAs(t, err, &p)
	require.Equal(t, kind, p.Kind, "%v: %s", err, p.Message)
	assert.NotEmpty(t, p.Message)
	assert.NotContains(t, p.Message+p.Advice, "://127.0.0.1", "addresses stay secret")
	return p
}

// checkSecrets requires that log, states and an error contain no address of an upload and no credential.
func (w *world) checkSecrets(err error) {
	w.t.Helper()
	raw, jsonErr := json.Marshal(w.saved)
	require.NoError(w.t, jsonErr)
	text := w.logged() + string(raw)
	if err != nil {
		text += err.Error()
	}
	for _, secret := range []string{"atlassian-upload", "s3cr3t", simulator.DemoAtlassianToken, "Bearer", "Basic "} {
		assert.NotContains(w.t, text, secret)
	}
	if w.sim != nil {
		assert.Empty(w.t, w.sim.Violations())
	}
}

// videos returns the videos at Loom.
func (w *world) videos() []simulator.Video { return w.sim.Uploads() }

// only requires one video, and returns it.
func (w *world) only() simulator.Video {
	w.t.Helper()
	require.Len(w.t, w.videos(), 1)
	return w.videos()[0]
}

// clip returns a recording of a size, whose file says that it is 12 s long, and its checksum.
func clip(size int) (loom.Recording, string) {
	data := movie(size)
	sum := sha256.Sum256(data)
	return recordingOf(data), hex.EncodeToString(sum[:])
}

func recordingOf(data []byte) loom.Recording {
	return loom.Recording{
		Open:     func(context.Context) (io.ReadSeekCloser, error) { return nopCloser{bytes.NewReader(data)}, nil },
		FileName: "2026-03-04 Weekly sync.mp4", Title: "Weekly sync", Size: int64(len(data)), Duration: 12 * time.Second, Measured: true,
	}
}

func bytesReader(data []byte) io.Reader { return bytes.NewReader(data) }

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// movie returns an MP4 file of a size, at least 200 bytes, with a movie header and noise.
func movie(size int) []byte {
	box := func(kind string, content []byte) []byte {
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(content)+8)), kind...), content...)
	}
	header := make([]byte, 100)
	binary.BigEndian.PutUint32(header[12:], 1000)  // units per second
	binary.BigEndian.PutUint32(header[16:], 12000) // units
	data := append(box("ftyp", []byte("isom\x00\x00\x00\x00")), box("moov", box("mvhd", header))...)
	noise := make([]byte, max(size-len(data)-8, 0))
	random := rand.New(rand.NewPCG(1, uint64(size)))
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	return append(data, box("mdat", noise)...)
}

var errKilled = errors.New("killed")
