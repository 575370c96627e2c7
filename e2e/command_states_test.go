package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // the system tables of another application
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// changingCommands returns the arguments of every command that changes data, in an order in which all of them
// succeed, with their exit codes on an empty data directory.
func changingCommands(database string) []struct {
	args        []string
	exitOnEmpty int
} {
	return []struct {
		args        []string
		exitOnEmpty int
	}{
		{[]string{"userdb", "migrate", "--all"}, 0},
		{[]string{"userdb", "archive", database}, 1},
		{[]string{"userdb", "restore", database}, 1},
		{[]string{"userdb", "export", database, "--output", "-"}, 1},
		{[]string{"userdb", "import", earlierExport, "--email", "imported@example.com", "--create"}, 0},
		{[]string{"userdb", "bundle", database, "--output", "-"}, 1},
		{[]string{"userdb", "delete", database}, 1},
		{[]string{"blobs", "migrate", "--to", "disk"}, 0},
		{[]string{"queue", "pause"}, 0},
		{[]string{"queue", "resume"}, 1},
		{[]string{"queue", "retry", "--all"}, 0},
		{[]string{"queue", "cancel", "--all"}, 0},
		{[]string{"queue", "purge"}, 0},
		{[]string{"superuser", "create", "eve@example.com", "eves-password-1"}, 0},
		{[]string{"superuser", "upsert", "eve@example.com", "eves-password-2"}, 0},
		{[]string{"superuser", "update", "eve@example.com", "eves-password-3"}, 1},
		{[]string{"superuser", "delete", "eve@example.com"}, 1},
		{[]string{"superuser", "ips", "127.0.0.1", "10.0.0.0/24"}, 0},
		{[]string{"superuser", "ips"}, 0},
	}
}

// dataCommands returns the arguments of every command that uses the data directory.
func dataCommands(database, job string) [][]string {
	commands := append(readOnlyCommands(database, job), []string{"superuser", "otp", "eve@example.com"}, []string{"serve"})
	for _, command := range changingCommands(database) {
		commands = append(commands, command.args)
	}
	return commands
}

func TestEveryCommandIsTestedInEveryState(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, name := range []string{
		"demo", "simulator", "health", "version", "keys generate", "fathom inspect", "loom inspect", "mover", "cluster config", "cluster check", // use no data
		"backup create", "backup list", "backup verify", "backup restore", "doctor", "keys rotate", "promote", "cluster list", // have states of their own
	} {
		tested[name] = true
	}
	for _, args := range dataCommands("x", "x") {
		tested[args[0]] = true
		if len(args) > 1 {
			tested[args[0]+" "+args[1]] = true
		}
	}
	dir := t.TempDir()
	commands := func(path ...string) (names []string) {
		_, list, _ := strings.Cut(run(t, dir, nil, append(path, "--help")...).stdout, "Available Commands:\n")
		list, _, _ = strings.Cut(list, "\n\n")
		for _, match := range regexp.MustCompile(`(?m)^  (\S+)`).FindAllStringSubmatch(list, -1) {
			names = append(names, match[1])
		}
		return names
	}
	found := commands()
	require.Contains(t, found, "superuser")
	for _, name := range found {
		subcommands := commands(name)
		if len(subcommands) == 0 {
			assert.True(t, tested[name], "%s is not tested", name)
		}
		for _, sub := range subcommands {
			assert.True(t, tested[name+" "+sub], "%s %s is not tested", name, sub)
		}
	}
}

func TestEveryCommandWorksWithAndWithoutAServer(t *testing.T) {
	t.Parallel()
	for _, running := range []bool{true, false} {
		t.Run(map[bool]string{true: "running server", false: "stopped server"}[running], func(t *testing.T) {
			t.Parallel()
			in := install(t, startSimulator(t, simulator.Config{}))
			server := in.serve()
			who := in.newDemoAccount()
			job := in.enqueue(who, "fathom.sync", object{})
			in.requireCompleted(who, job)
			if running {
				in.requireRefused("another fathom-to-loom is running", "serve")
			} else {
				server.stop()
			}
			for _, args := range readOnlyCommands(who.name, job) {
				out := in.run(args...)
				assert.Equal(t, 0, out.exitCode, "%v: %+v", args, out)
			}
			for _, command := range changingCommands(who.name) {
				out := in.run(command.args...)
				assert.Equal(t, 0, out.exitCode, "%v: %+v", command.args, out)
			}
			in.requireRefused("one-time passwords are disabled", "superuser", "otp", in.keys.AdminEmail)
			in.requireRefused("there is no such superuser: eve@example.com", "superuser", "delete", "eve@example.com")
			in.requireRefused("You can't delete the only existing superuser", "superuser", "delete", in.keys.AdminEmail)
			in.requireRefused("be a valid email address", "superuser", "create", "eve", "eves-password-1")
			assert.NotContains(t, server.log.String(), "eves-password", "no password is logged")
		})
	}
}

