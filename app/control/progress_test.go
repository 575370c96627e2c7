package control_test

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

func listen(t *testing.T) (context.Context, *[]progress.Progress) {
	t.Helper()
	var received []progress.Progress
	return progress.With(t.Context(), func(p progress.Progress) { received = append(received, p) }), &received
}

func TestProgressReachesTheCallerBetweenItems(t *testing.T) {
	client := serve(t, t.TempDir(), func(s *control.Server) {
		s.HandleStream("work", func(ctx context.Context, _ json.RawMessage, emit func(any) error) error {
			meter := progress.Start(ctx, progress.Progress{Stage: "dig", Total: 2, Unit: progress.Databases})
			if err := emit(7); err != nil {
				return err
			}
			meter.Add(2)
			return emit(8)
		})
	})
	items, err := numbers(t, client, "work", nil)
	require.NoError(t, err)
	assert.Equal(t, []int{7, 8}, items, "a caller that doesn't listen receives only items")

	ctx, received := listen(t)
	var mixed []any
	err = client.Call(ctx, "work", nil, func(item json.RawMessage) error {
		mixed = append(mixed, string(item), len(*received))
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, []any{"7", 1, "8", 2}, mixed, "in the order in which the server sent them")
	assert.Equal(t, []progress.Progress{
		{Stage: "dig", Total: 2, Unit: progress.Databases}, {Stage: "dig", Done: 2, Total: 2, Unit: progress.Databases},
	}, *received)
}

func TestProgressOfADownloadIsTheBytesReceived(t *testing.T) {
	const size = 1 << 20
	client := serve(t, t.TempDir(), func(s *control.Server) {
		s.HandleDownload("known", func(ctx context.Context, _ json.RawMessage, to io.Writer) error {
			progress.Report(ctx, progress.Progress{Stage: "check", Total: 3, Unit: progress.Recordings})
			progress.Report(ctx, progress.Progress{Total: size, Unit: progress.Bytes})
			_, err := io.WriteString(to, strings.Repeat("x", size))
			return err
		})
		s.HandleDownload("unknown", func(_ context.Context, _ json.RawMessage, to io.Writer) error {
			_, err := io.WriteString(to, strings.Repeat("x", size))
			return err
		})
	})
	ctx, received := listen(t)
	require.NoError(t, client.Download(ctx, "known", nil, io.Discard))
	assert.Equal(t, progress.Progress{Total: size, Unit: progress.Bytes}, (*received)[0])
	assert.Equal(t, progress.Progress{Done: size, Total: size, Unit: progress.Bytes}, (*received)[len(*received)-1])

	ctx, received = listen(t)
	require.NoError(t, client.Download(ctx, "unknown", nil, io.Discard))
	assert.Equal(t, progress.Progress{Unit: progress.Bytes}, (*received)[0])
}
