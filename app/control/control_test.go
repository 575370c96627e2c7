package control_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func serve(t *testing.T, dir string, bind func(*control.Server)) *control.Client {
	t.Helper()
	server := control.NewServer(dir, slog.New(slog.DiscardHandler))
	bind(server)
	require.NoError(t, server.Start())
	client := control.Dial(dir)
	t.Cleanup(func() {
		client.Close()
		require.NoError(t, server.Stop(context.Background()))
		require.NoError(t, server.Stop(context.Background()), "stopping again has no effect")
	})
	return client
}

func numbers(t *testing.T, client *control.Client, operation string, request any) ([]int, error) {
	t.Helper()
	var got []int
	err := client.Call(t.Context(), operation, request, func(item json.RawMessage) error {
		var n int
		require.NoError(t, json.Unmarshal(item, &n))
		got = append(got, n)
		return nil
	})
	return got, err
}

func TestStreamOfItemsAndItsErrors(t *testing.T) {
	client := serve(t, t.TempDir(), func(s *control.Server) {
		s.HandleStream("count", func(_ context.Context, request json.RawMessage, emit func(any) error) error {
			var upTo int
			if err := json.Unmarshal(request, &upTo); err != nil {
				return err
			}
			for n := range upTo {
				if err := emit(n); err != nil {
					return err
				}
			}
			if upTo > 3 {
				return errors.New("too many")
			}
			return nil
		})
	})
	got, err := numbers(t, client, "count", 3)
	require.NoError(t, err)
	assert.Equal(t, []int{0, 1, 2}, got)
	got, err = numbers(t, client, "count", 4)
	require.EqualError(t, err, "too many")
	assert.Len(t, got, 4, "the items before the error are received")
	_, err = numbers(t, client, "count", "three")
	require.Error(t, err)
	_, err = numbers(t, client, "unknown", 1)
	require.ErrorContains(t, err, "another version")
	require.ErrorContains(t, client.Call(t.Context(), "count", 2, func(json.RawMessage) error { return errors.New("enough") }), "enough")
}

func TestIncompleteDownloadIsAnError(t *testing.T) {
	client := serve(t, t.TempDir(), func(s *control.Server) {
		s.HandleDownload("complete", func(_ context.Context, _ json.RawMessage, to io.Writer) error {
			_, err := to.Write([]byte(strings.Repeat("x", 1<<20)))
			return err
		})
		s.HandleDownload("broken", func(_ context.Context, _ json.RawMessage, to io.Writer) error {
			_, _ = to.Write([]byte(strings.Repeat("x", 1<<20)))
			return errors.New("disk failed")
		})
		s.HandleDownload("refused", func(context.Context, json.RawMessage, io.Writer) error { return errors.New("not found") })
	})
	var got strings.Builder
	require.NoError(t, client.Download(t.Context(), "complete", nil, &got))
	assert.Equal(t, 1<<20, got.Len())
	require.ErrorContains(t, client.Download(t.Context(), "broken", nil, io.Discard), "closed the connection early")
	require.EqualError(t, client.Download(t.Context(), "refused", nil, io.Discard), "not found")
}

func TestSocketIsPrivateAndRemovedByStop(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, ".control.sock")
	require.NoError(t, os.WriteFile(socket, nil, 0o644), "left by a killed server")
	server := control.NewServer(dir, slog.New(slog.DiscardHandler))
	require.NoError(t, server.Start())
	info, err := os.Stat(socket)
	require.NoError(t, err)
	assert.Zero(t, info.Mode().Perm()&0o177, info.Mode())
	require.NoError(t, server.Stop(t.Context()))
	assert.NoFileExists(t, socket)
}

func TestLongDataDirectoryPathWorks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 40))
	require.NoError(t, os.MkdirAll(dir, 0o700))
	client := serve(t, dir, func(s *control.Server) {
		s.HandleStream("one", func(_ context.Context, _ json.RawMessage, emit func(any) error) error { return emit(1) })
	})
	got, err := numbers(t, client, "one", nil)
	require.NoError(t, err)
	assert.Equal(t, []int{1}, got)
}

func TestStopCancelsRunningOperations(t *testing.T) {
	dir := t.TempDir()
	server := control.NewServer(dir, slog.New(slog.DiscardHandler))
	started, ended := make(chan struct{}), make(chan struct{})
	server.HandleStream("wait", func(ctx context.Context, _ json.RawMessage, _ func(any) error) error {
		close(started)
		<-ctx.Done()
		close(ended)
		return ctx.Err()
	})
	require.NoError(t, server.Start())
	client := control.Dial(dir)
	defer client.Close()
	called := make(chan error)
	go func() {
		called <- client.Call(context.Background(), "wait", nil, func(json.RawMessage) error { return nil })
	}()
	<-started
	require.NoError(t, server.Stop(t.Context()))
	<-ended
	require.Error(t, <-called)
}

func TestCallWithoutAServerFails(t *testing.T) {
	client := control.Dial(t.TempDir())
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, client.Call(ctx, "one", nil, func(json.RawMessage) error { return nil }), context.DeadlineExceeded)
	missing := control.Dial(filepath.Join(t.TempDir(), "missing"))
	defer missing.Close()
	require.ErrorIs(t, missing.Call(t.Context(), "one", nil, func(json.RawMessage) error { return nil }), os.ErrNotExist)
}
