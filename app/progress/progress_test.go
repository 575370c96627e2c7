package progress_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

func listen(ctx context.Context) (context.Context, *[]progress.Progress) {
	var received []progress.Progress
	return progress.With(ctx, func(p progress.Progress) { received = append(received, p) }), &received
}

func TestReportsAreLimitedToTenASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, received := listen(t.Context())
		meter := progress.Start(ctx, progress.Progress{Total: 1000, Unit: progress.Databases})
		for range 1000 {
			meter.Add(1)
			time.Sleep(time.Millisecond)
		}
		assert.InDelta(t, 11, len(*received), 1)
		assert.Equal(t, progress.Progress{Total: 1000, Unit: progress.Databases}, (*received)[0])
		assert.Equal(t, progress.Progress{Done: 1000, Total: 1000, Unit: progress.Databases}, (*received)[len(*received)-1], "the end is always reported")
	})
}

func TestFirstAndLastReportOfEachStageArePassedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, received := listen(t.Context())
		for _, stage := range []string{"snapshot", "copy"} {
			meter := progress.Start(ctx, progress.Progress{Stage: stage, Total: 10, Unit: progress.Bytes})
			_, err := io.Copy(io.Discard, io.TeeReader(strings.NewReader("0123456789"), meter))
			require.NoError(t, err)
			meter.Add(0) // completes nothing again
		}
		assert.Equal(t, []progress.Progress{
			{Stage: "snapshot", Total: 10, Unit: progress.Bytes},
			{Stage: "snapshot", Done: 10, Total: 10, Unit: progress.Bytes},
			{Stage: "copy", Total: 10, Unit: progress.Bytes},
			{Stage: "copy", Done: 10, Total: 10, Unit: progress.Bytes},
		}, *received)
	})
}

func TestOperationsReportWithoutAListener(t *testing.T) {
	assert.False(t, progress.Wanted(t.Context()))
	progress.Start(t.Context(), progress.Progress{Unit: progress.Keys}).Add(1)
	ctx, _ := listen(t.Context())
	assert.True(t, progress.Wanted(ctx))
}

func TestReportsOfSeveralGoroutinesDoNotOverlap(t *testing.T) {
	ctx, received := listen(t.Context()) // the race detector finds calls that overlap
	meter := progress.Start(ctx, progress.Progress{Unit: progress.Recordings})
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			meter.AddTotal(50)
			for range 50 {
				meter.Add(1)
			}
		})
	}
	group.Wait()
	last := (*received)[len(*received)-1]
	assert.Equal(t, progress.Progress{Done: 1000, Total: 1000, Unit: progress.Recordings}, last)
}
