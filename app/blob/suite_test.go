package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

func TestABlobIsVisibleOnceItIsComplete(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		for _, size := range []int{0, 1, part - 1, part, part + 1, 3 * part, 3*part + 17} {
			store, want := e.store(), content(size, 1)
			state := begin(t, store, target(fmt.Sprint(size), "a"))
			upload := state.upload(t)
			assert.Equal(t, e.kind, upload.Engine)
			assert.True(t, blob.InDatabase(upload.Key, database))
			require.Error(t, store.Complete(t.Context(), upload), "nothing is stored yet")

			w := write(t, store, state, want)
			assert.Equal(t, int64(size), w.Size())
			upload, err := w.Finish()
			require.NoError(t, err)
			assert.Equal(t, hashOf(want), upload.SHA256)
			assert.Equal(t, int64(size), upload.Size)
			assert.Equal(t, upload, state.upload(t), "the state is saved")
			_, err = w.Write([]byte("more"))
			require.Error(t, err, "the saved hash doesn't include these bytes")
			require.NoError(t, w.Close())
			require.NoError(t, w.Close())

			_, err = store.Stat(t.Context(), upload.Key)
			require.ErrorIs(t, err, blob.ErrNotFound)
			_, err = store.Open(t.Context(), upload.Key)
			require.ErrorIs(t, err, blob.ErrNotFound)
			for range 2 {
				require.NoError(t, e.store().Complete(t.Context(), state.upload(t)))
			}
			info, err := store.Stat(t.Context(), upload.Key)
			require.NoError(t, err)
			assert.Equal(t, int64(size), info.Size)
			assert.WithinDuration(t, time.Now(), info.Modified, time.Minute)
			assert.True(t, bytes.Equal(want, readAll(t, store, upload.Key)))
			assert.Zero(t, e.leftovers(t))
			require.NoError(t, store.Abort(t.Context(), upload), "a published blob remains")
			assert.Equal(t, int64(size), list(t, store, database)[upload.Key])
		}
	})
}

func TestAnUploadResumesAtEveryPoint(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		want := content(4*part+99, 2)
		for _, cut := range []int{0, 1, part - 1, part, part + 1, 2*part + part/2, 3 * part, 4 * part, len(want)} {
			state := begin(t, e.store(), target(fmt.Sprint(cut), "a"))
			w := write(t, e.store(), state, want[:cut])
			require.NoError(t, w.Close())
			for range 2 { // a run that writes nothing changes nothing
				w = write(t, e.store(), state, nil)
				require.LessOrEqual(t, w.Size(), int64(cut))
				require.NoError(t, w.Close())
			}
			w = write(t, e.store(), state, nil)
			stored := w.Size()
			require.LessOrEqual(t, int64(cut)-stored, int64(2*part), "at most a buffer and a part on its way are lost")
			require.NoError(t, w.Close())
			w = write(t, e.store(), state, want[stored:])
			upload, err := w.Finish()
			require.NoError(t, err)
			require.NoError(t, w.Close())
			assert.Equal(t, hashOf(want), upload.SHA256)
			require.NoError(t, e.store().Complete(t.Context(), upload))
			assert.True(t, bytes.Equal(want, readAll(t, e.store(), upload.Key)), "cut at %d", cut)
		}
	})
}

func TestAnUploadEndsWhenItsStateIsNotSaved(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store, want := e.store(), content(3*part+5, 3)
		state := begin(t, store, target("1", "a"))
		failure := errors.New("database is locked")
		w, err := store.Write(t.Context(), state.upload(t), func(blob.Upload) error { return failure })
		require.NoError(t, err)
		_, err = io.Copy(w, bytes.NewReader(want))
		if err == nil {
			_, err = w.Finish()
		}
		require.ErrorIs(t, err, failure)
		_, err = w.Write([]byte("more"))
		require.ErrorIs(t, err, failure, "an error is final")
		_, err = w.Finish()
		require.ErrorIs(t, err, failure)
		require.NoError(t, w.Close())

		w = write(t, store, state, nil)
		rest := want[w.Size():]
		_, err = w.Write(rest)
		require.NoError(t, err)
		upload, err := w.Finish()
		require.NoError(t, err)
		require.NoError(t, w.Close())
		assert.Equal(t, hashOf(want), upload.SHA256)
	})
}

