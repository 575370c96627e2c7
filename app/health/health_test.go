package health_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/health"
)

func fine(context.Context) *health.Problem { return nil }

func broken(context.Context) *health.Problem {
	return &health.Problem{Message: "it is broken", Advice: "Repair it"}
}

// start starts a Monitor that stops with the test.
func start(t *testing.T, checks ...health.Check) *health.Monitor {
	t.Helper()
	m := health.New(checks...)
	m.Start(t.Context())
	t.Cleanup(func() { require.NoError(t, m.Stop(context.Background())) })
	return m
}

func TestOnlyEssentialChecksMakeTheServerUnavailable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		checks []health.Check
		want   health.Status
	}{
		"all is well":         {[]health.Check{{"a", true, fine}, {"b", false, fine}}, health.OK},
		"another one fails":   {[]health.Check{{"a", true, fine}, {"b", false, broken}}, health.Degraded},
		"essential one fails": {[]health.Check{{"a", true, broken}, {"b", false, fine}}, health.Unavailable},
		"both fail":           {[]health.Check{{"a", false, broken}, {"b", true, broken}, {"c", false, broken}}, health.Unavailable},
	} {
		report := start(t, c.checks...).Report(t.Context())
		assert.Equal(t, c.want, report.Status, name)
		assert.Len(t, report.Checks, len(c.checks), name)
	}
	report := start(t, health.Check{"disk", false, broken}).Report(t.Context())
	assert.Equal(t, []health.Finding{{"disk", health.Degraded, "it is broken", "Repair it"}}, report.Checks)
}

func TestServerIsUnavailableBeforeStartAndAfterStop(t *testing.T) {
	t.Parallel()
	m := health.New(health.Check{"a", true, fine})
	assert.Equal(t, health.Unavailable, m.Report(t.Context()).Status)
	m.Start(t.Context())
	assert.Equal(t, health.OK, m.Report(t.Context()).Status)
	m.NoteStop()
	report := m.Report(t.Context())
	assert.Equal(t, health.Unavailable, report.Status)
	assert.Equal(t, "the server is stopping", report.Checks[0].Message)
	require.NoError(t, m.Stop(t.Context()))
	require.NoError(t, m.Stop(t.Context()))
	assert.Equal(t, health.Unavailable, m.Report(t.Context()).Status)
}

func TestHangingCheckIsReportedInTimeAndRunsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var runs atomic.Int32
		m := start(t, health.Check{"disk", false, func(context.Context) *health.Problem {
			runs.Add(1)
			<-release // as a file server that is down
			return nil
		}}, health.Check{"database", true, fine})
		for range 3 {
			began := time.Now()
			report := m.Report(t.Context())
			assert.Equal(t, health.Limit, time.Since(began))
			assert.Equal(t, health.Degraded, report.Status)
			assert.Contains(t, report.Checks[0].Message, "has not ended within 2s")
			assert.Equal(t, health.OK, report.Checks[1].Status)
		}
		assert.EqualValues(t, 1, runs.Load())
		close(release)
		synctest.Wait()
		assert.Equal(t, health.OK, m.Report(t.Context()).Status)
	})
}

func TestOutcomesAreUsedForASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		m := start(t, health.Check{"database", true, func(ctx context.Context) *health.Problem {
			if runs.Add(1) == 1 {
				return nil
			}
			return broken(ctx)
		}})
		for range 100 {
			assert.Equal(t, health.OK, m.Report(t.Context()).Status)
		}
		assert.EqualValues(t, 1, runs.Load())
		time.Sleep(time.Second)
		assert.Equal(t, health.Unavailable, m.Report(t.Context()).Status)
	})
}
