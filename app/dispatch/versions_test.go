package dispatch_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

// later is what a later version may add to any message.
var later = map[string]any{"text": "a", "number": 1.5, "list": []any{map[string]any{"id": 1}}, "none": nil}

// Processes of a cluster are updated one after the other, so that owners and movers meet those of other versions.
func TestMoversAcceptOffersOfOtherVersions(t *testing.T) {
	plain := dispatch.Move{
		Source: "https://files.example", Size: fileSize, PartSize: partSize, First: 2, Parts: []string{"https://store.example"}, Hash: stateAfter(10),
	}
	optional := plain
	optional.ContentType = "video/mp4"
	optional.Expires = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	whole := plain
	whole.First, whole.Hash = 1, nil
	for name, c := range map[string]struct {
		change func(offer, move map[string]any)
		want   dispatch.Move
	}{
		"without optional fields": {func(_, _ map[string]any) {}, plain},
		"with optional fields": {func(_, move map[string]any) {
			move["content_type"], move["expires"] = "video/mp4", "2030-01-02T03:04:05Z"
		}, optional},
		"without a checksum":         {func(_, move map[string]any) { move["first"] = 1; delete(move, "hash") }, whole},
		"with unknown fields":        {func(offer, _ map[string]any) { offer["later"] = later }, plain},
		"with unknown fields within": {func(_, move map[string]any) { move["later"] = later }, plain},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				moves := make(chan dispatch.Move, 1)
				_, conn := w.serve("a", 1, func(ctx context.Context, move dispatch.Move, r dispatch.Reporter) (string, error) {
					moves <- move
					return untilEnd(ctx, move, r)
				})
				offer := validOffer()
				c.change(offer, offer["move"].(map[string]any))
				body, err := json.Marshal(offer)
				require.NoError(w, err)
				answer, err := conn.Request(w.Context(), "f2l.1.move", body)
				require.NoError(w, err)
				require.Equal(w, "accepted", string(answer))
				assert.Equal(w, c.want, <-moves)
			})
		})
	}
}

func TestOwnersHeedReportsOfOtherVersions(t *testing.T) {
	inWorld(t, func(w *world) {
		part := func(number int) map[string]any {
			p := storedPart(number)
			return map[string]any{"number": p.Number, "etag": p.ETag, "size": p.Size, "hash": p.Hash, "later": later}
		}
		_, stop := w.movers(func(o *taken) {
			o.answer("accepted")
			if o.nth == 1 {
				assert.Equal(w, "ok", o.say(said{"kind": "beat", "done": 3, "later": later}))
				assert.Equal(w, "ok", o.say(said{"kind": "later", "done": 5, "later": later, "part": nil}), "counts as a beat")
				assert.Equal(w, "ok", o.say(said{}), "counts as a beat")
				assert.Equal(w, "ok", o.say(said{"kind": "part", "part": part(1), "later": later}))
				assert.Equal(w, "ok", o.say(said{"kind": "failed", "failure": said{"kind": dispatch.KindMore, "later": later}, "later": later}))
				return
			}
			for number := 2; number <= 4; number++ {
				assert.Equal(w, "ok", o.say(said{"kind": "part", "part": part(number)}))
			}
			assert.Equal(w, "ok", o.say(said{"kind": "done", "sha256": contentSum(), "later": later}))
		})
		f := &file{}
		got := w.move(f)
		stop()
		require.NoError(w, got.err)
		assert.Equal(w, contentSum(), got.sum)
		assert.Equal(w, all, f.numbers())
		assert.Equal(w, []int64{3, 5, 10, 20, 30, 35}, f.progress)
		assert.Len(w, f.offers, 2)
	})
}

func TestOwnersHearOfMoversOfOtherVersions(t *testing.T) {
	inWorld(t, func(w *world) {
		w.publish("f2l.1.node.a", map[string]any{"id": "a", "version": "v9", "slots": 4, "busy": 1, "later": later})
		w.publish("f2l.1.node.b", map[string]any{"id": "b", "slots": 2})
		assert.Equal(w, []dispatch.Node{{ID: "a", Version: "v9", Slots: 4, Busy: 1}, {ID: "b", Slots: 2}}, w.owner.Movers())
	})
}