func TestChangingCommandsOnAnEmptyDirectory(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	for _, command := range changingCommands("ada@example.com") {
		in := install(t, sim)
		out := in.run(command.args...)
		assert.Equal(t, command.exitOnEmpty, out.exitCode, "%v: %+v", command.args, out)
		requireNoPanic(t, out)
		if command.exitOnEmpty == 1 {
			assert.Equal(t, 1, strings.Count(out.stderr, "\n"), out.stderr)
		}
	}
	in := install(t, sim)
	in.requireRefused("there is no such superuser", "superuser", "otp", "eve@example.com")
	created := in.run("superuser", "create", "eve@example.com", in.keys.AdminPassword.Reveal())
	require.Equal(t, 0, created.exitCode, created.stderr)
	in.serve()
	assert.NotEmpty(t, in.superuserToken("eve@example.com"), "the superuser who was created first")
}

func requireNoPanic(t *testing.T, out output) {
	t.Helper()
	require.NotContains(t, out.stderr, "panic")
	require.NotContains(t, out.stderr, "goroutine")
}

// Every command refuses these directories with one sentence, and leaves them as they are.
func TestEveryCommandRefusesDirectoriesItCannotUse(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	for _, state := range []struct {
		name, want string
		prepare    func(t *testing.T, in *installation)
	}{
		{"another application", "contains the data of another application: set DATA_DIR to a directory of its own", func(t *testing.T, in *installation) {
			app := core.NewBaseApp(core.BaseAppConfig{DataDir: filepath.Join(in.dir, "pb_data")})
			require.NoError(t, app.Bootstrap())
			require.NoError(t, app.Save(core.NewBaseCollection("posts")))
			require.NoError(t, dbtest.Close(app))
		}},
		{"another application's users", "contains the data of another application: set DATA_DIR to a directory of its own", func(t *testing.T, in *installation) {
			app := core.NewBaseApp(core.BaseAppConfig{DataDir: filepath.Join(in.dir, "pb_data")})
			require.NoError(t, app.Bootstrap())
			dbtest.NewUser(t, app, "ada@example.com")
			require.NoError(t, dbtest.Close(app))
		}},
		{"newer version", "was last used by a newer version, which applied 1999999999_future.go: run that version", func(t *testing.T, in *installation) {
			in.serve().stop()
			in.execute("INSERT INTO _migrations (file, applied) VALUES ('1999999999_future.go', 1)")
		}},
		{"other settings key", "PB_ENCRYPTION_KEY is not the key that encrypted PocketBase's settings", func(t *testing.T, in *installation) {
			in.serve().stop()
			other, err := config.Generate(newRandom(t))
			require.NoError(t, err)
			in.env = append(in.env, "PB_ENCRYPTION_KEY="+other.PBEncryptionKey.Reveal())
		}},
		{"file", "is a file, not a folder", func(t *testing.T, in *installation) {
			require.NoError(t, os.WriteFile(filepath.Join(in.dir, "pb_data"), []byte("a file"), 0o600))
		}},
		{"damaged database", "restore data.db from a backup", func(t *testing.T, in *installation) {
			require.NoError(t, os.Mkdir(filepath.Join(in.dir, "pb_data"), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(in.dir, "pb_data", sqlite.DataFile), []byte(strings.Repeat("no database ", 100)), 0o600))
		}},
	} {
		t.Run(state.name, func(t *testing.T) {
			t.Parallel()
			in := install(t, sim)
			state.prepare(t, in)
			before := snapshot(t, in.dir)
			for _, args := range dataCommands("ada@example.com", "any") {
				in.requireRefused(state.want, args...)
				assert.Equal(t, before, snapshot(t, in.dir), "%v changed files", args)
			}
		})
	}
}

func TestEveryCommandRefusesAnUnreadableDirectory(t *testing.T) {
	t.Parallel()
	in := installUnprivileged(t, startSimulator(t, simulator.Config{}))
	in.serve().stop()
	in.giveAway()
	data := filepath.Join(in.dir, "pb_data")
	before := snapshot(t, in.dir)
	allow := deny(t, data)
	for _, args := range dataCommands("ada@example.com", "any") {
		out := in.runUnprivileged(args...)
		assert.Equal(t, 1, out.exitCode, "%v: %+v", args, out)
		assert.Contains(t, out.stderr, "cannot read "+data+": permission denied; "+data, args)
		assert.Equal(t, 1, strings.Count(out.stderr, "\n"), out.stderr)
	}
	allow()
	assert.Equal(t, before, snapshot(t, in.dir))
}

