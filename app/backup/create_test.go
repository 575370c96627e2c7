package backup_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
)

func TestBackupContainsEverything(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
	h.addRecording(ada.Name, "video of ada")
	require.NoError(t, h.databases.Archive(t.Context(), []string{bob.Name}, ignoreOutcome))

	set := h.create()
	assert.Equal(t, 2, set.Databases)
	assert.Equal(t, 1, set.Recordings)
	assert.Positive(t, set.Bytes)
	assert.Equal(t, set.Stored, set.Added)
	sets, err := h.Repository.Sets(t.Context())
	require.NoError(t, err)
	require.Len(t, sets, 1)
	assert.Equal(t, set.Name, sets[0].Name)

	verified := h.verify(backup.Latest)
	assert.Empty(t, verified.Problems)
	assert.Equal(t, 3, verified.Databases)
	assert.Equal(t, 5, verified.Objects, "three databases, a recording, and the contents")

	for _, secret := range []string{ada.Name, bob.Name, "example.com", "meeting"} { // random bytes contain shorter ones now and then
		assert.False(t, strings.Contains(h.repositoryText(), secret), secret)
	}
	left, err := filepath.Glob(filepath.Join(h.UserDBsDir, ".new-backup-*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestUnchangedDataIsNotStoredAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
	h.addRecording(ada.Name, strings.Repeat("video of ada", 1000))
	require.NoError(t, h.databases.Archive(t.Context(), []string{bob.Name}, ignoreOutcome))
	h.settle()
	first := h.create()
	before := h.objects()
	assert.Len(t, before, 4)

	second := h.create()
	assert.Greater(t, second.Name, first.Name)
	assert.ElementsMatch(t, before, h.objects(), "nothing has changed")
	assert.Less(t, second.Added, first.Added/4)
	assert.Empty(t, h.verify(second.Name).Problems)

	h.save(ada.Name, "meetings", map[string]any{"recording_id": 2})
	h.create()
	assert.Len(t, h.objects(), len(before)+1, "one database has changed, but not its recording")
	h.save(ada.Name, "meetings", map[string]any{"recording_id": 3})
	h.create()
	assert.Len(t, h.objects(), len(before)+2, "a change is noticed however young it is")
	assert.Empty(t, h.verify(backup.Latest).Problems)
	assert.Empty(t, h.verify(first.Name).Problems)
}

func TestObjectsThatDisappearedAreStoredAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.addRecording(h.provision("ada@example.com").Name, "video of ada")
	h.settle()
	h.create()
	for _, key := range h.objects() {
		require.NoError(t, h.store.Delete(t.Context(), key))
	}
	h.create()
	assert.Empty(t, h.verify(backup.Latest).Problems)

	require.NoError(t, os.Remove(filepath.Join(h.DataDir, backup.StateName)))
	h.create()
	assert.Len(t, h.objects(), 6, "without the state, everything is stored again")
	assert.Empty(t, h.verify(backup.Latest).Problems)
}

func TestInterruptedBackupContinues(t *testing.T) {
	t.Parallel()
	interrupted := &interruptedStore{}
	h := newHarness(t, func(cfg *backup.Config) { cfg.Parallel = 1 })
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com", "d@example.com"} {
		h.addRecording(h.provision(email).Name, "video of "+email)
	}
	h.settle()
	interrupted.Store, interrupted.after = h.store, 5
	h.Repository = backup.NewRepository(interrupted, h.keys)
	ctx, cancel := context.WithCancel(t.Context())
	interrupted.cancel = cancel
	_, err := h.Create(ctx)
	require.ErrorIs(t, err, context.Canceled)
	stored := h.objects()
	assert.Len(t, stored, 5)
	sets, err := h.Repository.Sets(t.Context())
	require.NoError(t, err)
	assert.Empty(t, sets, "a backup is complete or absent")

	interrupted.after = 1000
	h.create()
	assert.Subset(t, h.objects(), stored)
	assert.Len(t, h.objects(), 9, "the global database, and four databases with a recording each")
	assert.Empty(t, h.verify(backup.Latest).Problems)
}

// interruptedStore cancels a context after so many objects.
type interruptedStore struct {
	store.Store
	after  int
	cancel context.CancelFunc
}

func (s *interruptedStore) Put(ctx context.Context, name store.Name, write func(io.Writer) error) (string, error) {
	if name.Folder != "objects" {
		return s.Store.Put(ctx, name, write)
	}
	if s.after == 0 {
		s.cancel()
		return "", ctx.Err()
	}
	s.after--
	return s.Store.Put(ctx, name, write)
}

func TestOnlyOneBackupRuns(t *testing.T) {
	t.Parallel()
	waiting := &waitingStore{reached: make(chan struct{}), proceed: make(chan struct{})}
	h := newHarness(t)
	waiting.Store = h.store
	h.Repository = backup.NewRepository(waiting, h.keys)
	done := make(chan error, 1)
	go func() {
		_, err := h.Create(context.Background())
		done <- err
	}()
	<-waiting.reached
	_, err := h.Create(t.Context())
	require.ErrorIs(t, err, backup.ErrRunning)
	close(waiting.proceed)
	require.NoError(t, <-done)
}

// waitingStore waits before it stores the first object.
type waitingStore struct {
	store.Store
	reached, proceed chan struct{}
}

