package dispatch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

// Offers that were received before the mover left the queue are answered "busy", so that the owner asks again.
func TestOffersThatMeetAFullServer(t *testing.T) {
	inWorld(t, func(w *world) {
		_, c := w.serve("a", 1, untilEnd)
		w.network.fates(func(string) fate { return fate{Delay: time.Millisecond} }) // both leave before the first arrives
		answers := make(chan string, 2)
		for range 2 {
			go func() {
				body, err := json.Marshal(validOffer())
				assert.NoError(w, err)
				answer, err := c.Request(w.Context(), "f2l.1.move", body)
				assert.NoError(w, err)
				answers <- string(answer)
			}()
		}
		assert.ElementsMatch(w, []string{"accepted", "busy"}, []string{<-answers, <-answers})
	})
}

func validOffer() map[string]any {
	return map[string]any{"boot": "B", "task": 1, "offer": 2, "move": map[string]any{
		"source": "https://files.example", "size": 35, "part_size": 10, "first": 2, "parts": []string{"https://store.example"}, "hash": stateAfter(10),
	}}
}

func TestInvalidOffersAreRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		_, c := w.serve("a", 10, untilEnd)
		answer := func(body any) string {
			encoded, err := json.Marshal(body)
			require.NoError(w, err)
			got, err := c.Request(w.Context(), "f2l.1.move", encoded)
			require.NoError(w, err)
			return string(got)
		}
		require.Equal(w, "accepted", answer(validOffer()))
		assert.Equal(w, "refused", answer("nonsense"))
		for field, values := range map[string][]any{
			"boot": {"", "a.b", strings.Repeat("a", 65)}, "task": {0, -1, nil}, "offer": {0, "x"}, "move": {nil, 1},
		} {
			for _, value := range values {
				o := validOffer()
				o[field] = value
				assert.Equal(w, "refused", answer(o), "%s %v", field, value)
			}
		}
		for field, values := range map[string][]any{
			"source": {"", strings.Repeat("a", 10_000)}, "size": {0, -1, 10}, "part_size": {0, -1, 1<<30 + 1},
			"first": {0, -1, 1, 5, 6}, "parts": {[]string{}, []string{""}, []string{"a", "b", "c", "d"}, make([]string, 801)},
			"hash": {nil, []byte("short"), make([]byte, 1000)}, "content_type": {strings.Repeat("a", 300)},
		} {
			for _, value := range values {
				o := validOffer()
				o["move"].(map[string]any)[field] = value
				assert.Equal(w, "refused", answer(o), "%s %v", field, value)
			}
		}
	})
}

func TestReportsAreRepeated(t *testing.T) {
	inWorld(t, func(w *world) {
		n := 0
		w.network.fates(func(subject string) fate {
			if !strings.HasPrefix(subject, "f2l.1.o.") {
				return fate{}
			}
			n++
			return fate{Lost: n%3 == 1, AnswerLost: n%3 == 2}
		})
		w.serve("a", 1, honest)
		f := &file{}
		require.NoError(w, w.move(f).err)
		assert.Equal(w, all, f.numbers())
		assert.Len(w, f.offers, 1)
	})
}

func TestMoverStopsWhenItsOwnerIsSilent(t *testing.T) {
	inWorld(t, func(w *world) {
		began := time.Now()
		ended := make(chan error, 1)
		_, c := w.serve("a", 1, func(ctx context.Context, m dispatch.Move, r dispatch.Reporter) (string, error) {
			if m.First > 1 { // the owner, which hears nothing either, offers the rest
				return untilEnd(ctx, m, r)
			}
			time.Sleep(5 * time.Second)
			assert.NoError(w, r.Part(ctx, storedPart(1)))
			time.Sleep(5 * time.Second)
			w.network.fates(func(subject string) fate { return fate{Lost: strings.HasPrefix(subject, "f2l.1.o.")} })
			ended <- r.Part(ctx, storedPart(2))
			return "", context.Cause(ctx)
		})
		ctx, cancel := context.WithCancel(w.Context())
		results := w.start(ctx, &file{})
		require.ErrorIs(w, <-ended, dispatch.ErrStopped)
		assert.InDelta(w, 20, time.Since(began).Seconds(), 2)
		c.cut(true)
		cancel()
		<-results
	})
}

