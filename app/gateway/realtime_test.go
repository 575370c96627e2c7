package gateway

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// newTestGateway returns a gateway without user databases.
func newTestGateway(t *testing.T) *Gateway {
	t.Helper()
	global := core.NewBaseApp(core.BaseAppConfig{DataDir: filepath.Join(t.TempDir(), "pb_data")})
	require.NoError(t, global.Bootstrap())
	t.Cleanup(func() {
		event := new(core.TerminateEvent)
		event.App = global
		require.NoError(t, global.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() }))
	})
	sessions, err := session.NewIssuer(bytes.Repeat([]byte("s"), session.MinSecret), time.Hour, nil)
	require.NoError(t, err)
	g, err := New(Config{
		App: global, Databases: userdb.New(userdb.Config{App: global, Dir: t.TempDir()}), Sessions: sessions, BaseURL: "http://localhost:8090",
	})
	require.NoError(t, err)
	return g
}

func TestStreamWithoutSubscriptionsIsEnded(t *testing.T) {
	g := newTestGateway(t)
	g.subscribeTimeout = 50 * time.Millisecond
	g.streams.anonymous = limit.NewConcurrency(1, 1)
	server := httptest.NewServer(g.Wrap(http.NotFoundHandler()))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/db/2020-01-01-001-nobody/api/realtime", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer http.DefaultClient.CloseIdleConnections()
	defer response.Body.Close()
	assert.Equal(t, 200, response.StatusCode)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err, "the response ends properly")
	assert.Contains(t, string(body), "PB_CONNECT")
	assert.Empty(t, g.streams.byClient)
	_, free := g.streams.anonymous.Acquire(limit.Network("another"))
	assert.True(t, free, "the stream holds nothing after its end")
}
