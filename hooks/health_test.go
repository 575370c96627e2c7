package hooks_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

const metricsToken = "metrics-token-of-the-tests-0123456789"

// callers are those who may ask how the server is, by what they send as Authorization.
func callers(s *apptest.Server, p apptest.Person) (strangers, operators map[string]string) {
	strangers = map[string]string{
		"nobody": "", "user": p.Token, "owner of a database": p.Session, "wrong token": "Bearer " + metricsToken + "x",
		"part of the token": "Bearer " + metricsToken[:20], "blank token": "Bearer ", "token without its scheme": metricsToken,
	}
	operators = map[string]string{"token": "Bearer " + metricsToken, "superuser": s.SuperuserToken()}
	return strangers, operators
}

func TestOnlyOperatorsSeeWhyTheServerIsDegraded(t *testing.T) {
	t.Parallel()
	var full atomic.Bool
	s := apptest.Start(t, apptest.Options{
		Settings: []string{"METRICS_TOKEN=" + metricsToken, "BACKUP_DIR=" + t.TempDir(), "BACKUP_KEY=" + apptest.Secrets().BackupKey.Reveal()},
		Prepare: func(s *apptest.Server) {
			s.App.Disk = disk.New(disk.Config{
				Dirs: []string{s.App.DataDir(), s.App.Config.UserDBsDir}, Usage: func(dir string) (disk.Usage, error) {
					usage, err := disk.UsageOf(dir)
					if full.Load() {
						usage.Free = 1 << 20
					}
					return usage, err
				},
			})
		},
	})
	p := s.SignUp("ada@example.com")
	strangers, operators := callers(s, p)
	for caller, token := range operators {
		report := s.Call(http.MethodGet, s.URL+"/readyz", token, nil)
		assert.Equal(t, 200, report.Status, caller)
		assert.Equal(t, "ok", report.Text("status"), caller)
		assert.Len(t, report.Get("checks"), 5, caller)
	}

	status := `{"last_failure": "2026-01-02T03:04:05Z", "last_error": "the bucket is gone"}`
	require.NoError(t, os.WriteFile(filepath.Join(s.App.DataDir(), backup.StatusName), []byte(status), 0o600))
	s.Eventually(func() bool { return s.Call(http.MethodGet, s.URL+"/readyz", "", nil).Text("status") == "degraded" })
	for caller, token := range strangers {
		report := s.Call(http.MethodGet, s.URL+"/readyz", token, nil)
		assert.Equal(t, 200, report.Status, caller)
		assert.Equal(t, `{"status":"degraded"}`, strings.TrimSpace(report.Raw), caller)
		assert.Equal(t, "no-store", report.Header.Get("Cache-Control"), caller)
	}
	for caller, token := range operators {
		report := s.Call(http.MethodGet, s.URL+"/readyz", token, nil)
		assert.Equal(t, 200, report.Status, caller)
		assert.Contains(t, report.Raw, "the bucket is gone", caller)
		assert.Contains(t, report.Raw, backup.Advice, caller)
	}

	full.Store(true)
	s.App.Disk.Check()
	s.Eventually(func() bool {
		return strings.Contains(s.Call(http.MethodGet, s.URL+"/readyz", operators["token"], nil).Raw, "is full: 1.0 MB are free")
	})
	assert.Equal(t, 200, s.Call(http.MethodGet, s.URL+"/readyz", "", nil).Status, "restarting the server would not help")
	assert.NotContains(t, s.Log.String(), metricsToken)
}

func TestServerIsNotReadyWithoutItsDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"METRICS_TOKEN=" + metricsToken}})
	assert.Equal(t, 200, s.Call(http.MethodGet, s.URL+"/readyz", "", nil).Status)
	_, err := s.App.NonconcurrentDB().NewQuery("ALTER TABLE queue_pauses RENAME TO lost").Execute()
	require.NoError(t, err)
	var report apptest.Answer
	s.Eventually(func() bool {
		report = s.Call(http.MethodGet, s.URL+"/readyz", "", nil)
		return report.Status == 503
	})
	assert.Equal(t, `{"status":"unavailable"}`, strings.TrimSpace(report.Raw))
	assert.NotEmpty(t, report.Header.Get("Retry-After"))
	assert.Contains(t, s.Call(http.MethodGet, s.URL+"/readyz", "Bearer "+metricsToken, nil).Raw, "can't be read")
	assert.Equal(t, 200, s.Call(http.MethodGet, s.URL+"/livez", "", nil).Status, "a restart doesn't repair a database")
	assert.Equal(t, 200, s.Call(http.MethodHead, s.URL+"/livez", "", nil).Status)
	_, err = s.App.NonconcurrentDB().NewQuery("ALTER TABLE lost RENAME TO queue_pauses").Execute()
	require.NoError(t, err)
	s.Eventually(func() bool { return s.Call(http.MethodGet, s.URL+"/readyz", "", nil).Status == 200 })
}

func TestServerIsNotReadyWhileItStopsOrItsWorkerDoes(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"METRICS_TOKEN=" + metricsToken}})
	require.NoError(t, s.App.Worker.Stop(t.Context()))
	s.Eventually(func() bool { return s.Call(http.MethodGet, s.URL+"/readyz", "", nil).Status == 503 })
	assert.Contains(t, s.Call(http.MethodGet, s.URL+"/readyz", "Bearer "+metricsToken, nil).Raw, "no jobs run")
	s.App.Health.NoteStop()
	assert.Contains(t, s.Call(http.MethodGet, s.URL+"/readyz", "Bearer "+metricsToken, nil).Raw, "is stopping")
}

func TestProbesHaveNoLimits(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for range 1000 {
		require.Equal(t, 200, s.Call(http.MethodGet, s.URL+"/livez", "", nil).Status)
		require.Equal(t, 200, s.Call(http.MethodGet, s.URL+"/readyz", "", nil).Status)
	}
}
