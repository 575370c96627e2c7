package loominspect_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loominspect"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The private things of the simulated account.
const (
	email  = "zoe.quillfeather@northwind.example"
	token  = "ATATT3xFfGF0-the-token-of-zoe"
	siteID = "5e1ab0c4-6d6f-4b0e-9f57-0d1a2b3c4d5e"
)

// clock is a clock that sleepers advance.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(3 * time.Millisecond)
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// startSimulator starts a simulator with an account of its own, and returns it with the settings of a run against it.
func startSimulator(t *testing.T, cfg simulator.AtlassianConfig) (*simulator.Server, loominspect.Config) {
	t.Helper()
	if cfg.Tokens == nil {
		cfg.Tokens = []simulator.AtlassianToken{{Email: email, Token: token}}
	}
	if cfg.Sites == nil && cfg.Recorded == nil {
		cfg.Sites = []simulator.AtlassianSite{{ID: siteID, Name: "quillfeather-labs", URL: "https://quillfeather-labs.atlassian.net"}}
	}
	clock := newClock()
	sim, err := simulator.New(simulator.Config{Meetings: -1, Atlassian: &cfg, Now: clock.Now})
	require.NoError(t, err)
	require.NoError(t, sim.Start(context.Background()))
	t.Cleanup(func() { assert.NoError(t, sim.Stop(context.Background())) })
	return sim, newRun(t, sim, clock)
}

func newRun(t *testing.T, sim *simulator.Server, clock *clock) loominspect.Config {
	t.Helper()
	base, err := url.Parse(sim.AtlassianURL())
	require.NoError(t, err)
	transport := outbound.Network{}.Transport()
	files, ok := outbound.NewGuard(outbound.Network{}, base).Transport(transport).(*http.Transport)
	require.True(t, ok)
	t.Cleanup(transport.CloseIdleConnections)
	t.Cleanup(files.CloseIdleConnections)
	client, err := loom.New(loom.Config{BaseURL: sim.LoomURL(), Transport: transport})
	require.NoError(t, err)
	return loominspect.Config{
		Endpoint: sim.AtlassianURL(), Hosts: []string{base.Hostname() + ":*"}, AllowHTTP: true, Email: email, Token: token, Version: "v1",
		Transport: transport, FileTransport: files, Loom: client, Now: clock.Now, Sleep: clock.Sleep,
	}
}

// run runs an inspection and returns its report, as a value and as it was written.
func run(t *testing.T, cfg loominspect.Config) (inspect.Report, string, error) {
	t.Helper()
	var out bytes.Buffer
	report, err := loominspect.Run(t.Context(), cfg, &out)
	return report, out.String(), err
}

// answers returns the answers of a report by question. Of a question with several, it returns the last one.
func answers(report inspect.Report) map[string]string {
	out := map[string]string{}
	for _, answer := range report.Answers {
		out[answer.Question] = answer.Answer
	}
	return out
}
