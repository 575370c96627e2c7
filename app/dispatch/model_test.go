package dispatch_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

// plan is a random course of a move. What comes after the plan goes well.
type plan struct {
	Addresses int
	Deeds     []deed // of the offers that movers get, in turn
	Fates     []fate // of all messages, in turn
	Cuts      []time.Duration
}

func drawPlan(rt *rapid.T) plan {
	seconds := rapid.Map(rapid.IntRange(0, 300), func(n int) time.Duration { return time.Duration(n) * 100 * time.Millisecond })
	return plan{
		Addresses: rapid.IntRange(1, 4).Draw(rt, "addresses"),
		Deeds: rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) deed {
			return deed{rapid.SampledFrom(deeds).Draw(rt, "what"), rapid.IntRange(0, 4).Draw(rt, "parts"), seconds.Draw(rt, "pause")}
		}), 0, 9).Draw(rt, "deeds"),
		Fates: rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) fate {
			switch rapid.IntRange(0, 9).Draw(rt, "fate") {
			case 0:
				return fate{Lost: true}
			case 1:
				return fate{AnswerLost: true}
			case 2:
				return fate{Twice: true, Delay: seconds.Draw(rt, "delay") / 10}
			case 3:
				return fate{Delay: seconds.Draw(rt, "delay")}
			default:
				return fate{}
			}
		}), 0, 60).Draw(rt, "fates"),
		Cuts: rapid.SliceOfN(seconds, 0, 4).Draw(rt, "cuts"),
	}
}

// Whatever movers and the network do: parts are recorded in order, once; only the latest offer is heeded, and only one run
// of it; a move ends, and is heeded no more then. It succeeds once movers and network behave, unless a mover has reported a
// wrong checksum, or nobody could be reached.
func TestRandomMoversAndNetworks(t *testing.T) {
	ends := map[string]int{}
	testseed.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		var problems problems
		synctest.Test(t, func(t *testing.T) {
			problems = p.run(t, ends)
		})
		if len(problems) > 0 {
			rt.Fatal(problems)
		}
	})
	t.Log(ends)
	assert.Greater(t, ends["done"], 2*(ends["no mover"]+ends["failed"]), "moves usually succeed")
}

// next returns and removes the first value, or a blank one.
func next[T any](mu *sync.Mutex, values *[]T) (value T) {
	mu.Lock()
	defer mu.Unlock()
	if len(*values) > 0 {
		value, *values = (*values)[0], (*values)[1:]
	}
	return value
}

func (p plan) run(t *testing.T, ends map[string]int) (found problems) {
	var mu sync.Mutex
	w := &world{T: t, network: newNetwork()}
	w.home = w.network.conn()
	w.owner = dispatch.NewOwner(dispatch.OwnerConfig{Bus: w.home, Cluster: "f2l", MaxOffers: 50})
	require.NoError(t, w.owner.Start(t.Context()))
	log := &journal{}
	c, stop := w.movers(func(o *taken) {
		o.journal = log
		if d := next(&mu, &p.Deeds); d.What != "" {
			o.act(d)
		} else {
			o.act(deed{What: "behave"})
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	var helpers sync.WaitGroup
	helpers.Go(func() {
		for ctx.Err() == nil {
			_ = c.Publish("f2l.1.node.a", []byte(`{"id":"a","slots":9}`))
			wait(ctx, 3*time.Second)
		}
	})
	helpers.Go(func() { // the connection of the owner breaks and returns
		for i, cut := range p.Cuts {
			wait(ctx, cut)
			w.home.cut(i%2 == 0)
		}
		wait(ctx, time.Second)
		w.home.cut(false)
	})
	time.Sleep(time.Nanosecond)
	synctest.Wait()
	fates := p.Fates
	w.network.fates(func(string) fate { return next(&mu, &fates) })
	f := &watched{file: file{addresses: p.Addresses}}
	wrongSum := slices.ContainsFunc(p.Deeds, func(d deed) bool { return d.What == "wrong sum" })

	sum, err := w.owner.Move(ctx, f)
	end := time.Now()
	f.mu.Lock()
	f.ended = true
	f.mu.Unlock()
	failure, failed := errors.AsType[*dispatch.Failure](err)
	switch {
	case err == nil:
		ends["done"]++
		assert.Equal(&found, contentSum(), sum)
		assert.Equal(&found, all, f.numbers())
	case errors.Is(err, dispatch.ErrNoMover):
		ends["no mover"]++
		assert.True(&found, len(p.Cuts) > 0 || len(p.Fates) > 0, "nobody could be reached")
	case failed && failure.Kind == dispatch.KindRestart:
		ends["failed"]++
		assert.True(&found, wrongSum, "a checksum was wrong")
	default:
		assert.NoError(&found, err)
	}
	time.Sleep(2 * time.Minute) // movers that froze wake up, late messages arrive
	cancel()
	stop()
	helpers.Wait()
	assert.NoError(&found, w.owner.Stop(context.Background()))
	w.network.close()
	log.check(&found, end)
	return found
}

// wait waits, or until ctx ends.
func wait(ctx context.Context, pause time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}
