package e2e

import (
	"crypto/rand"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// newRandom returns the source of keys. Nothing depends on their values.
func newRandom(*testing.T) io.Reader { return rand.Reader }

func otherMasterKey(t *testing.T) string {
	t.Helper()
	other, err := config.Generate(newRandom(t))
	require.NoError(t, err)
	return other.AESMasterKey.Reveal()
}

func TestKeysAreWrittenOnceAndOnlyForTheirOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// The mode of the file must not depend on the umask.
	command := exec.Command("sh", "-c", `umask 0 && exec "$0" keys generate --write .env`, binary)
	command.Dir, command.Env = dir, environment()
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, "written to .env\n", string(out))
	path := filepath.Join(dir, ".env")
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	before := snapshot(t, dir)
	require.Len(t, before, 2, "the folder and the file, without a temporary one")
	assert.Empty(t, config.LoadFrom(dir, nil).Warnings())
	require.NoError(t, config.LoadFrom(dir, nil).Validate())

	again := run(t, dir, nil, "keys", "generate", "--write", ".env")
	assert.Equal(t, 1, again.exitCode, "%+v", again)
	assert.Contains(t, again.stderr, ".env already exists and was left as it is")
	assert.Equal(t, before, snapshot(t, dir))

	for name, prepare := range map[string]func(path string) error{
		"empty file":    func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"dangling link": func(path string) error { return os.Symlink("nowhere", path) },
		"folder":        func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		dir := t.TempDir()
		require.NoError(t, prepare(filepath.Join(dir, "keys")))
		before := snapshot(t, dir)
		out := run(t, dir, nil, "keys", "generate", "--write", "keys")
		assert.Equal(t, 1, out.exitCode, "%s: %+v", name, out)
		assert.Contains(t, out.stderr, "keys already exists", name)
		assert.Equal(t, before, snapshot(t, dir), name)
	}
	missing := run(t, t.TempDir(), nil, "keys", "generate", "--write", "missing/.env")
	assert.Equal(t, 1, missing.exitCode, "%+v", missing)
	assert.Contains(t, missing.stderr, "no such file or directory")
}

func TestServerRefusesAnotherMasterKey(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	for _, name := range []string{"ada", "bob"} {
		in.newAccount(name + "@example.com")
	}
	server.stop()
	right := in.env
	formerKey, newKey := in.keys.AESMasterKey.Reveal(), otherMasterKey(t)
	before := snapshot(t, in.dir)

	in.env = append(right[:len(right):len(right)], "AES_MASTER_KEY="+newKey)
	in.requireRefused("AES_MASTER_KEY is not the key that encrypted 2 of 2 user databases: restore the former key, or set it as AES_MASTER_KEY_PREVIOUS", "serve")
	assert.Equal(t, before, snapshot(t, in.dir), "a refused start changes nothing")
	assert.Equal(t, 0, in.run("userdb", "list").exitCode, "listing needs no key")
	verified := in.run("userdb", "verify")
	assert.Equal(t, 1, verified.exitCode, "%+v", verified)
	assert.Equal(t, 2, strings.Count(verified.stdout, "data key was encrypted with another AES_MASTER_KEY"), verified.stdout)

	in.env = append(right[:len(right):len(right)], "AES_MASTER_KEY="+newKey, "AES_MASTER_KEY_PREVIOUS="+otherMasterKey(t))
	in.requireRefused("Neither AES_MASTER_KEY nor AES_MASTER_KEY_PREVIOUS is the key that encrypted 2 of 2 user databases: restore the former key", "serve")

	// A rotation: old databases use the former key, new ones the new key.
	in.env = append(right[:len(right):len(right)], "AES_MASTER_KEY="+newKey, "AES_MASTER_KEY_PREVIOUS="+formerKey)
	server = in.serve()
	in.newAccount("eve@example.com")
	_, err := in.signIn("ada@example.com")
	require.NoError(t, err)
	server.stop()
	require.Contains(t, in.run("userdb", "verify").stdout, "3 checked, 0 with problems")

	in.env = append(right[:len(right):len(right)], "AES_MASTER_KEY="+newKey)
	in.requireRefused("encrypted 2 of 3 user databases", "serve")
	in.env = right
	in.requireRefused("encrypted 1 of 3 user databases", "serve")

	// An operator who has lost a key deletes what it encrypted.
	require.Equal(t, 0, in.run("userdb", "delete", "eve@example.com", "--now", "--yes").exitCode)
	in.serve().stop()
}

func TestServerAcceptsAnyMasterKeyBeforeTheFirstUser(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	in.serve().stop()
	in.env = append(in.env, "AES_MASTER_KEY="+otherMasterKey(t))
	in.serve().stop()
}

func TestModesThatLetOthersReadSecretsAreReported(t *testing.T) {
	t.Parallel()
	in := installUnprivileged(t, startSimulator(t, simulator.Config{}))
	require.NoError(t, os.Mkdir(filepath.Join(in.dir, "user_dbs"), 0o755)) // as in a new checkout
	require.NoError(t, os.WriteFile(filepath.Join(in.dir, "user_dbs", ".gitkeep"), nil, 0o644))
	server := in.serve()
	server.stop()
	require.NotContains(t, server.log.String(), "level=WARN", "the server makes its directories private")

	require.NoError(t, os.WriteFile(filepath.Join(in.dir, ".env.local"), []byte("SESSION_TTL=2h\n"), 0o600))
	for name, mode := range map[string]os.FileMode{".env.local": 0o640, "pb_data": 0o755, "user_dbs": 0o701} {
		require.NoError(t, os.Chmod(filepath.Join(in.dir, name), mode))
	}
	server = in.serve()
	server.stop()
	for _, want := range []string{
		"run chmod 600 " + filepath.Join(in.dir, ".env.local"), "run chmod 700 " + filepath.Join(in.dir, "pb_data"),
		"run chmod 700 " + filepath.Join(in.dir, "user_dbs"),
	} {
		assert.Equal(t, 1, strings.Count(server.log.String(), want), want)
	}
	assert.Equal(t, 3, strings.Count(server.log.String(), "level=WARN"), server.log)
}