func TestUnreadableUserDatabaseIsNotReportedAsMissing(t *testing.T) {
	t.Parallel()
	in := installUnprivileged(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	in.newAccount("ada@example.com")
	in.newAccount("bob@example.com")
	list := in.userDatabases()
	server.stop()
	in.giveAway()
	ada := filepath.Join(in.dir, "user_dbs", list["ada@example.com"].Name)
	bob := filepath.Join(in.dir, "user_dbs", list["bob@example.com"].Name)
	allow := deny(t, ada)
	require.NoError(t, os.RemoveAll(bob))

	verified := in.runUnprivileged("userdb", "verify")
	assert.Equal(t, 1, verified.exitCode, "%+v", verified)
	assert.Contains(t, verified.stdout, "cannot read "+ada+": permission denied; "+ada)
	assert.Equal(t, 1, strings.Count(verified.stdout, "folder is missing"), "only bob's: %s", verified.stdout)

	out := in.runUnprivileged("userdb", "export", "ada@example.com", "--output", "-")
	assert.Equal(t, 1, out.exitCode, "%+v", out)
	assert.Contains(t, out.stderr, "permission denied")
	allow()
	list = in.userDatabases()
	assert.Contains(t, list["ada@example.com"].Error, "permission denied", "the registry records the reason")
	assert.NotContains(t, list["ada@example.com"].Error, "missing")
	assert.Contains(t, list["bob@example.com"].Error, "folder is missing")
	require.Equal(t, 0, in.run("userdb", "export", "ada@example.com", "--output", "-").exitCode)
	assert.Empty(t, in.userDatabases()["ada@example.com"].Error, "the database can be used again")
}

// The flag must not bypass the checks of the setting.
func TestDirFlagPassesTheChecksOfTheSetting(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	in.serve().stop()
	for _, dir := range []string{"user_dbs", "user_dbs/data", ".", ""} {
		before := snapshot(t, in.dir)
		for _, args := range [][]string{{"serve", "--dir", dir}, {"--dir=" + dir, "userdb", "list"}, {"superuser", "--dir", dir, "create", "eve@example.com", "eves-password-1"}} {
			in.requireRefused("--dir overrides DATA_DIR", args...)
		}
		assert.Equal(t, before, snapshot(t, in.dir))
	}
	require.NoError(t, os.Rename(filepath.Join(in.dir, "pb_data"), filepath.Join(in.dir, "moved")))
	assert.Equal(t, 0, in.run("userdb", "list", "--dir", "moved").exitCode)
	assert.NoDirExists(t, filepath.Join(in.dir, "pb_data"))
}

func TestFlagsThatBypassSettingsAreRefused(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	in.requireRefused("unknown flag: --encryptionEnv", "serve", "--encryptionEnv", "HOME")
	in.requireRefused("unknown flag: --queryTimeout", "serve", "--queryTimeout", "600")
	in.env = append(in.env, "USER_DB_PORTS=9000-9010")
	in.requireRefused("USER_DB_PORTS is not valid", "serve", "--http", "127.0.0.1:9005")
	in.requireRefused("CORS_ORIGINS is not valid", "serve", "--origins", "https://*.example.com")
	in.requireRefused("BIND_ADDRESS is not valid", "serve", "--http", "a b:8090")
	in.requireRefused("--http is not valid", "serve", "--http", "8090")
	assertEmptyDir(t, in.dir)
}

func TestBusyPortNamesTheSettings(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	first := install(t, sim)
	first.serve()
	second := install(t, sim)
	second.env = append(second.env, "PB_GLOBAL_PORT="+strconv.Itoa(first.ports.First))
	second.requireRefused("address already in use: stop the program that uses it, or set another PB_GLOBAL_PORT or BIND_ADDRESS", "serve")
}

func TestFlagErrorsDoNotRepeatAPassword(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	for _, password := range []string{"-secret-word", "--secret-word", "-xsecret-word=1"} {
		in.requireRefused("put -- before a password that starts with -", "superuser", "upsert", "eve@example.com", password)
		assert.NotContains(t, in.run("superuser", "upsert", "eve@example.com", password).stderr, "secret")
	}
	assert.Equal(t, 0, in.run("superuser", "upsert", "--", "eve@example.com", "-secret-word").exitCode)
}

// execute changes the global database of a stopped server.
func (in *installation) execute(statement string) {
	in.t.Helper()
	db, err := sqlite.Open(filepath.Join(in.dir, "pb_data", sqlite.DataFile))
	require.NoError(in.t, err)
	_, err = db.NewQuery(statement).Execute()
	require.NoError(in.t, err)
	require.NoError(in.t, db.Close())
}
