package dispatch_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

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