func TestResetDiscardsAllBytes(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		for _, wrong := range []int{0, 10, part, 3*part + 10} {
			want := content(2*part+3, 4)
			state := begin(t, e.store(), target(fmt.Sprint(wrong), "a"))
			w := write(t, e.store(), state, content(wrong, 5))
			require.NoError(t, w.Reset())
			assert.Zero(t, w.Size())
			require.NoError(t, w.Close())
			w = write(t, e.store(), state, nil)
			assert.Zero(t, w.Size(), "the next run finds nothing of it")
			require.NoError(t, w.Close())

			w = write(t, e.store(), state, content(wrong, 5))
			require.NoError(t, w.Close())
			w = write(t, e.store(), state, nil)
			require.NoError(t, w.Reset())
			_, err := w.Write(want)
			require.NoError(t, err)
			upload, err := w.Finish()
			require.NoError(t, err)
			require.NoError(t, w.Close())
			require.NoError(t, e.store().Complete(t.Context(), upload))
			assert.True(t, bytes.Equal(want, readAll(t, e.store(), upload.Key)))
			assert.Zero(t, e.leftovers(t))
		}
	})
}

func TestACompleteUploadMayBeWrittenAgainAfterReset(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		state := begin(t, e.store(), target("1", "a"))
		w := write(t, e.store(), state, content(2*part+3, 4))
		_, err := w.Finish()
		require.NoError(t, err)
		require.NoError(t, w.Close())

		w = write(t, e.store(), state, nil)
		assert.Equal(t, int64(2*part+3), w.Size())
		require.NoError(t, w.Reset())
		_, err = w.Write([]byte("other"))
		require.NoError(t, err)
		upload, err := w.Finish()
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, e.store().Complete(t.Context(), upload))
		assert.Equal(t, "other", string(readAll(t, e.store(), upload.Key)))
	})
}

func TestAbortRemovesAnUpload(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		state := begin(t, store, target("1", "a"))
		w := write(t, store, state, content(3*part, 6))
		upload, err := w.Finish()
		require.NoError(t, err)
		require.NoError(t, w.Close())
		for range 2 {
			require.NoError(t, store.Abort(t.Context(), upload))
		}
		assert.Zero(t, e.leftovers(t))
		require.ErrorIs(t, store.Complete(t.Context(), upload), blob.ErrUploadLost)
		_, err = store.Write(t.Context(), upload, state.save)
		require.ErrorIs(t, err, blob.ErrUploadLost)
		put(t, store, target("1", "a"), content(10, 7))
	})
}

func TestAnUploadHasOneWriter(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		state := begin(t, store, target("1", "a"))
		w := write(t, store, state, []byte("first"))
		_, err := store.Write(t.Context(), state.upload(t), state.save)
		require.ErrorIs(t, err, blob.ErrBusy)
		assert.True(t, blob.IsTemporary(err))
		upload, err := w.Finish()
		require.NoError(t, err)
		require.ErrorIs(t, store.Complete(t.Context(), upload), blob.ErrBusy, "the writer could still change it")
		require.NoError(t, w.Close())
		require.NoError(t, store.Complete(t.Context(), upload))
	})
}

// A run whose job was cancelled may store bytes until it notices.
func TestAbortWaitsForTheWriter(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		state := begin(t, store, target("1", "a"))
		w := write(t, store, state, content(3*part, 1))
		impatient, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, store.Abort(impatient, state.upload(t)), context.DeadlineExceeded)

		aborted, upload := make(chan error, 1), state.upload(t)
		go func() { aborted <- store.Abort(t.Context(), upload) }()
		_, err := w.Finish()
		require.NoError(t, err, "nothing is removed under the writer's hands")
		require.Empty(t, aborted)
		require.NoError(t, w.Close())
		require.NoError(t, <-aborted)
		assert.Zero(t, e.leftovers(t))
		require.NoError(t, store.Abort(t.Context(), state.upload(t)), "it is released")
	})
}

func TestUploadsOfOneRecordingNeverMix(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		var wait sync.WaitGroup
		keys := make([]string, 4)
		for i := range keys {
			wait.Add(1)
			go func() {
				defer wait.Done()
				keys[i] = put(t, store, target("1", fmt.Sprint("source", i)), bytes.Repeat([]byte{byte('a' + i)}, 3*part+7))
			}()
		}
		wait.Wait()
		for i, key := range keys {
			got := readAll(t, store, key)
			assert.Equal(t, 3*part+7, len(got))
			assert.Equal(t, len(got), bytes.Count(got, got[:1]), "bytes of one source only")
			if e.kind == blob.EngineS3 {
				assert.Equal(t, byte('a'+i), got[0])
			}
		}
		assert.Zero(t, e.leftovers(t))
	})
}

