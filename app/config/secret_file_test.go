package config_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// inFiles writes the required secrets to files and returns the settings that name them.
func inFiles(t *testing.T, dir string, g config.Generated) (environ []string) {
	t.Helper()
	for _, line := range g.Environ() {
		key, value, _ := strings.Cut(line, "=")
		if key == "PB_ADMIN_EMAIL" {
			environ = append(environ, line)
			continue
		}
		write(t, dir, strings.ToLower(key), value+"\n")
		environ = append(environ, key+config.FileSuffix+"="+filepath.Join(dir, strings.ToLower(key)))
	}
	return environ
}

func TestSecretsAreReadFromFiles(t *testing.T) {
	t.Parallel()
	g, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	c := config.LoadFrom(t.TempDir(), inFiles(t, t.TempDir(), g))
	require.NoError(t, c.Validate())
	assert.Equal(t, g.AESMasterKey, c.AESMasterKey)
	assert.Equal(t, g.JWTSecret, c.JWTSecret)
	assert.Equal(t, g.AdminPassword.Reveal(), c.AdminPassword.Reveal(), "without the line break at the end of the file")
}

func TestEverySecretCanBeInAFile(t *testing.T) {
	t.Parallel()
	for _, f := range config.Fields() {
		dir := t.TempDir()
		write(t, dir, "value", "not-a-value")
		c := config.LoadFrom(dir, valid(t, f.Key+config.FileSuffix+"="+filepath.Join(dir, "value")))
		problem, reported := problems(t, c)[f.Key]
		if !f.Secret {
			assert.False(t, strings.Contains(problem.Message, config.FileSuffix), "%s isn't a secret", f.Key)
			continue
		}
		if f.Required {
			assert.True(t, reported, f.Key)
			assert.Contains(t, problem.Message, "is set together with "+f.Key+"_FILE")
		}
	}
}

func TestSecretFilesInDotEnv(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "smtp-password", " with spaces \r\n")
	write(t, dir, ".env", "SMTP_PASSWORD_FILE=smtp-password\nSMTP_HOST=mail.example.com\nSMTP_USERNAME=me\nSMTP_FROM=me@example.com\n")
	c := config.LoadFrom(dir, valid(t))
	require.NoError(t, c.Validate())
	assert.Empty(t, c.Warnings())
	assert.Equal(t, " with spaces ", c.SMTPPassword.Reveal(), "relative to the .env file, and spaces may belong to a password")
}

func TestLoadReadsSecretFilesWithoutChangingTheEnvironment(t *testing.T) {
	unsetAll(t)
	g, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	for _, line := range inFiles(t, t.TempDir(), g) {
		key, value, _ := strings.Cut(line, "=")
		t.Setenv(key, value)
	}
	c := config.Load(t.TempDir())
	require.NoError(t, c.Validate())
	assert.Equal(t, g.PBEncryptionKey, c.PBEncryptionKey)
	assert.Empty(t, os.Getenv("PB_ENCRYPTION_KEY"), "child processes don't inherit it")
}

func TestUnusableSecretFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "empty", "\n")
	write(t, dir, "large", strings.Repeat("x", 1<<20))
	write(t, dir, "binary", "\xff\x00")
	for name, want := range map[string]string{
		"missing": "no such file", ".": "is a directory", "empty": "the file is empty", "large": "larger than", "binary": "UTF-8",
	} {
		path := filepath.Join(dir, name)
		found := problems(t, config.LoadFrom(t.TempDir(), []string{"AES_MASTER_KEY_FILE=" + path}))
		problem := found["AES_MASTER_KEY"]
		assert.Contains(t, problem.Message, "can't be read from the file in AES_MASTER_KEY_FILE", name)
		assert.Contains(t, problem.Message, want, name)
		assert.NotContains(t, problem.String(), dir, "a path is the value of a setting")
		assert.NotContains(t, problem.String(), "generate", "a new key would not decrypt what the one in the file has encrypted")
	}
}

func TestSecretFilesAreSettings(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"LOG_DIR_FILE=x"}, config.WithoutSettings([]string{"JWT_SECRET_FILE=x", "LOG_DIR_FILE=x"}))
}
