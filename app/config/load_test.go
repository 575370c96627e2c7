package config_test

import (
	"crypto/rand"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// valid returns an environment with all required settings, followed by extra lines.
func valid(t *testing.T, extra ...string) []string {
	t.Helper()
	g, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	return append(g.Environ(), extra...)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}

// problems returns the problems that Validate reports, by key.
func problems(t *testing.T, c *config.Config) map[string]config.Problem {
	t.Helper()
	out := map[string]config.Problem{}
	if err := c.Validate(); err != nil {
		var all *config.ValidationError
		require.ErrorAs(t, err, &all)
		for _, p := range all.Problems {
			assert.NotContains(t, out, p.Key, "one problem per key")
			assert.NotContains(t, p.String(), "\n")
			out[p.Key] = p
		}
	}
	return out
}

// unsetAll makes every setting blank in the process environment until the test ends, including those
// that Load sets.
func unsetAll(t *testing.T) {
	t.Helper()
	for _, f := range config.Fields() {
		t.Setenv(f.Key, "")
	}
	t.Setenv("https_proxy", "")
	t.Setenv("no_proxy", "")
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := config.LoadFrom(t.TempDir(), valid(t))
	require.NoError(t, c.Validate())
	assert.Empty(t, c.Warnings())

	assert.Equal(t, "admin@example.com", c.AdminEmail)
	assert.Equal(t, 8090, c.GlobalPort)
	assert.Equal(t, "127.0.0.1:8090", c.ListenAddr())
	assert.Equal(t, "http://127.0.0.1:8090", c.BaseURL())
	assert.Equal(t, []string{"http://127.0.0.1:8090", "http://localhost:8090"}, c.AllowedOrigins())
	assert.Equal(t, "pb_data", c.DataDir)
	assert.Equal(t, "user_dbs", c.UserDBsDir)
	assert.Empty(t, c.TrustedProxyHeaders)
	assert.Equal(t, 1, c.WorkerConcurrency)
	assert.Equal(t, 5*time.Second, c.QueuePollInterval.Std())
	assert.Equal(t, time.Minute, c.JobLease.Std())
	assert.Equal(t, 20*time.Second, c.ShutdownTimeout.Std())
	assert.Equal(t, time.Hour, c.SessionTTL.Std())
	assert.Equal(t, slog.LevelInfo, c.LogLevel)
	assert.Equal(t, "https://api.fathom.ai/external/v1", c.FathomAPIURL)
	assert.Equal(t, time.Second, c.FathomPollInterval.Std())
	assert.Equal(t, 6*time.Hour, c.SyncEvery.Std())
	assert.Equal(t, config.WebhooksAuto, c.Webhooks)
	assert.Equal(t, 7*24*time.Hour, c.FathomPartsFor.Std())
	assert.Equal(t, "https://www.loom.com", c.LoomURL)
	assert.Equal(t, 5*time.Minute, c.UserDBIdleTimeout.Std())
	assert.Equal(t, 500, c.UserDBMaxOpen)
	assert.Equal(t, 587, c.SMTPPort)
	assert.False(t, c.SMTPEnabled() || c.GoogleEnabled() || c.GitHubEnabled() || c.SMTPTLS)
}

// precedence describes a directory and an environment in which every source sets something.
func precedence(t *testing.T) (dir string, environ []string) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir, ".env", "PB_GLOBAL_PORT=2001\nWORKER_CONCURRENCY=2\nDATA_DIR=\nJWT_SECRET=\nBIND_ADDRESS=10.0.0.2\n")
	write(t, dir, ".env.local", "PB_GLOBAL_PORT=3001\nWORKER_CONCURRENCY=3\nDATA_DIR=local\nUSER_DB_MAX_OPEN=3\n")
	return dir, valid(t, "PB_GLOBAL_PORT=1001", "USER_DB_MAX_OPEN=", "BIND_ADDRESS= ", "SMTP_PORT=", "PB_ADMIN_EMAIL=\r")
}

func assertPrecedence(t *testing.T, c *config.Config) {
	t.Helper()
	require.NoError(t, c.Validate())
	assert.Empty(t, c.Warnings())
	assert.Equal(t, 1001, c.GlobalPort, "the environment comes first")
	assert.Equal(t, 2, c.WorkerConcurrency, "then .env")
	assert.Equal(t, "local", c.DataDir, "then .env.local, because an empty value in .env is unset")
	assert.Equal(t, 3, c.UserDBMaxOpen, "an empty variable is unset")
	assert.Equal(t, "10.0.0.2", c.BindAddress, "a blank variable is unset")
	assert.Equal(t, "user_dbs", c.UserDBsDir, "the default comes last")
	assert.Equal(t, 587, c.SMTPPort, "an empty variable does not replace the default of a number")
	assert.Equal(t, "admin@example.com", c.AdminEmail, "a blank variable does not replace the default of a text")
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	dir, environ := precedence(t)
	assertPrecedence(t, config.LoadFrom(dir, environ))
}