func TestAReaderSeeks(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store, want := e.store(), content(5000, 8)
		key := put(t, store, target("1", "a"), want)
		reader, err := store.Open(t.Context(), key)
		require.NoError(t, err)
		require.NoError(t, iotest.TestReader(reader, want))
		end, err := reader.Seek(0, io.SeekEnd)
		require.NoError(t, err)
		assert.Equal(t, int64(len(want)), end)
		_, err = reader.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
		_, err = reader.Seek(-1, io.SeekStart)
		require.Error(t, err)
		require.NoError(t, reader.Close())
		_, err = reader.Read(make([]byte, 1))
		require.Error(t, err)
	})
}

func TestDeleteRemovesOneBlob(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		key, kept := put(t, store, target("1", "a"), content(10, 1)), put(t, store, target("2", "a"), content(11, 1))
		for range 2 {
			require.NoError(t, store.Delete(t.Context(), key))
		}
		assert.Equal(t, map[string]int64{kept: 11}, list(t, store, database))
	})
}

func TestDeleteAllRemovesOneDatabase(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		require.NoError(t, store.DeleteAll(t.Context(), database), "there is nothing yet")
		neighbour := target("1", "a")
		neighbour.Database = other
		kept := put(t, store, neighbour, content(10, 1))
		for i := range 3 {
			put(t, store, target(fmt.Sprint(i), "a"), content(10, 1))
		}
		w := write(t, store, begin(t, store, target("4", "a")), content(2*part, 1))
		require.NoError(t, w.Close())
		state := begin(t, store, neighbour)
		for range 2 {
			require.NoError(t, store.DeleteAll(t.Context(), database))
			assert.Empty(t, list(t, store, database))
		}
		assert.Equal(t, map[string]int64{kept: 10}, list(t, store, other))
		assert.Equal(t, 1, e.leftovers(t))
		require.NoError(t, write(t, store, state, content(10, 1)).Close())
	})
}

func TestDeleteUploadsRemovesWhatOneRecordingHasLeft(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		require.NoError(t, store.DeleteUploads(t.Context(), database, "1"), "there is nothing yet")
		for _, recording := range []string{"1", "11"} {
			for _, source := range []string{"a", "b"} {
				require.NoError(t, write(t, store, begin(t, store, target(recording, source)), content(2*part, 1)).Close())
			}
		}
		begin(t, store, target("1", "c")) // nobody remembers it after a crash
		complete := write(t, store, begin(t, store, target("1", "d")), content(part+1, 1))
		_, err := complete.Finish() // but it was never published
		require.NoError(t, err)
		require.NoError(t, complete.Close())
		require.Equal(t, 6, e.leftovers(t))
		require.NoError(t, e.store().DeleteUploads(t.Context(), database, "1"))
		assert.Equal(t, 2, e.leftovers(t), "those of another recording")
		require.ErrorIs(t, store.DeleteUploads(t.Context(), database, "../1"), fs.ErrInvalid)
	})
}

func TestSweepRemovesWhatIsOldAndUnnamed(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		named, unnamed := put(t, store, target("1", "a"), content(10, 1)), put(t, store, target("2", "a"), content(10, 1))
		namedUpload := begin(t, store, target("3", "a"))
		require.NoError(t, write(t, store, namedUpload, content(part, 1)).Close())
		unnamedUpload := begin(t, store, target("4", "a"))
		require.NoError(t, write(t, store, unnamedUpload, content(part, 1)).Close())
		names := map[string]bool{named: true, namedUpload.upload(t).Key: true, namedUpload.upload(t).ID: true}
		isNamed := func(name string) bool { return names[name] }

		removed, err := store.Sweep(t.Context(), database, time.Now().Add(-time.Hour), isNamed)
		require.NoError(t, err)
		assert.Zero(t, removed, "everything is young")
		e.backdate(t, 2*time.Hour)
		young := put(t, store, target("5", "a"), content(10, 1))
		begin(t, store, target("6", "a"))

		removed, err = store.Sweep(t.Context(), database, time.Now().Add(-time.Hour), isNamed)
		require.NoError(t, err)
		assert.Equal(t, 2, removed)
		assert.Equal(t, map[string]int64{named: 10, young: 10}, list(t, store, database))
		_, err = store.Stat(t.Context(), unnamed)
		require.ErrorIs(t, err, blob.ErrNotFound)
		assert.Equal(t, 2, e.leftovers(t))
		w := write(t, store, namedUpload, nil)
		require.NoError(t, w.Close())
	})
}