func TestMoverStopsWhenItsOwnerSaysSo(t *testing.T) {
	inWorld(t, func(w *world) {
		ended := make(chan error, 2)
		w.serve("a", 2, func(ctx context.Context, m dispatch.Move, r dispatch.Reporter) (string, error) {
			<-ctx.Done()
			ended <- context.Cause(ctx)
			ended <- r.Part(ctx, storedPart(1))
			return "", ctx.Err()
		})
		ctx, cancel := context.WithCancel(w.Context())
		results := w.start(ctx, &file{})
		time.Sleep(time.Second)
		cancel()
		require.ErrorIs(w, (<-results).err, context.Canceled)
		began := time.Now()
		require.ErrorIs(w, <-ended, dispatch.ErrStopped)
		require.ErrorIs(w, <-ended, dispatch.ErrStopped)
		assert.LessOrEqual(w, time.Since(began), 2*time.Second, "with the next beat")
	})
}

func TestStoppedPartEndsTheMove(t *testing.T) {
	inWorld(t, func(w *world) {
		ended := make(chan error, 1)
		w.serve("a", 1, func(ctx context.Context, m dispatch.Move, r dispatch.Reporter) (string, error) {
			assert.ErrorIs(w, r.Part(context.Background(), storedPart(1)), dispatch.ErrStopped)
			ended <- context.Cause(ctx)
			return "", nil
		})
		require.Error(w, w.move(&file{failing: errors.New("no space")}).err)
		require.ErrorIs(w, <-ended, dispatch.ErrStopped)
	})
}

func TestFailuresOfMoves(t *testing.T) {
	secret := "https://store.example/1?signature=secret"
	for name, c := range map[string]struct {
		move moveFunc
		want dispatch.Failure
	}{
		"failure": {func(context.Context, dispatch.Move, dispatch.Reporter) (string, error) {
			return "", fmt.Errorf("wrapped: %w", &dispatch.Failure{Kind: "forbidden", Status: 403, Detail: "get " + secret})
		}, dispatch.Failure{Kind: "forbidden", Status: 403, Detail: "get https://store.example/1?[redacted]"}},
		"error": {func(context.Context, dispatch.Move, dispatch.Reporter) (string, error) {
			return "", errors.New(secret)
		}, dispatch.Failure{Kind: dispatch.KindInvalid, Detail: "failed"}},
		"panic": {func(context.Context, dispatch.Move, dispatch.Reporter) (string, error) {
			panic(secret)
		}, dispatch.Failure{Kind: dispatch.KindInvalid, Detail: "mover panicked"}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.serve("a", 1, c.move)
				failure, ok := errors.AsType[*dispatch.Failure](w.move(&file{}).err)
				require.True(w, ok)
				assert.Equal(w, c.want, *failure)
				synctest.Wait()
				assert.True(w, w.network.subscribed("f2l.1.move"), "the slot is free")
			})
		})
	}
}

func TestBeatsDoNotDelayParts(t *testing.T) {
	inWorld(t, func(w *world) {
		var mu sync.Mutex
		first := true
		w.network.fates(func(subject string) fate { // the first beat gets no answer
			mu.Lock()
			defer mu.Unlock()
			if strings.HasPrefix(subject, "f2l.1.o.") && first {
				first = false
				return fate{Lost: true}
			}
			return fate{}
		})
		w.serve("a", 1, func(ctx context.Context, _ dispatch.Move, r dispatch.Reporter) (string, error) {
			synctest.Wait() // the beat is under way
			began := time.Now()
			assert.NoError(w, r.Part(ctx, storedPart(1)))
			assert.Zero(w, time.Since(began))
			return "", &dispatch.Failure{Kind: dispatch.KindRestart}
		})
		w.move(&file{})
	})
}