func (s *waitingStore) Put(ctx context.Context, name store.Name, write func(io.Writer) error) (string, error) {
	if name.Folder != "objects" {
		return s.Store.Put(ctx, name, write)
	}
	select {
	case <-s.proceed:
	default:
		if name.Folder == "objects" {
			close(s.reached)
			<-s.proceed
		}
	}
	return s.Store.Put(ctx, name, write)
}

func TestUnreadableDatabaseDoesNotPreventTheBackupOfOthers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada, bob, carol := h.provision("ada@example.com"), h.provision("bob@example.com"), h.provision("carol@example.com")
	file := h.addRecording(carol.Name, "video of carol")
	require.NoError(t, os.Remove(file))
	require.NoError(t, os.RemoveAll(h.databases.Dir(bob.Name)))

	result, err := h.Create(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 2, result.Set.Databases)
	assert.Equal(t, 2, result.Set.Incomplete)
	require.Len(t, result.Problems, 2)
	assert.Equal(t, bob.Name, result.Problems[0].Database)
	assert.Contains(t, result.Problems[0].Text, "incomplete")
	assert.Equal(t, carol.Name, result.Problems[1].Database)
	assert.Contains(t, result.Problems[1].Text, "is missing")
	require.ErrorContains(t, result.Err(), "1 more problems")

	status, err := backup.ReadStatus(h.DataDir)
	require.NoError(t, err)
	assert.Zero(t, status.LastSuccess)
	assert.Contains(t, status.LastError, bob.Name)
	var problems []string
	for _, p := range h.verify(backup.Latest).Problems {
		problems = append(problems, p.Database)
	}
	assert.NotContains(t, problems, ada.Name)
}

func TestUserDeletedMeanwhileIsListed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	deleting := &waitingStore{Store: h.store, reached: make(chan struct{}), proceed: make(chan struct{})}
	h.Repository = backup.NewRepository(deleting, h.keys)
	done := make(chan backup.Result, 1)
	go func() {
		result, err := h.Create(context.Background())
		assert.NoError(t, err)
		done <- result
	}()
	<-deleting.reached // the global database is being stored
	require.NoError(t, h.databases.Delete(t.Context(), []string{ada.Name}, true, ignoreOutcome))
	close(deleting.proceed)
	result := <-done
	assert.Empty(t, result.Problems)
	assert.Equal(t, 1, result.Set.Deleted)
	assert.Zero(t, result.Set.Databases)
	assert.Empty(t, h.verify(backup.Latest).Problems)
}

func TestOtherKeysStoreEverythingAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	h.settle()
	h.create()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	h.keys, err = backup.ParseKeys(identity.String(), nil)
	require.NoError(t, err)
	h.Repository = backup.NewRepository(h.store, h.keys)
	h.create()
	assert.Empty(t, h.verify(backup.Latest).Problems, "nothing is encrypted for the former key")
}

func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.addRecording(h.provision("ada@example.com").Name, "video of ada")
	set := h.create()
	for _, key := range h.objects() {
		path := filepath.Join(h.dir, filepath.FromSlash(key))
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, damage := range []func() error{
			func() error {
				changed := append([]byte{}, content...)
				changed[len(changed)/2] ^= 1
				return os.WriteFile(path, changed, 0o600)
			},
			func() error { return os.WriteFile(path, content[:len(content)-1], 0o600) },
			func() error { return os.Remove(path) },
		} {
			require.NoError(t, damage())
			assert.NotEmpty(t, h.verify(set.Name).Problems, key)
		}
		require.NoError(t, os.WriteFile(path, content, 0o600))
	}
	assert.Empty(t, h.verify(set.Name).Problems)
}

func TestServerWithoutItsIdentity(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	writeOnly, err := backup.ParseKeys("", []string{identity.Recipient().String()})
	require.NoError(t, err)
	h.Repository = backup.NewRepository(h.store, writeOnly)
	h.provision("ada@example.com")
	set := h.create()
	result := h.verify(set.Name)
	assert.True(t, result.Encrypted)
	assert.Equal(t, 3, result.Objects)
	assert.Zero(t, result.Databases)
	assert.Empty(t, result.Problems)

	_, err = backup.NewRepository(h.store, h.keys).Verify(t.Context(), set.Name, t.TempDir(), h.Ledger)
	require.ErrorIs(t, err, backup.ErrWrongIdentity)
	both, err := backup.ParseKeys(identity.String(), nil)
	require.NoError(t, err)
	h.Repository = backup.NewRepository(h.store, both)
	assert.Equal(t, 2, h.verify(set.Name).Databases)
}

func TestStatusOfBackups(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 20, 15, 0, 0, time.UTC)
	h := newHarness(t, func(cfg *backup.Config) { cfg.Now = func() time.Time { return now } })
	set := h.create()
	assert.Equal(t, "20261127T201500Z", set.Name)
	status, err := backup.ReadStatus(h.DataDir)
	require.NoError(t, err)
	assert.Equal(t, backup.Status{LastSuccess: now, LastBackup: set.Name, LastStored: set.Stored}, status)

	require.NoError(t, os.RemoveAll(h.dir))
	require.NoError(t, os.WriteFile(h.dir, nil, 0o600)) // a file instead of the folder
	_, err = h.Create(t.Context())
	require.Error(t, err)
	status, err = backup.ReadStatus(h.DataDir)
	require.NoError(t, err)
	assert.Equal(t, now, status.LastSuccess)
	assert.Equal(t, now, status.LastFailure)
	assert.NotEmpty(t, status.LastError)
}
