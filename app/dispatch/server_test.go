package dispatch_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

type moveFunc func(ctx context.Context, move dispatch.Move, r dispatch.Reporter) (string, error)

// serve starts a mover.
func (w *world) serve(id string, slots int, move moveFunc) (*dispatch.Server, *conn) {
	c := w.network.conn()
	s := dispatch.NewServer(dispatch.ServerConfig{Bus: c, Cluster: "f2l", ID: id, Version: "v1", Slots: slots, Move: move})
	require.NoError(w, s.Start(w.Context()))
	w.servers = append(w.servers, s)
	time.Sleep(time.Nanosecond) // simulated time, in which others hear of it
	synctest.Wait()
	return s, c
}

// honest is a ServerConfig.Move that stores all parts, one a second.
func honest(ctx context.Context, move dispatch.Move, r dispatch.Reporter) (string, error) {
	for i := range move.Parts {
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
		part := storedPart(move.First + i)
		r.Progress(int64(part.Number-1)*partSize + part.Size)
		if err := r.Part(ctx, part); err != nil {
			return "", err
		}
	}
	if move.First+len(move.Parts) <= 4 {
		return "", &dispatch.Failure{Kind: dispatch.KindMore}
	}
	return contentSum(), nil
}

// untilEnd is a ServerConfig.Move that stores nothing.
func untilEnd(ctx context.Context, _ dispatch.Move, _ dispatch.Reporter) (string, error) {
	<-ctx.Done()
	return "", context.Cause(ctx)
}

func TestServerMovesAFile(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("a", 2, honest)
		assert.Equal(w, []dispatch.Node{{ID: "a", Version: "v1", Slots: 2}}, w.owner.Movers())
		f := &file{addresses: 2}
		got := w.move(f)
		require.NoError(w, got.err)
		assert.Equal(w, contentSum(), got.sum)
		assert.Equal(w, all, f.numbers())
		assert.Equal(w, 2, w.network.asked("f2l.1.move"))
		assert.InDelta(w, 4, got.took.Seconds(), 0.001)
	})
}

func TestFullServerLeavesTheQueue(t *testing.T) {
	inWorld(t, func(w *world) {
		_, c := w.serve("a", 2, honest)
		var results []<-chan result
		for range 2 {
			results = append(results, w.start(w.Context(), &file{}))
			synctest.Wait()
		}
		time.Sleep(500 * time.Millisecond)
		assert.False(w, w.network.subscribed("f2l.1.move"))
		_, err := c.Request(w.Context(), "f2l.1.move", nil)
		require.ErrorIs(w, err, bus.ErrNoResponders)
		time.Sleep(3 * time.Second)
		assert.Equal(w, 2, w.owner.Movers()[0].Busy)
		results = append(results, w.start(w.Context(), &file{})) // waits
		for _, r := range results {
			require.NoError(w, (<-r).err)
		}
		synctest.Wait()
		assert.True(w, w.network.subscribed("f2l.1.move"))
	})
}

func TestStoppingServerHandsItsMovesOver(t *testing.T) {
	inWorld(t, func(w *world) {
		a, _ := w.serve("a", 1, honest)
		results := w.start(w.Context(), &file{})
		time.Sleep(2500 * time.Millisecond)
		w.serve("b", 1, honest)
		require.NoError(w, a.Stop(w.Context()))
		synctest.Wait()
		require.Len(w, w.owner.Movers(), 1)
		assert.Equal(w, "b", w.owner.Movers()[0].ID)
		got := <-results
		require.NoError(w, got.err)
		assert.InDelta(w, 4.5, got.took.Seconds(), 0.1, "the next mover continues at once")
		require.NoError(w, a.Stop(w.Context()))
	})
}

func TestInvalidConfiguration(t *testing.T) {
	valid := dispatch.ServerConfig{Bus: newNetwork().conn(), Cluster: "f2l", ID: "a", Slots: 1, Move: honest}
	for name, change := range map[string]func(*dispatch.ServerConfig){
		"bus":     func(c *dispatch.ServerConfig) { c.Bus = nil },
		"cluster": func(c *dispatch.ServerConfig) { c.Cluster = "-a" },
		"id":      func(c *dispatch.ServerConfig) { c.ID = "*" },
		"slots":   func(c *dispatch.ServerConfig) { c.Slots = 0 },
		"move":    func(c *dispatch.ServerConfig) { c.Move = nil },
	} {
		cfg := valid
		change(&cfg)
		s := dispatch.NewServer(cfg)
		require.Error(t, s.Start(t.Context()), name)
		require.NoError(t, s.Stop(t.Context()))
	}
	for _, cluster := range []string{"", "-a"} {
		o := dispatch.NewOwner(dispatch.OwnerConfig{Bus: newNetwork().conn(), Cluster: cluster})
		require.Error(t, o.Start(t.Context()), cluster)
		require.NoError(t, o.Stop(t.Context()))
	}
}
