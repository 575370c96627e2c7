package config_test

import (
	"crypto/rand"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// valid is an environment in which everything required is set, and extra.
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

// problems are those of Validate, by key.
func problems(t *testing.T, c *config.Config) map[string]config.Problem {
	t.Helper()
	out := map[string]config.Problem{}
	if err := c.Validate(); err != nil {
		var all *config.ValidationError
		require.ErrorAs(t, err, &all)
		for _, p := range all.Problems {
			assert.NotContains(t, out, p.Key, "one problem a key")
			assert.NotContains(t, p.String(), "\n")
			out[p.Key] = p
		}
	}
	return out
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
	assert.Equal(t, 5*time.Second, c.FathomPollInterval.Std())
	assert.Equal(t, "https://www.loom.com", c.LoomURL)
	assert.Equal(t, 5*time.Minute, c.UserDBIdleTimeout.Std())
	assert.Equal(t, 500, c.UserDBMaxOpen)
	assert.Equal(t, 587, c.SMTPPort)
	assert.False(t, c.SMTPEnabled() || c.GoogleEnabled() || c.GitHubEnabled() || c.SMTPTLS)
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, ".env", "PB_GLOBAL_PORT=2001\nWORKER_CONCURRENCY=2\nDATA_DIR=\nJWT_SECRET=\n")
	write(t, dir, ".env.local", "PB_GLOBAL_PORT=3001\nWORKER_CONCURRENCY=3\nDATA_DIR=local\nUSER_DB_MAX_OPEN=3\n")

	c := config.LoadFrom(dir, valid(t, "PB_GLOBAL_PORT=1001", "USER_DB_MAX_OPEN="))
	require.NoError(t, c.Validate())
	assert.Equal(t, 1001, c.GlobalPort, "the environment first")
	assert.Equal(t, 2, c.WorkerConcurrency, "then .env")
	assert.Equal(t, "local", c.DataDir, "then .env.local: empty is not set")
	assert.Equal(t, 3, c.UserDBMaxOpen, "an empty variable is not set either")
	assert.Equal(t, "user_dbs", c.UserDBsDir, "then the default")
}

func TestLoadReadsTheEnvironmentAndLeavesItAlone(t *testing.T) {
	t.Setenv("PB_GLOBAL_PORT", "nonsense")
	t.Setenv("BIND_ADDRESS", "::1")
	dir := t.TempDir()
	write(t, dir, ".env", "WORKER_CONCURRENCY=7\nBIND_ADDRESS=10.0.0.1\n")
	before := os.Environ()

	c := config.Load(dir)
	assert.Equal(t, "::1", c.BindAddress)
	assert.Equal(t, "[::1]:8090", c.ListenAddr())
	assert.Equal(t, 7, c.WorkerConcurrency)
	assert.Contains(t, problems(t, c), "PB_GLOBAL_PORT")
	assert.ElementsMatch(t, before, os.Environ())

	c = config.LoadFrom(t.TempDir(), nil)
	assert.Equal(t, "127.0.0.1", c.BindAddress, "no other environment than the one handed in")
	assert.ElementsMatch(t, before, os.Environ())
}

func TestLoadFromManyGoroutines(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			env := valid(t, "WORKER_CONCURRENCY="+string(rune('1'+n)))
			for range 20 {
				c := config.LoadFrom(t.TempDir(), env)
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

func TestSettingsKey(t *testing.T) {
	t.Parallel()
	env := valid(t)
	c := config.LoadFrom(t.TempDir(), env)
	assert.Len(t, c.SettingsKey(), 32)
	assert.Equal(t, c.SettingsKey(), config.LoadFrom(t.TempDir(), env).SettingsKey())
	assert.NotEqual(t, c.SettingsKey(), config.LoadFrom(t.TempDir(), valid(t)).SettingsKey())
	assert.Empty(t, config.LoadFrom(t.TempDir(), nil).SettingsKey())

	// Written down: another derivation would lock every installation out.
	fixed := &config.Config{PBEncryptionKey: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
	assert.Equal(t, "Hu92rPNXZkVNljjkQS7CQ3hY8jJIoBE0", fixed.SettingsKey())
}

// .env.example and Config name the same keys, with the same defaults.
func TestEnvExample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../.env.example")
	require.NoError(t, err)
	example := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(#\s*)?([A-Z][A-Z0-9_]*)=(.*)$`).FindAllStringSubmatch(string(text), -1) {
		assert.NotContains(t, example, m[2], "each key once")
		example[m[2]] = m[3]
	}
	for _, f := range config.Fields() {
		value, ok := example[f.Key]
		assert.True(t, ok, "%s is missing from .env.example", f.Key)
		assert.Equal(t, f.Default, value, "the default of %s", f.Key)
		assert.NotEmpty(t, f.Must, "what %s looks like", f.Key)
		if f.Required {
			assert.Regexp(t, "(?m)^"+f.Key+"=$", string(text), "required keys are not commented out")
		}
		delete(example, f.Key)
	}
	assert.Empty(t, example, "in .env.example but no setting")

	dir := t.TempDir()
	write(t, dir, ".env", string(text))
	c := config.LoadFrom(dir, nil)
	assert.Empty(t, c.Warnings())
	assert.Len(t, problems(t, c), 4, "only what is required is wanting")
}

func TestGenerateRoundTrip(t *testing.T) {
	t.Parallel()
	g, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	assert.Regexp(t, `^[A-Za-z0-9_-]{20}$`, g.AdminPassword.Reveal())

	dir := t.TempDir()
	write(t, dir, ".env", g.DotEnv())
	c := config.LoadFrom(dir, nil)
	require.NoError(t, c.Validate())
	assert.Empty(t, c.Warnings())
	assert.Equal(t, g, config.Generated{AESMasterKey: c.AESMasterKey, JWTSecret: c.JWTSecret, PBEncryptionKey: c.PBEncryptionKey, AdminEmail: c.AdminEmail, AdminPassword: c.AdminPassword})

	// Appended to a copy of .env.example, as the hint says, even without a last
	// line break.
	example, err := os.ReadFile("../../.env.example")
	require.NoError(t, err)
	write(t, dir, ".env", strings.TrimRight(string(example), "\n")+g.DotEnv())
	c = config.LoadFrom(dir, nil)
	require.NoError(t, c.Validate())

	_, err = config.Generate(strings.NewReader("too short"))
	assert.Error(t, err)
}

func TestWithoutTakesOutOurSettingsOnly(t *testing.T) {
	environ := []string{"PATH=/bin", "JWT_SECRET=x=y", "PB_GLOBAL_PORT=1", "EMPTY=", "JWT_SECRET_OF_ANOTHER=z"}
	assert.Equal(t, []string{"PATH=/bin", "EMPTY=", "JWT_SECRET_OF_ANOTHER=z"}, config.Without(environ))
	assert.Len(t, environ, 5)
	assert.Equal(t, "JWT_SECRET=x=y", environ[1], "what was passed in is left alone")
}
