package userdb_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestDatabasesOnOtherServersAreLeftAlone(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_ARCHIVE_AFTER=30d", "USER_DB_DELETE_GRACE=1d"}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	s.SetCell(p.Name, "c2")
	ctx, databases := t.Context(), s.App.Databases

	infos, err := databases.List(ctx, nil)
	require.NoError(t, err)
	require.Len(t, infos, 1)
	assert.Equal(t, other.Name, infos[0].Name)
	var verified []string
	require.NoError(t, databases.Verify(ctx, nil, 1, func(v userdb.Verification) { verified = append(verified, v.Name) }))
	assert.Equal(t, []string{other.Name}, verified)
	stats, err := databases.Stats(ctx)
	require.NoError(t, err)
	assert.Equal(t, map[registry.Status]int{registry.StatusReady: 1}, stats.Databases)

	ignore := func(userdb.Outcome) {}
	for name, do := range map[string]func(context.Context, []string) error{
		"archive": func(ctx context.Context, names []string) error { return databases.Archive(ctx, names, ignore) },
		"restore": func(ctx context.Context, names []string) error { return databases.Restore(ctx, names, ignore) },
		"delete":  func(ctx context.Context, names []string) error { return databases.Delete(ctx, names, true, ignore) },
		"migrate": func(ctx context.Context, names []string) error { return databases.Migrate(ctx, names, 1, ignore) },
		"verify": func(ctx context.Context, names []string) error {
			return databases.Verify(ctx, names, 1, func(userdb.Verification) {})
		},
		"show": func(ctx context.Context, names []string) error {
			_, err := databases.Show(ctx, names[0])
			return err
		},
	} {
		require.ErrorIs(t, do(ctx, []string{p.Email}), registry.ErrElsewhere, name)
		require.ErrorIs(t, do(ctx, []string{p.Name}), registry.ErrElsewhere, name)
	}

	require.NoError(t, databases.Maintain(ctx))
	assert.Empty(t, s.RegistryRow(p.Name)["maintained_at"])
	assert.NotEmpty(t, s.RegistryRow(other.Name)["maintained_at"])
	for _, field := range []string{"created", "last_used"} {
		s.Backdate(p.Name, field, 60*24*time.Hour)
		s.Backdate(other.Name, field, 60*24*time.Hour)
	}
	require.NoError(t, databases.ApplyRetention(ctx))
	assert.Equal(t, "ready", s.RegistryRow(p.Name)["status"])
	assert.Equal(t, "archived", s.RegistryRow(other.Name)["status"])

	deleteAccount(p)
	s.Backdate(p.Name, "delete_after", time.Hour)
	require.NoError(t, databases.ApplyRetention(ctx))
	assert.Equal(t, "deleting", s.RegistryRow(p.Name)["status"])
	assert.FileExists(t, p.DataFile(), "the other server deletes what it has, and nobody what is here")
	s.SetCell(p.Name, "")
	require.NoError(t, databases.ApplyRetention(ctx))
	assert.Nil(t, s.RegistryRow(p.Name))
	assert.NoFileExists(t, p.DataFile())
}

func TestUsersOfOtherServersGetNoSecondDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	folders := func() (names []string) {
		entries, err := os.ReadDir(s.FolderPath(""))
		require.NoError(t, err)
		for _, entry := range entries {
			if registry.ValidName(entry.Name()) {
				names = append(names, entry.Name())
			}
		}
		return names
	}
	for _, status := range []string{"ready", "archived", "provisioning", "failed"} {
		s.SetCell(p.Name, "c2")
		setStatus(s, p.Name, status)
		_, err := s.App.Databases.Provision(t.Context(), s.User(p.ID))
		require.ErrorIs(t, err, registry.ErrElsewhere, status)
		_, err = s.App.Databases.AcquireForJob(t.Context(), p.ID)
		require.ErrorIs(t, err, registry.ErrElsewhere, status)
		assert.Equal(t, status, s.RegistryRow(p.Name)["status"])
		assert.Equal(t, []string{p.Name}, folders())
	}
	provisioned, err := s.App.Databases.IsProvisioned(t.Context(), p.ID)
	require.NoError(t, err)
	assert.True(t, provisioned)
	setStatus(s, p.Name, "ready")
	s.SetCell(p.Name, "")
	assert.Equal(t, p.Name, s.Provision(p.ID).Name)
}

func TestStartLeavesDatabasesOfOtherServersAlone(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	gone, present := s.SignUp("gone@example.com"), s.SignUp("present@example.com")
	present.CreateSamples()
	s.SetCell(gone.Name, "c2")
	s.SetCell(present.Name, "c2")
	require.NoError(t, s.Stop())
	require.NoError(t, os.RemoveAll(s.FolderPath(gone.Name)))
	setStatus(s, present.Name, "provisioning") // by the other server

	next := s.Restart()
	for _, line := range []string{"are missing", "without a registry row", "completed the unfinished work"} {
		assert.NotContains(t, next.Log.String(), line)
	}
	assert.Empty(t, next.RegistryRow(gone.Name)["error"])
	assert.Equal(t, "provisioning", next.RegistryRow(present.Name)["status"])
	assert.FileExists(t, present.DataFile())
	assert.NoDirExists(t, s.FolderPath(gone.Name))

	next.SetCell(present.Name, "")
	back := next.SignInAgain(present, apptest.Password)
	assert.Len(t, back.ListOwn("meetings", ""), 1)
}
