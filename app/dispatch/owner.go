package dispatch

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

// OwnerConfig configures an Owner. Bus and Cluster are required.
type OwnerConfig struct {
	Bus     bus.Conn
	Cluster string       // the name of the cluster, such as "f2l"
	Logger  *slog.Logger // nil discards

	AskTimeout  time.Duration // how long to wait for the answer to an offer; 0 means 300ms
	FirstPause  time.Duration // after an offer that nobody took, growing to LastPause; 0 means 20ms
	LastPause   time.Duration // 0 means 1s
	FailPause   time.Duration // after a mover failed, growing to ten times that; 0 means 500ms
	Patience    time.Duration // how long a mover may be silent; 0 means 10s
	Stall       time.Duration // how long a mover may take for a part; 0 means 5m
	NodeTimeout time.Duration // how long a mover counts as there after it was heard of; 0 means 10s
	MaxWait     time.Duration // how long a move may be offered in vain; 0 means 10m
	MaxOffers   int           // consecutive failures of movers without a new part after which a move fails; 0 means 10
	MaxStorage  int           // the same for KindStorage; 0 means 3
	MoveAge     time.Duration // how long a Move may be offered; 0 means 1m
}

// Owner offers moves to movers. It must be created with NewOwner.
type Owner struct {
	cfg     OwnerConfig
	cluster cluster
	boot    string         // random, so that offers of an earlier process are never confused with this one's
	asking  backoff.Policy // between offers that nobody took
	failing backoff.Policy // after failures of movers
	moves   background.Group
	nodes   nodes

	mu     sync.Mutex
	stops  []func() // end the subscriptions
	last   uint64   // number of the last offer
	moving map[uint64]*moving
}

// NewOwner returns an Owner that offers nothing before Start.
func NewOwner(cfg OwnerConfig) *Owner {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	cfg.AskTimeout = cmp.Or(cfg.AskTimeout, 300*time.Millisecond)
	cfg.FirstPause = cmp.Or(cfg.FirstPause, 20*time.Millisecond)
	cfg.LastPause = cmp.Or(cfg.LastPause, time.Second)
	cfg.FailPause = cmp.Or(cfg.FailPause, 500*time.Millisecond)
	cfg.Patience = cmp.Or(cfg.Patience, 10*time.Second)
	cfg.Stall = cmp.Or(cfg.Stall, 5*time.Minute)
	cfg.NodeTimeout = cmp.Or(cfg.NodeTimeout, 10*time.Second)
	cfg.MaxWait = cmp.Or(cfg.MaxWait, 10*time.Minute)
	cfg.MaxOffers = cmp.Or(cfg.MaxOffers, 10)
	cfg.MaxStorage = cmp.Or(cfg.MaxStorage, 3)
	cfg.MoveAge = cmp.Or(cfg.MoveAge, time.Minute)
	return &Owner{
		cfg:     cfg,
		cluster: newCluster(cfg.Cluster),
		boot:    rand.Text(),
		asking:  backoff.Policy{Base: cfg.FirstPause, Max: cfg.LastPause, Jitter: 0.5},
		failing: backoff.Policy{Base: cfg.FailPause, Max: 10 * cfg.FailPause, Jitter: 0.5},
		nodes:   nodes{timeout: cfg.NodeTimeout, heard: map[string]heard{}},
		moving:  map[uint64]*moving{},
	}
}

// Start subscribes to the reports of movers.
func (o *Owner) Start(ctx context.Context) error {
	if o.cfg.Bus == nil || !bus.IsName(o.cfg.Cluster) {
		return errors.New("start owner of moves: invalid configuration")
	}
	for subject, handle := range map[string]func(bus.Message){
		o.cluster.reports(o.boot): o.route,
		o.cluster.node("*"):       o.nodes.hear,
	} {
		stop, err := o.cfg.Bus.Subscribe(subject, "", handle)
		if err != nil {
			o.unsubscribe()
			return fmt.Errorf("start owner of moves: %w", err)
		}
		o.mu.Lock()
		o.stops = append(o.stops, stop)
		o.mu.Unlock()
	}
	o.moves.Start(ctx)
	return nil
}

// Stop ends all moves, whose movers find nobody to report to, and waits for them. It returns ctx.Err if ctx ends first. It may
// be called more than once and without Start.
func (o *Owner) Stop(ctx context.Context) error {
	err := o.moves.Stop(ctx)
	o.unsubscribe()
	return err
}

func (o *Owner) unsubscribe() {
	o.mu.Lock()
	stops := o.stops
	o.stops = nil
	o.mu.Unlock()
	for _, stop := range stops {
		stop()
	}
}

// Movers returns the movers that were heard of within NodeTimeout, by id.
func (o *Owner) Movers() []Node { return o.nodes.list() }

// Move has the missing parts of a file stored by movers and returns the SHA-256 of the whole file, in hexadecimal. It returns
// ErrNoMover if nobody is there to do so, or nobody is free for MaxWait: the caller then does it itself, from the parts that
// are recorded. Other errors are the cause of ctx, those of task, background.ErrNotRunning, and a *[Failure] of the last mover.
// A mover that is still at it is told to stop at its next report.
func (o *Owner) Move(ctx context.Context, task Task) (sha256 string, err error) {
	err = o.moves.Run(func(running context.Context) error {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(running, func() { cancel(background.ErrNotRunning) })()
		m := o.begin(task)
		defer o.heed(m, false)
		sha256, err = m.run(ctx)
		return err
	})
	return sha256, err
}

// begin returns a move under a number that nobody guesses: a mover must not report about the moves of others.
func (o *Owner) begin(task Task) *moving {
	return &moving{owner: o, task: task, id: mathrand.Uint64(), inbox: make(chan bus.Message, 16)}
}

// heed makes a move's next offer the only one whose reports are heeded and returns its number; or none, if next is false.
// Reports of the previous offer that nobody has read are answered "stop".
func (o *Owner) heed(m *moving, next bool) uint64 {
	o.mu.Lock()
	m.offer = 0
	delete(o.moving, m.id)
	if next {
		o.last++
		m.offer = o.last
		o.moving[m.id] = m
	}
	var late []bus.Message
	for len(m.inbox) > 0 {
		late = append(late, <-m.inbox)
	}
	number := m.offer
	o.mu.Unlock()
	for _, message := range late {
		message.Respond([]byte(answerStop))
	}
	return number
}

// route passes a report to the move that it is about, if it concerns the offer that is heeded. It never blocks: a report
// that finds the inbox full is repeated by its sender.
func (o *Owner) route(message bus.Message) {
	if !o.deliver(message) {
		message.Respond([]byte(answerStop))
	}
}

func (o *Owner) deliver(message bus.Message) (heeded bool) {
	task, number := parseReport(message.Subject)
	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.moving[task]
	if m == nil || m.offer != number || len(message.Body) > maxReport {
		return false
	}
	select {
	case m.inbox <- message:
	default:
	}
	return true
}
