package transfer

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestFileThatIsReadyEarlyIsNoticedSoon(t *testing.T) {
	clock := clocktest.New(time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC))
	sim, err := simulator.New(simulator.Config{Now: clock.Now})
	require.NoError(t, err)
	require.NoError(t, sim.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, sim.Stop(context.Background())) })
	client, err := fathom.New(fathom.Config{BaseURL: sim.FathomURL(), Now: clock.Now})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	account := client.Account(simulator.DemoAPIKey)
	for ready, latest := range map[time.Duration]time.Duration{
		time.Second: time.Second, 2 * time.Second: 4 * time.Second, 20 * time.Second: 31 * time.Second, 10 * time.Minute: 11 * time.Minute,
	} {
		_, err = sim.Change(1001, simulator.ReadyAfter(ready))
		require.NoError(t, err)
		requested := clock.Now()
		download, err := account.RequestDownload(t.Context(), 1001, "")
		for err == nil && download.Status != fathom.DownloadCompleted {
			clock.Advance(pollPause(defaultPollInterval, clock.Now().Sub(requested), 1))
			download, err = account.PollDownload(t.Context(), 1001, download.DownloadID)
		}
		require.NoError(t, err)
		assert.LessOrEqual(t, clock.Now().Sub(requested), latest, "ready after %s", ready)
		assert.GreaterOrEqual(t, clock.Now().Sub(requested), ready)
	}
}
