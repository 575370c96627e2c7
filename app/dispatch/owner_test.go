package dispatch_test

import (
	"context"
	"errors"
	"slices"
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
			for o.beat(5) == "ok" {
				time.Sleep(2 * time.Second)
			}
		})
		got := w.move(&file{})
		require.NoError(w, got.err)
		assert.InDelta(w, 300, got.took.Seconds(), 5)
		stop()
	})
}

func TestOnlyOneOfTwoRunsOfAnOfferIsHeeded(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			o.beat(1)
			assert.Equal(w, "stop", o.say(said{"kind": "part", "run": "other", "part": storedPart(1)}))
			o.behave()
		})
		f := &file{}
		require.NoError(w, w.move(f).err)
		assert.Len(w, f.offers, 1)
		stop()
	})
}

func TestWrongReportsEndTheOffer(t *testing.T) {
	part := func(number int, change func(*dispatch.Part)) said {
		p := storedPart(number)
		change(&p)
		return said{"kind": "part", "part": p}
	}
	same := func(*dispatch.Part) {}
	for name, wrong := range map[string]said{
		"not the next":     part(3, same),
		"before the first": part(1, func(p *dispatch.Part) { p.Number = 0 }),
		"after the last":   part(2, func(p *dispatch.Part) { p.Number = 5 }),
		"negative":         part(2, func(p *dispatch.Part) { p.Number = -1 }),
		"wrong size":       part(2, func(p *dispatch.Part) { p.Size-- }),
		"no ETag":          part(2, func(p *dispatch.Part) { p.ETag = "" }),
		"long ETag":        part(2, func(p *dispatch.Part) { p.ETag = string(slices.Repeat([]byte{'a'}, 300)) }),
		"control":          part(2, func(p *dispatch.Part) { p.ETag = "a\nb" }),
		"no hash":          part(2, func(p *dispatch.Part) { p.Hash = nil }),
		"malformed hash":   part(2, func(p *dispatch.Part) { p.Hash = p.Hash[:50] }),
		"other repetition": part(1, func(p *dispatch.Part) { p.ETag = "other" }),
		"no part":          {"kind": "part"},
		"no run":           {"kind": "beat", "run": ""},
		"not a token":      {"kind": "beat", "run": "a.b"},
		"negative bytes":   {"kind": "beat", "done": -1},
		"too many bytes":   {"kind": "beat", "done": fileSize + 1},
		"not a number":     {"kind": "beat", "done": "x"},
		"done too early":   {"kind": "done", "sha256": contentSum()},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				_, stop := w.movers(func(o *taken) {
					if o.nth > 1 {
						assert.Equal(w, 2, o.Move.First)
						o.behave()
						return
					}
					o.answer("accepted")
					assert.Equal(w, "ok", o.part(1))
					assert.Equal(w, "stop", o.say(wrong))
					assert.Equal(w, "stop", o.beat(10))
				})
				f := &file{}
				require.NoError(w, w.move(f).err)
				assert.Equal(w, all, f.numbers())
				assert.Equal(w, 2, w.network.asked("f2l.1.move"))
				stop()
			})
		})
	}
}

func TestHugeReportIsRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			assert.Equal(w, "stop", o.say(said{"kind": "beat", "x": make([]byte, 10_000)}))
			o.behave()
		})
		require.NoError(w, w.move(&file{}).err)
		stop()
	})
}

func TestWrongChecksumFailsTheMove(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			for number := range 4 {
				o.part(number + 1)
			}
			assert.Equal(w, "stop", o.say(said{"kind": "done", "sha256": "00"}))
		})
		failure, ok := errors.AsType[*dispatch.Failure](w.move(&file{}).err)
		require.True(w, ok)
		assert.Equal(w, dispatch.KindRestart, failure.Kind)
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
