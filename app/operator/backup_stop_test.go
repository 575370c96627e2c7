package operator

import (
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serveRestore serves a restore that says when it has begun.
func serveRestore(t *testing.T, restore func(ctx context.Context) (backup.RestoredUser, error)) (client *control.Client, begun chan struct{}) {
	t.Helper()
	dir := t.TempDir()
	server := control.NewServer(dir, slog.New(slog.DiscardHandler))
	restores, begun := &runningRestores{calls: map[string]*restoreCall{}}, make(chan struct{})
	RestoreUser.bindOne(server, func(ctx context.Context, request RestoreUserRequest) (backup.RestoredUser, error) {
		return restores.run(ctx, request.ID, func(ctx context.Context) (backup.RestoredUser, error) {
			close(begun)
			return restore(ctx)
		})
	})
	StopRestore.bindOne(server, restores.stop)
	require.NoError(t, server.Start())
	client = control.Dial(dir)
	t.Cleanup(func() {
		client.Close()
		require.NoError(t, server.Stop(context.Background()))
		assert.Empty(t, restores.calls)
	})
	return client, begun
}

// interruptedRestore calls RestoreUserOrStop and interrupts it once the restore has begun.
func interruptedRestore(t *testing.T, client *control.Client, begun chan struct{}) (backup.RestoredUser, error) {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	go func() {
		<-begun
		interrupt()
	}()
	return RestoreUserOrStop(ctx, client, RestoreUserRequest{Backup: "latest", User: "ada@example.com"})
}

func TestInterruptedRestoreStopsBeforeTheReplacement(t *testing.T) {
	client, begun := serveRestore(t, func(ctx context.Context) (backup.RestoredUser, error) {
		<-ctx.Done()
		return backup.RestoredUser{}, ctx.Err()
	})
	_, err := interruptedRestore(t, client, begun)
	require.ErrorIs(t, err, context.Canceled)
}

func TestInterruptedRestoreReturnsWhatWasReplaced(t *testing.T) {
	client, begun := serveRestore(t, func(ctx context.Context) (backup.RestoredUser, error) {
		<-ctx.Done() // the replacement has begun and completes
		return backup.RestoredUser{Name: "ada"}, nil
	})
	restored, err := interruptedRestore(t, client, begun)
	require.NoError(t, err)
	assert.Equal(t, "ada", restored.Name)
}

func TestInterruptedRestoreReturnsTheErrorOfTheReplacement(t *testing.T) {
	client, begun := serveRestore(t, func(ctx context.Context) (backup.RestoredUser, error) {
		<-ctx.Done()
		return backup.RestoredUser{}, assert.AnError
	})
	_, err := interruptedRestore(t, client, begun)
	require.EqualError(t, err, assert.AnError.Error())
}