func TestACancelledContextEndsEveryCall(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		key := put(t, store, target("1", "a"), content(10, 1))
		state := begin(t, store, target("2", "a"))
		w := write(t, store, state, content(2*part, 1))
		complete, err := w.Finish()
		require.NoError(t, err)
		require.NoError(t, w.Close())

		ctx, cancel := context.WithCancel(t.Context())
		open := begin(t, store, target("3", "a"))
		w, err = store.Write(ctx, open.upload(t), open.save)
		require.NoError(t, err)
		cancel()
		_, err = w.Write(content(3*part, 1))
		require.ErrorIs(t, err, context.Canceled)
		_, err = w.Finish()
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, w.Reset(), context.Canceled)
		require.NoError(t, w.Close())

		for name, call := range map[string]func() error{
			"Begin":     func() error { _, err := store.Begin(ctx, target("4", "a")); return err },
			"Write":     func() error { _, err := store.Write(ctx, complete, state.save); return err },
			"Complete":  func() error { return store.Complete(ctx, complete) },
			"Abort":     func() error { return store.Abort(ctx, complete) },
			"Stat":      func() error { _, err := store.Stat(ctx, key); return err },
			"Open":      func() error { _, err := store.Open(ctx, key); return err },
			"Delete":    func() error { return store.Delete(ctx, key) },
			"DeleteAll": func() error { return store.DeleteAll(ctx, database) },
			"Sweep": func() error {
				_, err := store.Sweep(ctx, database, time.Now().Add(time.Hour), func(string) bool { return false })
				return err
			},
			"List": func() error {
				for _, err := range store.List(ctx, database) {
					return err
				}
				return nil
			},
		} {
			assert.ErrorIs(t, call(), context.Canceled, name)
		}
		require.NoError(t, store.Complete(t.Context(), complete), "nothing was removed")
		assert.Len(t, list(t, store, database), 2)
	})
}

func TestInvalidNamesAreRefused(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *engine) {
		store := e.store()
		for _, key := range []string{
			"", "/", "..", "../x", database, "/" + database + "/storage/c/r/recording.mp4",
			database + "/storage/../../x/recording.mp4",
			database + "/storage/c/../recording.mp4", database + "/data.db", database + "/storage/c/r/recording.mp4/..",
			database + "/storage/.partial/r/recording.mp4", database + "/1/../../x", "../1/a-b", database + "//a-b",
			database + "/1/a\x00b",
			database + "/1/" + strings.Repeat("a", 300),
		} {
			_, err := store.Stat(t.Context(), key)
			assert.ErrorIs(t, err, fs.ErrInvalid, key)
			_, err = store.Open(t.Context(), key)
			assert.ErrorIs(t, err, fs.ErrInvalid, key)
			assert.ErrorIs(t, store.Delete(t.Context(), key), fs.ErrInvalid, key)
		}
		for _, name := range []string{"", ".", "..", "../" + database, "a/b", ".hidden", "a b"} {
			bad := []blob.Target{target(name, "a"), target("1", name), target("1", "a")}
			bad[2].Database = name
			for _, target := range bad {
				_, err := store.Begin(t.Context(), target)
				assert.ErrorIs(t, err, fs.ErrInvalid, "%+v", target)
			}
			assert.ErrorIs(t, store.DeleteAll(t.Context(), name), fs.ErrInvalid, name)
		}
		upload := begin(t, store, target("1", "a")).upload(t)
		for _, change := range []func(*blob.Upload){
			func(u *blob.Upload) { u.Key = "../" + u.Key },
			func(u *blob.Upload) { u.Engine = "tape" },
			func(u *blob.Upload) { u.ID = "" },
		} {
			changed := upload
			change(&changed)
			_, err := store.Write(t.Context(), changed, nil)
			assert.ErrorIs(t, err, fs.ErrInvalid)
			assert.ErrorIs(t, store.Abort(t.Context(), changed), fs.ErrInvalid)
			changed.SHA256 = hashOf(nil)
			assert.ErrorIs(t, store.Complete(t.Context(), changed), fs.ErrInvalid)
		}
	})
}

func TestAKeyBelongsToOneDatabase(t *testing.T) {
	assert.True(t, blob.InDatabase("a/1/b-c", "a"))
	for _, key := range []string{"", "a", "b/1/a", "a/../b/1/x", "/a/1", "ab/1/c"} {
		assert.False(t, blob.InDatabase(key, "a"), key)
	}
}
