package doctor_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// nobody is an address at which nothing listens.
const nobody = "http://127.0.0.1:1"

// examine examines an installation whose services can't be reached unless settings say otherwise.
func examine(t *testing.T, dir string, cfg doctor.Config, settings ...string) doctor.Report {
	t.Helper()
	services := []string{"FATHOM_API_URL=" + nobody, "LOOM_URL=" + nobody, "ATLASSIAN_MCP_URL=" + nobody + "/v2/mcp", "PB_GLOBAL_PORT=" + freePort(t)}
	cfg.App = apptest.NewApp(dir, append(services, settings...)...)
	report, err := doctor.Run(t.Context(), cfg)
	require.NoError(t, err)
	return report
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// requireFinding requires a finding of a check with a status whose message contains a text, and advice unless all is well.
func requireFinding(t *testing.T, report doctor.Report, check string, status doctor.Status, text string) {
	t.Helper()
	for _, finding := range report.Findings {
		if finding.Check == check && finding.Status == status && strings.Contains(finding.Message, text) {
			assert.Equal(t, status == doctor.OK, finding.Advice == "", "%+v", finding)
			return
		}
	}
	require.Fail(t, "finding is missing", "%s %s %q in %+v", status, check, text, report.Findings)
}

func requireNoFailures(t *testing.T, report doctor.Report) {
	t.Helper()
	for _, finding := range report.Findings {
		assert.NotEqual(t, doctor.Fail, finding.Status, "%+v", finding)
	}
}

func listing(t *testing.T, dir string) map[string]string {
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		files[path] = info.Mode().String()
		if !entry.IsDir() { // SQLite creates and removes its index of the log, which changes the time of the folder
			files[path] += " " + strconv.FormatInt(info.Size(), 10) + " " + info.ModTime().String()
		}
		return err
	}))
	return files
}
