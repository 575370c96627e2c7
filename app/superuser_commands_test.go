package app_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// command runs a command beside the running server, as another process would.
func command(s *apptest.Server, args ...string) string {
	s.T.Helper()
	a := apptest.NewApp(s.Dir)
	var out strings.Builder
	a.RootCmd.SetOut(&out)
	require.NoError(s.T, cli.Run(s.T.Context(), a, args...))
	return out.String()
}

func TestChangingASuperuserEndsTheirSessionsInTheRunningServer(t *testing.T) {
	t.Parallel()
	for _, change := range [][]string{
		{"update", "eve@example.com", "a-changed-password"}, {"upsert", "eve@example.com", "a-changed-password"}, {"delete", "eve@example.com"},
	} {
		t.Run(change[0], func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{})
			p := s.SignUp("ada@example.com")
			assert.Equal(t, "superuser eve@example.com created\n", command(s, "superuser", "create", "eve@example.com", apptest.Password))
			signIn := func(password string) apptest.Answer {
				return s.Call("POST", s.URL+"/api/collections/_superusers/auth-with-password", "", map[string]any{
					"identity": "eve@example.com", "password": password,
				})
			}
			token := signIn(apptest.Password).Text("token")
			require.NotEmpty(t, token)
			subscribe := func(token string) *apptest.Stream {
				stream := apptest.OpenStream(t, s.URL)
				answer := s.Call("POST", s.URL+"/api/realtime", token, stream.Subscription("users/*"))
				require.Equal(t, 204, answer.Status, answer.Raw)
				return stream
			}
			eve, other := subscribe(token), subscribe(s.SuperuserToken())
			databaseStream := apptest.OpenStream(t, p.DatabaseURL)
			answer := s.Call("POST", p.DatabaseURL+"/api/realtime", token, databaseStream.Subscription("meetings/*"))
			require.Equal(t, 204, answer.Status, answer.Raw)

			command(s, append([]string{"superuser"}, change...)...)
			assert.Equal(t, 401, s.Call("GET", s.URL+"/api/settings", token, nil).Status)
			assert.True(t, databaseStream.Ended(), "the stream to a user's database")
			for _, email := range []string{"bob@example.com", "dan@example.com"} {
				require.Equal(t, 200, s.SignUpOnly(email).Status)
				assert.Equal(t, "users/*", other.Next().Name)
			}
			assert.Empty(t, eve.Pending(), "events after the session has ended")
			if change[0] == "delete" {
				assert.Equal(t, 400, signIn(apptest.Password).Status)
			} else {
				assert.Equal(t, 200, signIn("a-changed-password").Status)
			}
		})
	}
}

// Hooks that use services run for every change of a record, so nothing may change one before they exist.
func TestOpenGlobalDatabaseHasTheServicesThatHooksUse(t *testing.T) {
	t.Parallel()
	a := apptest.NewApp(t.TempDir())
	require.NoError(t, a.Bootstrap())
	t.Cleanup(func() { require.NoError(t, a.Terminate()) })
	require.NoError(t, a.RunAllMigrations())
	for _, name := range []string{core.CollectionNameSuperusers, "users"} {
		collection, err := a.FindCollectionByNameOrId(name)
		require.NoError(t, err)
		first, second := core.NewRecord(collection), core.NewRecord(collection)
		first.SetEmail("first@example.com")
		second.SetEmail("second@example.com")
		for _, record := range []*core.Record{first, second} {
			record.SetPassword("a-good-password")
			require.NoError(t, a.Save(record))
			record.SetPassword("a-changed-password")
			require.NoError(t, a.Save(record))
		}
		require.NoError(t, a.Delete(second))
	}
}

func TestCommandsCreateNoSuperuserWhoDiffersInCaseOnly(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	superusers := func() (n int) {
		apptest.QueryRow(t, s.GlobalFile(), "SELECT COUNT(*) FROM _superusers", &n)
		return n
	}
	command(s, "superuser", "create", "Eve@Example.com", apptest.Password)
	want := superusers()
	for _, subcommand := range []string{"create", "upsert"} {
		err := cli.Run(t.Context(), apptest.NewApp(s.Dir), "superuser", subcommand, "eve@example.com", apptest.Password)
		require.ErrorContains(t, err, "superuser Eve@Example.com has this e-mail address", subcommand)
	}
	assert.Equal(t, want, superusers())
	assert.Equal(t, "password of superuser Eve@Example.com changed\n", command(s, "superuser", "upsert", "Eve@Example.com", "a-changed-password"))
}
