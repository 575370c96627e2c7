package dispatch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

func TestNobodyIsThere(t *testing.T) {
	inWorld(t, func(w *world) {
		got := w.move(&file{})
		require.ErrorIs(w, got.err, dispatch.ErrNoMover)
		assert.Zero(w, got.took)
	})
}

func TestOwnerWaitsForMoversThatAreFull(t *testing.T) {
	inWorld(t, func(w *world) {
		w.present("a", 1)
		results := w.start(w.Context(), &file{})
		time.Sleep(5 * time.Second)
		require.Empty(w, results)
		asked := w.network.asked("f2l.1.move")
		assert.Greater(w, asked, 5)
		assert.Less(w, asked, 20)
		_, stop := w.movers((*taken).behave)
		require.NoError(w, (<-results).err)
		stop()
	})
}

func TestOwnerWaitsUntilNoMoverIsHeardOf(t *testing.T) {
	inWorld(t, func(w *world) {
		w.present("a", 1)
		got := w.move(&file{})
		require.ErrorIs(w, got.err, dispatch.ErrNoMover)
		assert.InDelta(w, 10.5, got.took.Seconds(), 0.6)
	})
	inWorld(t, func(w *world) {
		w.present("a", 1)
		w.present("a", 0) // it leaves
		require.Zero(w, w.move(&file{}).took)
	})
}

// Somebody else than a mover may say that there are movers.
func TestOwnerDoesNotWaitForever(t *testing.T) {
	for name, answer := range map[string]string{"full": "", "busy": "busy"} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				stop := func() {}
				if answer != "" {
					_, stop = w.movers(func(o *taken) { o.answer(answer) })
				}
				results := w.start(w.Context(), &file{})
				for range 90 {
					w.present("a", 1)
					time.Sleep(8 * time.Second)
				}
				require.NotEmpty(w, results)
				got := <-results
				require.ErrorIs(w, got.err, dispatch.ErrNoMover)
				assert.InDelta(w, 600, got.took.Seconds(), 3)
				stop()
			})
		})
	}
}

func TestBusyMoverIsAskedAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			if o.nth < 30 {
				o.answer("busy")
				return
			}
			o.behave()
		})
		f := &file{}
		require.NoError(w, w.move(f).err)
		assert.Len(w, f.offers, 1, "nothing has changed, so that no new addresses are needed")
		stop()
	})
}

func TestOfferThatNobodyTakesIsRenewed(t *testing.T) {
	inWorld(t, func(w *world) {
		began := time.Now()
		_, stop := w.movers(func(o *taken) {
			if time.Since(began) < 150*time.Second {
				o.answer("busy")
				return
			}
			o.behave()
		})
		f := &file{}
		require.NoError(w, w.move(f).err)
		assert.Len(w, f.offers, 3)
		stop()
	})
}

func TestReportsAcceptAnOfferWhoseAnswerWasLost(t *testing.T) {
	inWorld(t, func(w *world) {
		w.network.fates(func(subject string) fate { return fate{AnswerLost: subject == "f2l.1.move"} })
		_, stop := w.movers((*taken).behave)
		require.NoError(w, w.move(&file{}).err)
		assert.Equal(w, 1, w.network.asked("f2l.1.move"))
		stop()
	})
}

func TestMoverWhoseAnswerCameTooLateIsStopped(t *testing.T) {
	inWorld(t, func(w *world) {
		numbers := make(chan uint64, 2)
		_, stop := w.movers(func(o *taken) {
			numbers <- o.Number
			if o.nth == 1 {
				time.Sleep(time.Second)
				o.answer("accepted")
				assert.Equal(w, "stop", o.part(1))
				return
			}
			o.behave()
		})
		f := &file{}
		require.NoError(w, w.move(f).err)
		stop()
		assert.Equal(w, all, f.numbers())
		require.Len(w, numbers, 2)
		assert.Less(w, <-numbers, <-numbers)
	})
}

func TestFrozenMoversAreGivenUp(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(*taken) {})
		w.present("a", 1)
		go func() { w.present("a", 1) }()
		got := w.move(&file{})
		require.ErrorIs(w, got.err, dispatch.ErrNoMover)
		assert.InDelta(w, 10.5, got.took.Seconds(), 1)
		stop()
	})
}
