package dispatch_test

import (
	"context"
	"errors"
	"fmt"
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

// deed is what a mover does with an offer.
type deed struct {
	What  string
	Parts int           // stored before
	Pause time.Duration // of a mover that freezes
}

var deeds = []string{
	"behave", "busy", "refuse", "ignore", "die", "freeze", "repeat", "skip a part", "wrong size", "wrong sum", "fail", "beat only", "answer late",
}

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

// watched checks what a Task is told.
type watched struct {
	file
	ended bool
}

func (f *watched) Record(ctx context.Context, part dispatch.Part) error {
	time.Sleep(50 * time.Millisecond) // a slow disk
	f.mu.Lock()
	ended, next := f.ended, len(f.recorded)+1
	f.mu.Unlock()
	if ended {
		return errors.New("part is recorded after the end")
	}
	if part.Number != next {
		return fmt.Errorf("part %d is recorded instead of part %d", part.Number, next)
	}
	return f.file.Record(ctx, part)
}

// heard is an answer that a mover got.
type heard struct {
	number uint64
	run    string
	at     time.Time // of the report
	ok     bool
}

// journal records who was heeded.
type journal struct {
	mu    sync.Mutex
	heard []heard
}

func (j *journal) add(h heard) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.heard = append(j.heard, h)
}

// check reports an answer that breaks the rule that only the latest offer is heeded, and only one run of it.
func (j *journal) check(t assert.TestingT, end time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	runs := map[uint64]string{}
	slices.SortStableFunc(j.heard, func(a, b heard) int { return a.at.Compare(b.at) })
	newest, since := uint64(0), time.Time{}
	for _, h := range j.heard {
		if !h.ok {
			continue
		}
		if h.number > newest {
			newest, since = h.number, h.at
		}
		assert.False(t, h.number < newest && h.at.After(since), "an older offer is heeded")
		if run, bound := runs[h.number]; bound {
			assert.Equal(t, run, h.run, "two runs of an offer are heeded")
		}
		runs[h.number] = h.run
		assert.False(t, h.at.After(end), "a finished move heeds a report")
	}
}

// act does a deed of a mover.
func (o *taken) act(d deed) {
	switch d.What {
	case "busy":
		o.answer("busy")
		return
	case "refuse":
		o.answer("refused")
		return
	case "ignore":
		return
	case "behave":
		o.answer("accepted")
		o.finish(o.Move.First)
		return
	case "answer late":
		time.Sleep(time.Second)
	}
	o.answer("accepted")
	next := o.Move.First
	for range d.Parts {
		if next < o.Move.First+len(o.Move.Parts) && o.insist(partReport(storedPart(next))) == "ok" {
			next++
		}
	}
	part := storedPart(min(next, 4))
	switch d.What {
	case "freeze":
		time.Sleep(d.Pause)
		o.finish(next)
	case "repeat":
		for number := range 4 {
			o.say(partReport(storedPart(number + 1)))
		}
		o.finish(next)
	case "skip a part":
		part.Number++
		o.insist(partReport(part))
	case "wrong size":
		part.Size++
		o.insist(partReport(part))
	case "wrong sum":
		o.insist(said{"kind": "done", "sha256": fmt.Sprintf("%064d", 1)})
	case "fail":
		kinds := []dispatch.Kind{dispatch.KindStopping, dispatch.KindAddresses, dispatch.KindMore, dispatch.KindInvalid}
		o.insist(said{"kind": "failed", "failure": dispatch.Failure{Kind: kinds[d.Parts%len(kinds)]}})
	case "beat only":
		for range 10 {
			o.beat(0)
			time.Sleep(2 * time.Second)
		}
	case "answer late":
		o.finish(next)
	}
}

func partReport(part dispatch.Part) said { return said{"kind": "part", "part": part} }

// insist repeats a report for ten seconds.
func (o *taken) insist(s said) string {
	for began := time.Now(); time.Since(began) < 10*time.Second; time.Sleep(200 * time.Millisecond) {
		if answer := o.say(s); answer != "" {
			return answer
		}
	}
	return ""
}

// finish stores what is missing.
func (o *taken) finish(next int) {
	for ; next < o.Move.First+len(o.Move.Parts); next++ {
		if o.insist(partReport(storedPart(next))) != "ok" {
			return
		}
	}
	if next <= 4 {
		o.insist(said{"kind": "failed", "failure": dispatch.Failure{Kind: dispatch.KindMore}})
		return
	}
	o.insist(said{"kind": "done", "sha256": contentSum()})
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

// problems collects failed assertions, because those of rapid can't be used in a bubble.
type problems []string

func (p *problems) Errorf(format string, args ...any) {
	*p = append(*p, fmt.Sprintf(format, args...))
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
