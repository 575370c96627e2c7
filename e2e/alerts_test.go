package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// promtool runs Debian's promtool in the folder deploy.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "promtool", args...)
	command.Dir = "../deploy"
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
}

func TestAlertsFireWhenTheyShould(t *testing.T) {
	t.Parallel()
	promtool(t, "check", "rules", "alerts.yml")
	promtool(t, "test", "rules", "alerts_test.yml")
}

func TestPrometheusAcceptsItsConfiguration(t *testing.T) {
	t.Parallel()
	config, err := os.ReadFile("../deploy/prometheus.yml")
	require.NoError(t, err)
	rules, err := filepath.Abs("../deploy/alerts.yml")
	require.NoError(t, err)
	token := filepath.Join(t.TempDir(), "metrics_token")
	require.NoError(t, os.WriteFile(token, []byte("token"), 0o600))
	config = bytes.ReplaceAll(config, []byte("/etc/prometheus/alerts.yml"), []byte(rules)) // where Compose mounts it
	config = bytes.ReplaceAll(config, []byte("/run/secrets/metrics_token"), []byte(token))
	file := filepath.Join(t.TempDir(), "prometheus.yml")
	require.NoError(t, os.WriteFile(file, config, 0o600))
	promtool(t, "check", "config", file)
}

// matches returns the first groups of all matches in a file, sorted.
func matches(t *testing.T, file, pattern string) (found []string) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(content), -1) {
		found = append(found, match[1])
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestAlertsAreExplainedAndTested(t *testing.T) {
	t.Parallel()
	alerts := matches(t, "../deploy/alerts.yml", `(?m)^      - alert: (\w+)$`)
	require.NotEmpty(t, alerts)
	page, err := os.ReadFile("../docs/monitoring.md")
	require.NoError(t, err)
	_, section, _ := bytes.Cut(page, []byte("\n## Alerts, and what to do\n"))
	section, _, _ = bytes.Cut(section, []byte("\n## "))
	var explained []string
	for _, heading := range regexp.MustCompile(`(?m)^### (\w+)$`).FindAllSubmatch(section, -1) {
		explained = append(explained, string(heading[1]))
	}
	slices.Sort(explained)
	assert.Equal(t, alerts, explained, "docs/monitoring.md says what to do about each alert")
	assert.Equal(t, alerts, matches(t, "../deploy/alerts_test.yml", `alertname="(\w+)", alertstate="firing"`), "each alert is tested")
}
