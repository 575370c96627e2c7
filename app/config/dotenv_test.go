package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestMalformedDotEnvFilesAreReported(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"no equals sign":             {"A=1\n\n# note\nhunter2 hunter2\nB=2\n", "line 4 is not valid"},
		"no equals sign at the end":  {"A=1\nhunter2", "line 2 is not valid"},
		"first line":                 {"hunter2!\n", "line 1 is not valid"},
		"open quote":                 {"A=1\nSMTP_PASSWORD='hunter2\n", "line 2 is not valid"},
		"open quote, not at the end": {"A=1\nSMTP_PASSWORD='hunter2\n# A='hunter\nB=2\n", "line 3 is not valid"},
		"open quote, closed later":   {"A=1\nSMTP_PASSWORD=\"hunter2\nB=2\nC=\"3\"\n", "line 4 is not valid"},
		"open quote repeated":        {"# 'hunter2\nSMTP_PASSWORD='hunter2\n", "line 2 is not valid"},
		"after a multi-line value":   {"A='1\n2\n3'\nhunter2\n", "line 4 is not valid"},
		"Windows line endings":       {"A='1\r\n2'\r\nhunter2!\r\n", "line 3 is not valid"},
		"space in a name":            {"A=1\nMY hunter2=2\n", "line 2 is not valid"},
		"name after a closing quote": {"A='1\n2' MY hunter2=2\n", "has a line that is not valid"},
		"export alone":               {"A=1\nexport ", "has a line that is not valid"},
		"many lines":                 {strings.Repeat("#\n", 3000) + "hunter2", "line 3001 is not valid"},
		"UTF-16":                     {"\xff\xfeA\x00=\x001\x00", "not UTF-8 text"},
		"too large":                  {strings.Repeat("A=1\n", 20_000), "larger than 64 KiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, file := range []string{".env", ".env.local"} {
				dir := t.TempDir()
				write(t, dir, file, c.text)
				got := problems(t, config.LoadFrom(dir, valid(t)))
				require.Len(t, got, 1)
				assert.Contains(t, got[file].Message, c.want)
				assert.NotContains(t, got[file].String(), "hunter")
			}
		})
	}
}

func TestSettingsBeforeASyntaxErrorAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, ".env", "\ufeffPB_GLOBAL_PORT=1234\r\nexport LOG_LEVEL=debug\r\n!\r\nDATA_DIR=x\r\n")
	c := config.LoadFrom(dir, valid(t))
	assert.Contains(t, problems(t, c), ".env")
	assert.Equal(t, 1234, c.GlobalPort)
	assert.Equal(t, "pb_data", c.DataDir)
}

func TestUnreadableDotEnvFilesAreReported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".env"), 0o700))
	write(t, dir, ".env.local", "PB_GLOBAL_PORT=1234\n")
	c := config.LoadFrom(dir, valid(t))
	got := problems(t, c)
	require.Len(t, got, 1)
	assert.Contains(t, got[".env"].Message, "is a directory")
	assert.Equal(t, 1234, c.GlobalPort, "the other file is read")

	require.NoError(t, config.LoadFrom(filepath.Join(dir, "nowhere"), valid(t)).Validate())

	if os.Geteuid() != 0 {
		locked := t.TempDir()
		write(t, locked, ".env", "A=1")
		require.NoError(t, os.Chmod(filepath.Join(locked, ".env"), 0))
		assert.Contains(t, problems(t, config.LoadFrom(locked, valid(t)))[".env"].Message, "permission denied")
	}
}

func TestProbableMistakesAreWarnings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, ".env", strings.Join([]string{
		"JWT_SECERT=x", "SMTP_HOTS=x", "WORKER_COUNT=3", "worker_concurrency=9", "COMPOSE_PROJECT_NAME=ours", "TZ=UTC",
		"PB_GLOBAL_PORT=1234", "PB_GLOBAL_PORT=1235", `SMTP_PASSWORD="pa$WORD"`, "SMTP_USERNAME=u", "SMTP_HOST=h", "SMTP_FROM=a@b.example",
	}, "\n"))
	c := config.LoadFrom(dir, valid(t, "SMTP_PASSWORD=p"))
	require.NoError(t, c.Validate(), "warnings are not problems")
	assert.Equal(t, []string{
		".env: the $ in SMTP_PASSWORD on line 9 is expanded; put the value in single quotes",
		"PB_GLOBAL_PORT is set on lines 7 and 8 of .env, and the last one wins",
		".env: JWT_SECERT is not a setting and has no effect; did you mean JWT_SECRET?",
		".env: SMTP_HOTS is not a setting and has no effect; did you mean SMTP_HOST?",
		".env: WORKER_COUNT is not a setting and has no effect",
		".env: worker_concurrency is not a setting and has no effect; did you mean WORKER_CONCURRENCY?",
	}, c.Warnings())
}

func TestDollarIsExpandedOutsideSingleQuotes(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]struct {
		password string
		warnings int
	}{
		`SMTP_PASSWORD='pa$WORD'`:   {"pa$WORD", 0},
		`SMTP_PASSWORD=pa\$WORD`:    {"pa$WORD", 0},
		`SMTP_PASSWORD=pa$$word`:    {"pa$$word", 0},
		`SMTP_PASSWORD=pa$WORD`:     {"pa", 1},
		`SMTP_PASSWORD="${SECRET}"`: {"", 1},
		`SMTP_PASSWORD=pa$(WORD)`:   {"pa)", 1},
	} {
		dir := t.TempDir()
		write(t, dir, ".env", line)
		c := config.LoadFrom(dir, valid(t))
		assert.Equal(t, want.password, c.SMTPPassword.Reveal(), line)
		assert.Len(t, c.Warnings(), want.warnings, line)
	}
}

func TestPlaceholderSecretsAreWarnings(t *testing.T) {
	t.Parallel()
	zero := strings.Repeat("A", 43) + "="
	c := config.LoadFrom(t.TempDir(), valid(t, "AES_MASTER_KEY="+zero, "PB_ENCRYPTION_KEY="+zero))
	require.NoError(t, c.Validate())
	require.Len(t, c.Warnings(), 3)
	assert.Contains(t, c.Warnings()[2], "PB_ENCRYPTION_KEY is the same as AES_MASTER_KEY")
}

// A second set of keys appended to the first would win, and data encrypted under the first would be
// lost.
func TestRepeatedRequiredSettingIsAProblem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var text string
	for _, line := range append(valid(t), valid(t)[0]) {
		text += line + "\n"
	}
	write(t, dir, ".env", "AES_MASTER_KEY=\n"+text)
	got := problems(t, config.LoadFrom(dir, nil))
	require.Len(t, got, 1)
	assert.Equal(t, "is set on lines 2 and 8 of .env, and the last one wins", got["AES_MASTER_KEY"].Message)
}

func FuzzDotEnv(f *testing.F) {
	for _, seed := range []string{"A=1\nB='x", "export A: b # c\n", "\ufeff=\n", "A=\"\\", "PB_GLOBAL_PORT=1\nPB_GLOBAL_PORT=2"} {
		f.Add(seed)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, ".env"), []byte(text), 0o600))
		c := config.LoadFrom(dir, nil)
		require.Error(t, c.Validate())
		c.Warnings()
	})
}
