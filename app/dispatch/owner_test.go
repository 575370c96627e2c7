package dispatch_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

var all = []int{1, 2, 3, 4}

func TestMoveIsDone(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			assert.Equal(w, "ok", o.beat(3))
			assert.Equal(w, "ok", o.beat(2), "an old beat")
			assert.Equal(w, "ok", o.say(said{"kind": "from a later version"}))
			assert.Equal(w, "ok", o.part(1))
			assert.Equal(w, "ok", o.part(2))
			assert.Equal(w, "ok", o.part(2), "its answer was lost")
			assert.Equal(w, "ok", o.part(3))
			assert.Equal(w, "ok", o.part(4))
			assert.Equal(w, "ok", o.done())
			assert.Equal(w, "stop", o.done())
			assert.Equal(w, "stop", o.beat(35))
		})
		f := &file{}
		got := w.move(f)
		require.NoError(w, got.err)
		assert.Equal(w, contentSum(), got.sum)
		assert.Equal(w, all, f.numbers())
		assert.Equal(w, []int64{3, 10, 20, 30, 35}, f.progress)
		assert.Len(w, f.offers, 1)
		stop()
	})
}

func TestSilentMoverIsReplaced(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			if o.nth > 1 {
				assert.Equal(w, 3, o.Move.First)
				assert.Equal(w, stateAfter(20), o.Move.Hash)
				o.behave()
				return
			}
			o.answer("accepted")
			o.part(1)
			o.part(2)
			time.Sleep(9900 * time.Millisecond)
			assert.Equal(w, "ok", o.beat(22), "a beat in time keeps the offer")
			time.Sleep(10100 * time.Millisecond)
			assert.Equal(w, "stop", o.part(3), "it is too late for a report")
		})
		f := &file{}
		got := w.move(f)
		require.NoError(w, got.err)
		assert.Equal(w, all, f.numbers())
		stop()
	})
}

func TestMoverThatMakesNoProgressIsReplaced(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			if o.nth > 1 {
				o.behave()
				return
			}
			o.answer("accepted")
			for done := int64(1); o.beat(min(done, o.Move.Size)) == "ok"; done++ { // whoever says so may lie: only parts count
				time.Sleep(2 * time.Second)
			}
		})
		got := w.move(&file{})
		require.NoError(w, got.err)
		assert.InDelta(w, 300, got.took.Seconds(), 5)
		stop()
	})
}

func TestMoveIsDoneWhenAllPartsAreRecorded(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			for number := range 4 {
				o.part(number + 1)
			}
		})
		got := w.move(&file{})
		require.NoError(w, got.err)
		assert.Equal(w, contentSum(), got.sum)
		assert.Equal(w, 1, w.network.asked("f2l.1.move"))
		stop()
	})
}

func TestRecordFails(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			assert.Equal(w, "stop", o.part(1))
		})
		failure := errors.New("database is full")
		require.ErrorIs(w, w.move(&file{failing: failure}).err, failure)
		stop()
	})
}

func TestCallerGivesUp(t *testing.T) {
	inWorld(t, func(w *world) {
		ctx, cancel := context.WithCancelCause(w.Context())
		given := errors.New("job was cancelled")
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			assert.Equal(w, "ok", o.part(1))
			cancel(given)
			synctest.Wait()
			assert.Equal(w, "stop", o.part(2))
		})
		f := &file{}
		got := <-w.start(ctx, f)
		require.Equal(w, given, got.err)
		stop()
		assert.Equal(w, []int{1}, f.numbers())
	})
}

func TestOwnerStops(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			o.part(1)
			assert.NoError(w, w.owner.Stop(w.Context()))
			assert.Empty(w, o.part(2), "nobody is there")
		})
		require.ErrorIs(w, w.move(&file{}).err, background.ErrNotRunning)
		require.ErrorIs(w, w.move(&file{}).err, background.ErrNotRunning)
		stop()
	})
}

func TestClusterGoesAway(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			o.part(1)
			w.home.cut(true)
		})
		w.present("a", 4)
		f := &file{}
		got := w.move(f)
		require.ErrorIs(w, got.err, dispatch.ErrNoMover)
		assert.InDelta(w, 10.5, got.took.Seconds(), 1)
		assert.Equal(w, []int{1}, f.numbers())
		stop()
	})
}
