package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

func TestFailuresOfMovers(t *testing.T) {
	for kind, wantOffers := range map[dispatch.Kind]int{
		dispatch.KindMore: 10, dispatch.KindAddresses: 10, dispatch.KindStopping: 10, dispatch.KindInvalid: 10, dispatch.KindSilent: 10,
		dispatch.KindStorage:     3,
		dispatch.KindLinkExpired: 1, dispatch.KindRestart: 1, dispatch.KindUploadLost: 1, "rate_limited": 1, "unheard_of": 1,
	} {
		t.Run(string(kind), func(t *testing.T) {
			inWorld(t, func(w *world) {
				_, stop := w.movers(func(o *taken) {
					o.answer("accepted")
					assert.Equal(w, "ok", o.fail(kind))
				})
				failure, ok := errors.AsType[*dispatch.Failure](w.move(&file{}).err)
				require.True(w, ok)
				assert.Equal(w, kind, failure.Kind)
				assert.Equal(w, wantOffers, w.network.asked("f2l.1.move"))
				stop()
			})
		})
	}
}

func TestNewPartsResetTheCountOfFailures(t *testing.T) {
	for _, kind := range []dispatch.Kind{dispatch.KindStorage, dispatch.KindMore} {
		inWorld(t, func(w *world) {
			_, stop := w.movers(func(o *taken) {
				o.answer("accepted")
				if o.nth%3 == 0 {
					assert.Equal(w, "ok", o.part(o.Move.First))
				}
				o.fail(kind)
			})
			f := &file{addresses: 1}
			got := w.move(f)
			require.NoError(w, got.err)
			assert.Equal(w, contentSum(), got.sum)
			assert.Equal(w, 12, w.network.asked("f2l.1.move"))
			stop()
		})
	}
}

func TestMoversThatRefuse(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) { o.answer("refused") })
		failure, ok := errors.AsType[*dispatch.Failure](w.move(&file{}).err)
		require.True(w, ok)
		assert.Equal(w, dispatch.KindInvalid, failure.Kind)
		assert.Equal(w, 10, w.network.asked("f2l.1.move"))
		stop()
	})
}

func TestFailuresAreSanitized(t *testing.T) {
	for name, c := range map[string]struct {
		sent any
		want dispatch.Failure
	}{
		"blank":  {nil, dispatch.Failure{Kind: "invalid", Detail: "mover failed without a kind"}},
		"kind":   {dispatch.Failure{Kind: "a b"}, dispatch.Failure{Kind: "invalid", Detail: "mover failed without a kind"}},
		"status": {dispatch.Failure{Kind: "forbidden", Status: -403}, dispatch.Failure{Kind: "forbidden"}},
		"detail": {
			dispatch.Failure{Kind: "forbidden", Detail: "get\nhttps://a.example/b?signature=secret " + strings.Repeat("x", 300)},
			dispatch.Failure{Kind: "forbidden", Detail: "get https://a.example/b?[redacted] " + strings.Repeat("x", 165)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				_, stop := w.movers(func(o *taken) {
					o.answer("accepted")
					o.say(said{"kind": "failed", "failure": c.sent})
				})
				f := &file{}
				failure, ok := errors.AsType[*dispatch.Failure](w.move(f).err)
				require.True(w, ok)
				assert.Equal(w, c.want, *failure)
				stop()
			})
		})
	}
}

// wide is a Task whose addresses are long.
type wide struct{ *file }

func (f wide) Offer(ctx context.Context) (dispatch.Move, error) {
	move, err := f.file.Offer(ctx)
	move.PartSize, move.Size, move.Parts = 1, 800, nil
	for i := range 800 {
		move.Parts = append(move.Parts, fmt.Sprintf("https://store.example/%d?%s", i, strings.Repeat("a&", 1000)))
	}
	return move, err
}

func TestOfferFitsIntoAMessage(t *testing.T) {
	inWorld(t, func(w *world) {
		_, stop := w.movers(func(o *taken) {
			assert.Greater(w, len(o.Move.Parts), 400)
			assert.Less(w, len(o.Move.Parts), 460)
			o.answer("accepted")
			o.fail(dispatch.KindRestart)
		})
		require.ErrorContains(w, w.move(wide{&file{}}).err, "restart")
		stop()
	})
}

func TestMoversAreListed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.present("b", 2)
		w.publish("f2l.1.node.a", dispatch.Node{ID: "a", Version: "v\n2", Slots: 4, Busy: 9})
		w.publish("f2l.1.node.c", dispatch.Node{ID: "other", Slots: 4})
		w.publish("f2l.1.node.d", dispatch.Node{ID: "d", Slots: -1})
		w.publish("f2l.1.node.e", "nonsense")
		want := []dispatch.Node{{ID: "a", Version: "v 2", Slots: 4, Busy: 4}, {ID: "b", Version: "v1", Slots: 2}}
		assert.Equal(w, want, w.owner.Movers())
		time.Sleep(6 * time.Second)
		w.present("b", 2)
		time.Sleep(6 * time.Second)
		assert.Equal(w, want[1:], w.owner.Movers())
		w.present("b", 0)
		assert.Empty(w, w.owner.Movers())
	})
}
