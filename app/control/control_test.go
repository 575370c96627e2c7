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
		require.NoError(t, server.Stop(context.Background()), "twice is harmless")
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

func TestItemsAndTheirErrors(t *testing.T) {
	client := serve(t, t.TempDir(), func(s *control.Server) {
		s.Items("count", func(_ context.Context, request json.RawMessage, emit func(any) error) error {
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
	assert.Len(t, got, 4, "what came before it is there")
	_, err = numbers(t, client, "count", "three")
	require.Error(t, err)
	_, err = numbers(t, client, "unknown", 1)
	require.ErrorContains(t, err, "another version")
	require.ErrorContains(t, client.Call(t.Context(), "count", 2, func(json.RawMessage) error { return errors.New("enough") }), "enough")
}

func TestBytesAreWholeOrAnError(t *testing.T) {
	client := serve(t, t.TempDir(), func(s *control.Server) {
		s.Bytes("whole", func(_ context.Context, _ json.RawMessage, to io.Writer) error {
			_, err := to.Write([]byte(strings.Repeat("x", 1<<20)))
			return err
		})
		s.Bytes("broken", func(_ context.Context, _ json.RawMessage, to io.Writer) error {
			_, _ = to.Write([]byte(strings.Repeat("x", 1<<20)))
			return errors.New("the disk is gone")
		})
		s.Bytes("refused", func(context.Context, json.RawMessage, io.Writer) error { return errors.New("there is no such thing") })
	})
	var got strings.Builder
	require.NoError(t, client.Download(t.Context(), "whole", nil, &got))
	assert.Equal(t, 1<<20, got.Len())
	require.ErrorContains(t, client.Download(t.Context(), "broken", nil, io.Discard), "broke off")
	require.EqualError(t, client.Download(t.Context(), "refused", nil, io.Discard), "there is no such thing")
}

func TestTheSocketIsForItsUserOnlyAndGoneAfterwards(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, ".control.sock")
	require.NoError(t, os.WriteFile(socket, nil, 0o644), "what a killed server left")
	server := control.NewServer(dir, slog.New(slog.DiscardHandler))
	require.NoError(t, server.Start())
	info, err := os.Stat(socket)
	require.NoError(t, err)
	assert.Zero(t, info.Mode().Perm()&0o177, info.Mode())
	require.NoError(t, server.Stop(t.Context()))
	assert.NoFileExists(t, socket)
}

func TestALongPathIsNoObstacle(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 40))
	require.NoError(t, os.MkdirAll(dir, 0o700))
	client := serve(t, dir, func(s *control.Server) {
		s.Items("one", func(_ context.Context, _ json.RawMessage, emit func(any) error) error { return emit(1) })
	})
	got, err := numbers(t, client, "one", nil)
	require.NoError(t, err)
	assert.Equal(t, []int{1}, got)
}

func TestStoppingEndsWhatIsUnderWay(t *testing.T) {
	dir := t.TempDir()
	server := control.NewServer(dir, slog.New(slog.DiscardHandler))
	began, ended := make(chan struct{}), make(chan struct{})
	server.Items("wait", func(ctx context.Context, _ json.RawMessage, _ func(any) error) error {
		close(began)
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
	<-began
	require.NoError(t, server.Stop(t.Context()))
	<-ended
	require.Error(t, <-called)
}

func TestNobodyListens(t *testing.T) {
	client := control.Dial(t.TempDir())
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, client.Call(ctx, "one", nil, func(json.RawMessage) error { return nil }), context.DeadlineExceeded)
	gone := control.Dial(filepath.Join(t.TempDir(), "none"))
	defer gone.Close()
	require.ErrorIs(t, gone.Call(t.Context(), "one", nil, func(json.RawMessage) error { return nil }), os.ErrNotExist)
}
