package blob_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

// Whatever is written, and whenever the process crashes or the state can't be saved: bytes that the state contains are
// never lost, and the blob is what the last run believes that it has written.
func TestRandomCrashesLoseNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		want, n := content(4*part, 9), 0
		testseed.Check(t, func(rt *rapid.T) {
			n++
			store := e.store()
			state := begin(t, store, target(fmt.Sprint("r", n), "a"))
			size := rapid.IntRange(0, len(want)).Draw(rt, "size")
			for run := 0; ; run++ {
				last := run == 5
				failure := errors.New("state not saved")
				saves := rapid.IntRange(0, 3).Draw(rt, "saves before failure")
				w, err := store.Write(t.Context(), state.upload(rt), func(upload blob.Upload) error {
					if saves--; saves < 0 && !last {
						return failure
					}
					return state.save(upload)
				})
				if err != nil {
					rt.Fatal(err)
				}
				if e.kind == blob.EngineS3 && w.Size() != state.upload(rt).Size {
					rt.Fatalf("writer has %d bytes, state %d", w.Size(), state.upload(rt).Size)
				}
				done := false
				for !done && err == nil {
					at := int(w.Size())
					step := rapid.IntRange(0, 9).Draw(rt, "step")
					switch {
					case step == 0 && !last:
						err = w.Reset()
					case step == 1 && !last:
						done = true // crash
					case at == size:
						_, err = w.Finish()
						done = true
					default:
						_, err = w.Write(want[at : at+rapid.IntRange(0, size-at).Draw(rt, "bytes")])
						if last && err == nil && int(w.Size()) < size {
							_, err = w.Write(want[w.Size():size])
						}
					}
				}
				if err != nil && !errors.Is(err, failure) {
					rt.Fatal(err)
				}
				if err := w.Close(); err != nil {
					rt.Fatal(err)
				}
				if upload := state.upload(rt); upload.Complete() {
					if err := store.Complete(t.Context(), upload); err != nil {
						rt.Fatal(err)
					}
					if upload.SHA256 != hashOf(want[:size]) || !bytes.Equal(want[:size], readAll(t, store, upload.Key)) {
						rt.Fatal("another content")
					}
					return
				}
			}
		})
	})
}
