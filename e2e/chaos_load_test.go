package e2e

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	chaosKeys      = 100 // preferences of each person
	chaosMeetings  = 6   // recordings of each person
	chaosInterval  = 15 * time.Millisecond
	stepsPerUpload = 8
)

// load is people who save preferences and request transfers until it stops, whatever happens to the server. They
// remember what the server has acknowledged.
type load struct {
	in     *installation
	people []*chaosPerson
	cancel context.CancelFunc
	busy   sync.WaitGroup
}

// startLoad creates accounts and starts their requests. The simulator must have chaosMeetings meetings.
func startLoad(in *installation, people int) *load {
	in.t.Helper()
	return startLoadOf(in, "user", people)
}

// startLoadOf is startLoad for accounts whose e-mail addresses have a prefix.
func startLoadOf(in *installation, prefix string, people int) *load {
	in.t.Helper()
	ctx, cancel := context.WithCancel(in.t.Context())
	l := &load{in: in, cancel: cancel}
	in.t.Cleanup(func() { l.stop() })
	for i := range people {
		email := fmt.Sprintf("%s%d@example.com", prefix, i)
		p := &chaosPerson{in: in, email: email, preferences: map[string]*chaosValue{}, refused: map[int]int{}}
		p.account = in.newSyncedAccount(email, simulator.DemoAPIKey)
		l.people = append(l.people, p)
	}
	for _, p := range l.people {
		l.busy.Go(func() { p.run(ctx) })
	}
	return l
}

// stop ends the requests. It may be called more than once.
func (l *load) stop() {
	l.cancel()
	l.busy.Wait()
}

// await waits until every person has had so many more writes acknowledged.
func (l *load) await(writes int) {
	l.in.t.Helper()
	for _, p := range l.people {
		target := p.count() + writes
		polltest.Until(l.in.t, 5*time.Millisecond, func() bool { return p.count() >= target }, "the writes of %s stopped: %v", p.email, p)
	}
}

// requireEverything stops the load and requires that the server has everything that it has acknowledged, that all jobs end, and
// that each recording is complete and delivered once. It returns a summary.
func (l *load) requireEverything(sim *simulator.Server) string {
	l.in.t.Helper()
	l.stop()
	summary := make([]string, len(l.people))
	for i, p := range l.people {
		p.requireEverything(sim)
		summary[i] = p.String()
	}
	return strings.Join(summary, "; ")
}
