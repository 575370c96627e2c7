package dispatch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

// try makes one offer, under a new number, and heeds the reports about it until it ends. An offer counts as accepted with
// its first report too, because the answer may be lost: then try listens for another pause before it returns errUnsure.
func (m *moving) try(ctx context.Context, pause time.Duration) ending {
	cfg := m.owner.cfg
	m.bound, m.recorded, m.arrived, m.grown = "", nil, m.move.before(m.move.First), time.Now()
	number := m.owner.heed(m, true)
	body, err := encode(offer{m.owner.boot, m.id, number, m.encoded})
	if err != nil {
		return ending{err: err}
	}
	answers := make(chan answer, 1)
	asking, cancel := context.WithTimeout(ctx, cfg.AskTimeout)
	defer cancel()
	err = m.owner.moves.Go(func(context.Context) {
		text, err := cfg.Bus.Request(asking, m.owner.cluster.moves(), body)
		answers <- answer{string(text), err}
	})
	if err != nil {
		return ending{err: err}
	}
	accepted := false
	silence := time.NewTimer(cfg.AskTimeout + pause)
	defer silence.Stop()
	for {
		select {
		case <-ctx.Done():
			return ending{err: context.Cause(ctx)}
		case a := <-answers:
			if accepted {
				continue // by a report
			}
			end, ok := a.judge(asking)
			if !ok {
				return end
			}
			accepted = a.text == answerAccepted
		case message := <-m.inbox:
			if ctx.Err() != nil {
				message.Respond([]byte(answerStop))
				continue
			}
			end, verdict := m.hear(ctx, message)
			switch verdict {
			case foreign:
				continue
			case last:
				return end
			}
			accepted = true
		case <-silence.C:
			if !accepted {
				return ending{untaken: errUnsure}
			}
			return ending{failure: &Failure{Kind: KindSilent, Detail: "mover has not reported for too long"}}
		}
		if accepted {
			silence.Reset(cfg.Patience)
		}
	}
}

// answer is the answer to an offer.
type answer struct {
	text string
	err  error
}

// judge returns how an offer ended with this answer, unless it goes on: because it was accepted, or may have been.
func (a answer) judge(asking context.Context) (end ending, goesOn bool) {
	switch {
	case errors.Is(a.err, bus.ErrNoResponders) || errors.Is(a.err, bus.ErrDisconnected):
		return ending{untaken: a.err}, false
	case a.err != nil && asking.Err() == nil:
		return ending{err: fmt.Errorf("offer move: %w", a.err)}, false
	case a.err != nil, a.text == answerAccepted:
		return ending{}, true
	case a.text == answerBusy:
		return ending{untaken: errBusy}, false
	default:
		return ending{failure: &Failure{Kind: KindInvalid, Detail: "mover refused the offer"}}, false
	}
}