func TestLoadHasTheSamePrecedence(t *testing.T) {
	dir, environ := precedence(t)
	unsetAll(t)
	setenv(t, environ)
	c := config.Load(dir)
	assertPrecedence(t, c)
	assert.Equal(t, config.LoadFrom(dir, environ), c)
	assert.Equal(t, c, config.Load(dir), "a second call reads the same settings")
}

// TestLoadAndLoadFromAgree sets every setting to a valid and to a malformed value.
func TestLoadAndLoadFromAgree(t *testing.T) {
	for key, values := range settingValues() {
		for _, value := range append(values.good, values.bad...) {
			environ := valid(t, key+"="+value)
			unsetAll(t)
			setenv(t, environ)
			dir := t.TempDir()
			require.Equal(t, config.LoadFrom(dir, environ), config.Load(dir), "%s=%s", key, value)
		}
	}
}

func setenv(t *testing.T, environ []string) {
	t.Helper()
	for key, value := range environMap(environ) {
		t.Setenv(key, value)
	}
}

func TestLoadAddsFileValuesToTheEnvironment(t *testing.T) {
	unsetAll(t)
	t.Setenv("PB_GLOBAL_PORT", "nonsense")
	t.Setenv("BIND_ADDRESS", "::1")
	dir := t.TempDir()
	write(t, dir, ".env", "WORKER_CONCURRENCY=7\nBIND_ADDRESS=10.0.0.1\nNOT_A_SETTING=x\nLOG_LEVEL=\n")
	want := environMap(os.Environ())
	want["WORKER_CONCURRENCY"] = "7"

	c := config.Load(dir)
	assert.Equal(t, "::1", c.BindAddress)
	assert.Equal(t, "[::1]:8090", c.ListenAddr(), "a malformed setting has its default")
	assert.Equal(t, 7, c.WorkerConcurrency)
	assert.Contains(t, problems(t, c), "PB_GLOBAL_PORT")
	assert.Equal(t, want, environMap(os.Environ()), "nothing else was set, and nothing was unset")
}

func TestLoadFromIgnoresTheProcessEnvironment(t *testing.T) {
	t.Setenv("BIND_ADDRESS", "::1")
	dir := t.TempDir()
	write(t, dir, ".env", "WORKER_CONCURRENCY=7\n")
	before := os.Environ()
	c := config.LoadFrom(dir, nil)
	assert.Equal(t, "127.0.0.1", c.BindAddress)
	assert.Equal(t, 7, c.WorkerConcurrency)
	assert.ElementsMatch(t, before, os.Environ())
}

func TestConcurrentLoadFrom(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			environ := valid(t, "WORKER_CONCURRENCY="+string(rune('1'+n)))
			for range 20 {
				c := config.LoadFrom(t.TempDir(), environ)
				require.NoError(t, c.Validate())
				require.Equal(t, n+1, c.WorkerConcurrency)
			}
		})
	}
}

func TestListsAndSpaces(t *testing.T) {
	t.Parallel()
	c := config.LoadFrom(t.TempDir(), valid(t,
		"CORS_ORIGINS= https://A.example.com:443/ ,, http://localhost:5173",
		"TRUSTED_PROXY_HEADERS=X-Real-IP, CF-Connecting-IP",
		"PUBLIC_URL=https://Loom.example.com/base/",
		"LOG_LEVEL= WARN\r",
		"WORKER_CONCURRENCY=4\r"))
	require.NoError(t, c.Validate())
	assert.Equal(t, []string{"https://a.example.com", "http://localhost:5173"}, c.AllowedOrigins())
	assert.Equal(t, []string{"X-Real-IP", "CF-Connecting-IP"}, c.TrustedProxyHeaders)
	assert.Equal(t, "https://Loom.example.com/base", c.BaseURL())
	assert.Equal(t, slog.LevelWarn, c.LogLevel)
	assert.Equal(t, 4, c.WorkerConcurrency)

	c = config.LoadFrom(t.TempDir(), valid(t, "PUBLIC_URL=https://Loom.example.com:8443/base"))
	assert.Equal(t, []string{"https://loom.example.com:8443"}, c.AllowedOrigins())
}

func TestSecretsKeepTheirSpaces(t *testing.T) {
	t.Parallel()
	c := config.LoadFrom(t.TempDir(), valid(t, "SMTP_PASSWORD= pass word \r\n"))
	assert.Equal(t, " pass word ", c.SMTPPassword.Reveal())
}
