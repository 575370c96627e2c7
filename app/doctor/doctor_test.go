package doctor_test

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestARunningServerIsHealthy(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{}})
	s.SignUp("ada@example.com")
	backup := func(context.Context) (app.BackupState, error) {
		return app.BackupState{Newest: time.Now().Add(-time.Hour)}, nil
	}
	report := examine(t, s.Dir, doctor.Config{Backups: backup}, "PUBLIC_URL="+s.URL, "FATHOM_API_URL="+s.Simulator.FathomURL(),
		"LOOM_URL="+s.Simulator.LoomURL(), "PB_GLOBAL_PORT="+s.URL[strings.LastIndex(s.URL, ":")+1:])
	requireNoFailures(t, report)
	for check, text := range map[string]string{
		"settings": "all settings are valid", "data": "a server runs on", "keys": "those that encrypted the data", "permissions": "only the server's user",
		"schema": "1 user database have this version's schema", "orphans": "1 registered database and", "ports": "the server answers on port",
		"public URL": "PUBLIC_URL leads to this server", "Fathom": "Fathom's API answers", "Loom": "Loom answers", "clock": "agrees with that of",
		"backups": "1 hour ago", "mail": "SMTP_HOST is not set", "S3": "stored on disk", "outbound proxy": "reached directly", "standby": "there is no standby",
	} {
		requireFinding(t, report, check, doctor.OK, text)
	}
}

func TestNothingIsChanged(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	before := listing(t, s.Dir)
	requireNoFailures(t, examine(t, s.Dir, doctor.Config{}))
	assert.Equal(t, before, listing(t, s.Dir))

	empty := t.TempDir()
	requireNoFailures(t, examine(t, empty, doctor.Config{}))
	assert.Len(t, listing(t, empty), 1)
}

// Every service accepts connections and never answers, and a file system hangs.
func TestServicesThatHangAreReportedInTime(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	link := "http://127.0.0.1:" + port
	released := make(chan struct{})
	defer close(released)
	hangs := func(string) (disk.Usage, error) {
		<-released
		return disk.Usage{}, errors.New("released")
	}
	began := time.Now()
	report := examine(t, t.TempDir(), doctor.Config{Usage: hangs}, "FATHOM_API_URL="+link, "LOOM_URL="+link, "ATLASSIAN_MCP_URL="+link+"/mcp", "PUBLIC_URL="+link,
		"SMTP_HOST=127.0.0.1", "SMTP_FROM=a@example.com", "SMTP_PORT="+port,
		"S3_ENDPOINT="+link, "S3_BUCKET=recordings", "S3_ACCESS_KEY=key", "S3_SECRET_KEY=secret")
	assert.Less(t, time.Since(began), 15*time.Second)
	for _, check := range []string{"Fathom", "Loom", "Atlassian", "public URL", "mail", "S3"} {
		requireFinding(t, report, check, doctor.Warn, "")
	}
	requireFinding(t, report, "disk space", doctor.Fail, "has not ended within 5s")
}

func TestAnInterruptedExaminationEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := doctor.Run(ctx, doctor.Config{App: apptest.NewApp(t.TempDir())})
	require.ErrorIs(t, err, context.Canceled)
}
