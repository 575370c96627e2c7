package config_test

import (
	"crypto/rand"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestGeneratedSettingsAreValid(t *testing.T) {
	t.Parallel()
	g, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	assert.Regexp(t, `^[A-Z2-7]{24}$`, g.AdminPassword.Reveal())

	dir := t.TempDir()
	write(t, dir, ".env", g.DotEnv())
	c := config.LoadFrom(dir, nil)
	require.NoError(t, c.Validate())
	assert.Empty(t, c.Warnings())
	assert.Equal(t, g, config.Generated{AESMasterKey: c.AESMasterKey, JWTSecret: c.JWTSecret, PBEncryptionKey: c.PBEncryptionKey, AdminEmail: c.AdminEmail, AdminPassword: c.AdminPassword, BackupKey: c.BackupKey})
}

// The hint of a missing setting appends to .env, which may be a copy of .env.example without a final
// newline.
func TestGeneratedSettingsCanBeAppended(t *testing.T) {
	t.Parallel()
	g, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	example, err := os.ReadFile("../../.env.example")
	require.NoError(t, err)
	dir := t.TempDir()
	write(t, dir, ".env", strings.TrimRight(string(example), "\n")+g.DotEnv())
	require.NoError(t, config.LoadFrom(dir, nil).Validate())
}

func TestGenerateReportsShortRandomness(t *testing.T) {
	t.Parallel()
	_, err := config.Generate(strings.NewReader("too short"))
	assert.Error(t, err)
}

func TestSettingsKey(t *testing.T) {
	t.Parallel()
	environ := valid(t)
	c := config.LoadFrom(t.TempDir(), environ)
	assert.Len(t, c.SettingsKey(), 32)
	assert.Equal(t, c.SettingsKey(), config.LoadFrom(t.TempDir(), environ).SettingsKey())
	assert.NotEqual(t, c.SettingsKey(), config.LoadFrom(t.TempDir(), valid(t)).SettingsKey())
	assert.Empty(t, config.LoadFrom(t.TempDir(), nil).SettingsKey())

	// A changed derivation would make the settings of every installation unreadable.
	fixed := &config.Config{PBEncryptionKey: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
	assert.Equal(t, "Hu92rPNXZkVNljjkQS7CQ3hY8jJIoBE0", fixed.SettingsKey())
}
