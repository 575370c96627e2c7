package loomupload_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// The limit includes the simulator, which runs in this process.
func TestMemoryDoesNotDependOnTheSize(t *testing.T) {
	const limit = 32 << 20 // bytes
	size := testsize.Of[int64](200<<20, 4<<30-1)
	for _, form := range forms {
		w := newWorld(t, simulator.AtlassianBehaviour{Form: form, PartSize: 64 << 20})
		recording, _ := clip(1000)
		recording.Size = size
		recording.Open = func(context.Context) (io.ReadSeekCloser, error) { return &endless{head: movie(1000), size: size}, nil }

		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		most, measured := uint64(0), int64(0)
		_, err := w.uploads.Upload(t.Context(), w.account, recording, loom.Options{}, w.last(), w.save, func(sent int64) {
			if sent-measured > 16<<20 {
				measured = sent
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapInuse)
			}
		})
		require.NoError(t, err)
		assert.Equal(t, size, w.only().Size)
		assert.NotZero(t, most)
		assert.Less(t, most, before.HeapInuse+limit, form)
	}
}

// endless is a recording of any size that needs no memory: a movie's beginning, and then zeros.
type endless struct {
	head       []byte
	size, next int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.next >= e.size {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), e.size-e.next)]
	clear(p)
	if e.next < int64(len(e.head)) {
		copy(p, e.head[e.next:])
	}
	e.next += int64(len(p))
	return len(p), nil
}

func (e *endless) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
		e.next = offset
	case io.SeekEnd:
		e.next = e.size + offset
	default:
		return 0, errors.New("not used")
	}
	return e.next, nil
}

func (*endless) Close() error { return nil }
