package dispatch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

// Task is what the owner of a transfer does for a move. Its methods are called one at a time, from the goroutine of
// Owner.Move.
type Task interface {
	// Offer returns what is missing, with fresh addresses. It is called again after each mover that failed, and each
	// OwnerConfig.MoveAge while nobody takes the offer. If no parts are missing, First is the number after the last part,
	// Parts is empty and Hash the state after all bytes. An error ends the move.
	Offer(ctx context.Context) (Move, error)

	// Record stores what is known about a part, durably. It is called for each stored part, in order, once. An error stops the
	// mover and ends the move.
	Record(ctx context.Context, part Part) error

	// Progress is passed how many bytes of the file have arrived. It must be fast. The number may go back to the end of the
	// last part when another mover continues.
	Progress(done int64)
}

var (
	errBusy   = errors.New("mover is busy")
	errUnsure = errors.New("offer was not answered in time")
)

// moving is a move of an owner. All fields are those of the goroutine of Owner.Move, except offer, which is protected by
// owner.mu, and inbox.
type moving struct {
	owner *Owner
	task  Task
	id    uint64
	offer uint64           // the offer that is heeded; 0 means none
	inbox chan bus.Message // reports about it

	move     Move
	encoded  json.RawMessage // move
	prepared time.Time       // when move was made

	bound    string    // the mover's run to which the offer is bound; blank before the first report
	recorded []Part    // during this offer
	arrived  int64     // bytes, as reported
	grown    time.Time // when the offer was taken or the last part recorded
}

// ending is how an offer ended.
type ending struct {
	sha256  string   // the file is whole
	failure *Failure // the mover failed
	untaken error    // no mover took the offer: errBusy, errUnsure, bus.ErrNoResponders or bus.ErrDisconnected
	err     error    // the move must end
}

// run offers the move until it is done or fails.
func (m *moving) run(ctx context.Context) (string, error) {
	var fails failures
	for {
		if err := m.prepare(ctx); err != nil {
			return "", cmp.Or(context.Cause(ctx), err)
		}
		if m.move.isWhole() {
			return sumOf(m.move.Hash)
		}
		end := m.place(ctx)
		switch {
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case end.err != nil:
			return "", end.err
		case end.failure == nil:
			return end.sha256, nil
		}
		m.owner.cfg.Logger.LogAttrs(ctx, levelOf(end.failure), "mover ended a move early", logAttrs(m.id, end.failure)...)
		m.prepared = time.Time{}
		pause, again := fails.next(m.owner, end.failure, len(m.recorded) > 0)
		if !again {
			return "", end.failure
		}
		if err := sleep(ctx, pause); err != nil {
			return "", err
		}
	}
}

// prepare gets a Move from the task, unless it has one that is recent. Between offers that nobody took, no parts can have
// been recorded, and signing hundreds of addresses takes a while.
func (m *moving) prepare(ctx context.Context) error {
	if !m.prepared.IsZero() && time.Since(m.prepared) < m.owner.cfg.MoveAge {
		return nil
	}
	move, err := m.task.Offer(ctx)
	if err != nil {
		return err
	}
	if err := move.validate(); err != nil {
		return fmt.Errorf("offer move: %w", err)
	}
	m.move, m.prepared = move.bounded(), time.Now()
	m.encoded, err = encode(m.move)
	return err
}

// place offers the move until a mover takes it, and returns how that ended. It gives up after MaxWait, because whoever says that
// movers are there may have stolen their credentials.
func (m *moving) place(ctx context.Context) ending {
	began := time.Now()
	answered := began
	for attempt := 1; ; attempt++ {
		pause := m.owner.asking.Delay(attempt)
		end := m.try(ctx, pause)
		m.owner.heed(m, false)
		present := true
		switch {
		case end.untaken == nil || ctx.Err() != nil:
			return end
		case errors.Is(end.untaken, errUnsure):
			present = time.Since(answered) < m.owner.cfg.NodeTimeout // whoever gets the offers is frozen or broken
			pause = 0                                                // try has waited
		case errors.Is(end.untaken, errBusy):
			answered = time.Now()
		default:
			answered = time.Now()
			present = m.owner.nodes.any() // full, or being reconnected
		}
		if !present || time.Since(began) > m.owner.cfg.MaxWait {
			return ending{err: ErrNoMover}
		}
		if err := sleep(ctx, pause); err != nil {
			return ending{err: err}
		}
		if err := m.prepare(ctx); err != nil {
			return ending{err: err}
		}
	}
}

// sleep waits, or returns the cause of ctx if it ends first.
func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
