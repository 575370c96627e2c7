package config_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestRotateChangesOneKeyOfAFile(t *testing.T) {
	t.Parallel()
	generated, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	for name, text := range map[string]string{
		"generated":     generated.DotEnv(),
		"Windows":       "\ufeff" + strings.ReplaceAll(strings.TrimSpace(generated.DotEnv()), "\n", "\r\n"),
		"no quotes":     "export AES_MASTER_KEY=" + generated.AESMasterKey.Reveal() + "\nJWT_SECRET=" + generated.JWTSecret.Reveal() + "\nPB_ENCRYPTION_KEY=" + generated.PBEncryptionKey.Reveal(),
		"blank line":    generated.DotEnv() + "AES_MASTER_KEY_PREVIOUS=\n# AES_MASTER_KEY_PREVIOUS=x\nJWT_SECRET_PREVIOUS=''\nSMTP_PASSWORD='a\nb'\n",
		"value of many": "PB_ADMIN_PASSWORD='x\nAES_MASTER_KEYS=\ny'\n" + generated.DotEnv(),
	} {
		for _, key := range config.RotatedKeys {
			before := writeAndLoad(t, text)
			rotation, err := config.Rotate(text, key, rand.Reader)
			require.NoError(t, err, "%s: %s", name, key)
			after := writeAndLoad(t, rotation.Text)
			former, _ := before.Key(key)
			current, previous := after.Key(key)
			assert.Equal(t, former.Reveal(), previous.Reveal(), "%s: %s", name, key)
			assert.Equal(t, former.Reveal(), rotation.Former.Reveal())
			assert.NotEqual(t, former.Reveal(), current.Reveal())
			assert.NotEqual(t, before.KeyID(key), after.KeyID(key))
			for _, other := range config.RotatedKeys {
				if other != key {
					assert.Equal(t, before.KeyID(other), after.KeyID(other))
				}
			}
			assert.Equal(t, before.SMTPPassword.Reveal(), after.SMTPPassword.Reveal())
			_, err = config.Rotate(rotation.Text, key, rand.Reader)
			require.ErrorIs(t, err, config.ErrRotating)
		}
	}
}

func writeAndLoad(t *testing.T, text string) *config.Config {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, ".env", text)
	return config.LoadFrom(dir, nil)
}

func TestRotateRefusesFilesThatItCannotChangeSafely(t *testing.T) {
	t.Parallel()
	key := base64Of(32)
	for text, want := range map[string]string{
		"":                                 "does not set AES_MASTER_KEY",
		"AES_MASTER_KEY=\n":                "does not set AES_MASTER_KEY",
		"AES_MASTER_KEY='secret!'":         "is not base64",
		"AES_MASTER_KEY='" + key:           "a line that is not valid",
		"AES_MASTER_KEY='\n" + key + "'\n": "AES_MASTER_KEY",
		"AES_MASTER_KEY='" + key + "'\nAES_MASTER_KEY='" + key + "'": "on 2 lines instead of one",
		"AES_MASTER_KEY='" + key + "'\nOTHER=${AES_MASTER_KEY}\n":    "can't be changed safely",
	} {
		_, err := config.Rotate(text, "AES_MASTER_KEY", rand.Reader)
		require.ErrorContains(t, err, want, text)
		assert.NotContains(t, err.Error(), key)
		assert.NotContains(t, err.Error(), "secret!")
	}
	_, err := config.Rotate("SMTP_PASSWORD=x", "SMTP_PASSWORD", rand.Reader)
	require.ErrorContains(t, err, "use AES_MASTER_KEY, JWT_SECRET, PB_ENCRYPTION_KEY")
}
