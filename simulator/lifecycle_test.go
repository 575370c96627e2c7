package simulator_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestNewRejectsNonLoopbackAddresses(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{":8080", "0.0.0.0:0", "192.0.2.1:80", "example.com:80", "127.0.0.1"} {
		_, err := simulator.New(simulator.Config{Addr: addr})
		require.Error(t, err, addr)
		assert.Contains(t, err.Error(), addr)
	}
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0", "localhost:0", "127.1.2.3:80", "[::ffff:127.0.0.1]:0"} {
		_, err := simulator.New(simulator.Config{Addr: addr})
		assert.NoError(t, err, addr)
	}
}

func TestNewRejectsRecordingsSmallerThanTheirClip(t *testing.T) {
	t.Parallel()
	_, err := simulator.New(simulator.Config{RecordingSize: 1000})
	assert.ErrorContains(t, err, "cannot have 1000 bytes")
}

func TestStartAndStop(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, err := simulator.New(simulator.Config{})
	require.NoError(t, err)
	assert.Empty(t, s.URL())
	require.NoError(t, s.Start(ctx))
	assert.Equal(t, s.URL()+"/external/v1", s.FathomURL())
	assert.Equal(t, s.URL(), s.LoomURL())
	assert.Error(t, s.Start(ctx), "the simulator is already running")

	taken, err := simulator.New(simulator.Config{Addr: s.URL()[len("http://"):]})
	require.NoError(t, err)
	require.Error(t, taken.Start(ctx))
	require.NoError(t, taken.Stop(ctx), "a simulator that failed to start can be stopped")

	require.NoError(t, s.Stop(ctx))
	require.NoError(t, s.Stop(ctx))
	assert.Error(t, s.Start(ctx), "a simulator cannot be restarted")
}

func TestCancelledContextStopsTheServer(t *testing.T) {
	t.Parallel()
	s, err := simulator.New(simulator.Config{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	require.NoError(t, s.Start(ctx))
	cancel()
	require.NoError(t, s.Stop(context.Background()))
}

func TestStopAbortsHangingRequests(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	for name, fault := range map[string]simulator.Fault{
		"before the response": {Hold: never},
		"within the body":     {Hold: never, HoldAfter: 3},
		"delayed":             {Delay: time.Hour},
		"trickling":           {BytesPerSecond: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Config{})
			s.Inject(fault)
			done := s.getInBackground("/teams")
			require.NoError(t, s.WaitRequests(t.Context(), http.MethodGet, "/external/v1/teams", 1))
			require.NoError(t, s.Stop(t.Context()))
			assert.Error(t, (<-done).err)
		})
	}
}

func TestStopAbortsADownloadThatIsNotRead(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{RecordingSize: 1 << 30, ProcessingPolls: -1})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.completed(1001).URL, nil)
	require.NoError(t, err)
	res, err := s.http.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	require.NoError(t, s.Stop(t.Context()))
}

func TestHandlerWorksWithoutAListener(t *testing.T) {
	t.Parallel()
	s, err := simulator.New(simulator.Config{})
	require.NoError(t, err)
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	assert.Equal(t, http.StatusOK, rec.Code)
	assert.Contains(t, rec.Body.String(), simulator.DemoAPIKey)
	require.NoError(t, s.Stop(t.Context()))

	rec = httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	assert.Equal(t, http.StatusServiceUnavailable, rec.Code)
}
