// Package health answers whether the server can do its work, for load balancers, containers and operators.
//
// A [Monitor] runs the checks that others register. No answer takes longer than Limit, even if a check hangs in the kernel,
// and answers are remembered for a second, so that strangers can't make the server work by asking. Only an essential check,
// a start and a stop make the server unavailable: against a full disk, a restart doesn't help, and neither does another
// server.
//
// A Monitor is safe for concurrent use. The package must not know what is checked.
package health

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

const (
	// Limit is how long a check, and thereby an answer, may take.
	Limit = 2 * time.Second

	// fresh is how long the outcome of a check is used again.
	fresh = time.Second
)

// Status is the state of the server or of one check.
type Status string

// The statuses, from the best to the worst.
const (
	OK          Status = "ok"
	Degraded    Status = "degraded"    // the server works, but an operator should do something
	Unavailable Status = "unavailable" // requests or jobs fail
)

// Check examines one aspect of the server.
type Check struct {
	Name string

	// Essential means that the server is unavailable while the check fails. The others make it degraded.
	Essential bool

	// Run returns nil if all is well. It must be cheap, and return soon after ctx ends.
	Run func(ctx context.Context) *Problem
}

// Problem is why a check fails, for the operator: without secrets and without anything about a user.
type Problem struct {
	Message string // a sentence without a full stop
	Advice  string // what to do, also without a full stop
}

// Finding is the outcome of a check.
type Finding struct {
	Check   string `json:"check"`
	Status  Status `json:"status"`
	Message string `json:"message,omitempty"` // a sentence without a full stop; blank for OK
	Advice  string `json:"advice,omitempty"`  // what to do, also without a full stop
}

// Report is the state of the server at one moment.
type Report struct {
	Status Status    `json:"status"`
	Checks []Finding `json:"checks,omitempty"` // in the order in which they were registered
}

// Monitor runs checks. It must be created with New.
type Monitor struct {
	checks     []*check
	background background.Group
	stopping   atomic.Bool
	now        func() time.Time
}

// New returns a Monitor. It reports the server as unavailable until Start.
func New(checks ...Check) *Monitor {
	m := &Monitor{now: time.Now}
	for _, c := range checks {
		m.checks = append(m.checks, &check{Check: c})
	}
	return m
}

// Start lets the checks run.
func (m *Monitor) Start(ctx context.Context) { m.background.Start(ctx) }

// NoteStop reports the server as unavailable from now on, so that no new requests are sent to it.
func (m *Monitor) NoteStop() { m.stopping.Store(true) }

// Stop waits for the checks that are running, or returns ctx.Err if ctx ends first. It may be called more than once and
// without Start.
func (m *Monitor) Stop(ctx context.Context) error {
	m.NoteStop()
	if err := m.background.Stop(ctx); err != nil {
		return fmt.Errorf("wait for health checks: %w", err)
	}
	return nil
}

// Report runs the checks whose outcome isn't known, and returns all outcomes. It takes at most a little longer than Limit.
func (m *Monitor) Report(ctx context.Context) Report {
	switch {
	case m.stopping.Load():
		return unavailable("shutdown", "the server is stopping", "Start it again, unless its supervisor does so")
	case !m.background.Running():
		return unavailable("start", "the server is starting", "Wait until it has started")
	}
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	pending := make([]<-chan struct{}, len(m.checks))
	for i, c := range m.checks {
		pending[i] = m.begin(c)
	}
	report := Report{Status: OK, Checks: make([]Finding, len(m.checks))}
	for i, c := range m.checks {
		select {
		case <-pending[i]:
		case <-ctx.Done():
		}
		report.Checks[i] = c.finding()
		report.Status = worse(report.Status, report.Checks[i].Status)
	}
	return report
}

func unavailable(check, message, advice string) Report {
	return Report{Unavailable, []Finding{{check, Unavailable, message, advice}}}
}

func worse(a, b Status) Status {
	order := map[Status]int{OK: 0, Degraded: 1, Unavailable: 2}
	if order[b] > order[a] {
		return b
	}
	return a
}

// check is a Check with its last outcome.
type check struct {
	Check

	mu      sync.Mutex
	done    chan struct{} // closed when the run has ended; nil unless the check is running
	problem *Problem      // of the last run
	ended   time.Time     // of the last run; zero before the first
}

var ended = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// begin runs a check, unless its outcome is fresh or it is running. The channel is closed when the outcome is known.
func (m *Monitor) begin(c *check) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done != nil {
		return c.done
	}
	if !c.ended.IsZero() && m.now().Sub(c.ended) < fresh {
		return ended
	}
	done := make(chan struct{})
	err := m.background.Go(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, Limit)
		defer cancel()
		problem := c.Run(ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.problem, c.ended, c.done = problem, m.now(), nil
		close(done)
	})
	if err != nil { // the server has begun to stop
		return ended
	}
	c.done = done
	return done
}

func (c *check) finding() Finding {
	c.mu.Lock()
	defer c.mu.Unlock()
	problem := c.problem
	if c.done != nil {
		problem = &Problem{
			fmt.Sprintf("the check has not ended within %s", Limit),
			"Find out which disk or file server hangs, for example with dmesg",
		}
	}
	switch {
	case problem == nil:
		return Finding{Check: c.Name, Status: OK}
	case c.Essential:
		return Finding{c.Name, Unavailable, problem.Message, problem.Advice}
	default:
		return Finding{c.Name, Degraded, problem.Message, problem.Advice}
	}
}
