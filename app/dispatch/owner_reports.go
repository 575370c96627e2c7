package dispatch

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

// verdict is what a report means for its offer.
type verdict int

const (
	goesOn  verdict = iota
	foreign         // it is not of the mover to which the offer is bound
	last            // the offer has ended
)

// hear handles a report about the current offer and answers it.
func (m *moving) hear(ctx context.Context, message bus.Message) (ending, verdict) {
	var r report
	if json.Unmarshal(message.Body, &r) != nil || !isToken(r.Run) {
		return m.reject(message, "malformed report")
	}
	if m.bound == "" {
		m.bound = r.Run
	}
	if r.Run != m.bound { // the offer was delivered twice
		message.Respond([]byte(answerStop))
		return ending{}, foreign
	}
	switch r.Kind {
	case reportPart:
		return m.hearPart(ctx, message, r)
	case reportDone:
		return m.hearDone(message, r)
	case reportFailed:
		message.Respond([]byte(answerOK))
		return ending{failure: r.Failure.sanitized()}, last
	default:
		return m.hearBeat(message, r)
	}
}

func (m *moving) hearBeat(message bus.Message, r report) (ending, verdict) {
	if r.Done < 0 || r.Done > m.move.Size {
		return m.reject(message, "progress is out of range")
	}
	m.progress(r.Done)
	if time.Since(m.grown) > m.owner.cfg.Stall {
		message.Respond([]byte(answerStop))
		return ending{failure: &Failure{Kind: KindSilent, Detail: "no part was stored for too long"}}, last
	}
	message.Respond([]byte(answerOK))
	return ending{}, goesOn
}

// hearPart records a part before it is answered. The answer to an earlier report may have been lost, in which case the part
// is recorded already.
func (m *moving) hearPart(ctx context.Context, message bus.Message, r report) (ending, verdict) {
	if r.Part == nil {
		return m.reject(message, "part is missing")
	}
	part := *r.Part
	if err := m.move.check(part); err != nil {
		return m.reject(message, err.Error())
	}
	switch index := part.Number - m.move.First; {
	case index < len(m.recorded) && same(part, m.recorded[index]):
	case index < len(m.recorded):
		return m.reject(message, "part differs from what was recorded")
	case index > len(m.recorded):
		return m.reject(message, "part is not the next one")
	default:
		if err := m.task.Record(ctx, part); err != nil {
			message.Respond([]byte(answerStop))
			return ending{err: err}, last
		}
		m.recorded = append(m.recorded, part)
		m.grown = time.Now()
		m.progress(m.move.before(part.Number + 1))
	}
	message.Respond([]byte(answerOK))
	return ending{}, goesOn
}

// hearDone ends the offer if all parts are recorded. The checksum follows from the last one; a mover that reports another
// has stored what it has not hashed.
func (m *moving) hearDone(message bus.Message, r report) (ending, verdict) {
	if int64(m.move.First+len(m.recorded)) <= m.move.total() {
		return m.reject(message, "parts are missing")
	}
	sum, err := sumOf(m.recorded[len(m.recorded)-1].Hash)
	if err != nil || r.SHA256 != sum {
		message.Respond([]byte(answerStop))
		return ending{failure: &Failure{Kind: KindRestart, Detail: "checksum differs from that of the parts"}}, last
	}
	message.Respond([]byte(answerOK))
	return ending{sha256: sum}, last
}

// reject ends the offer because the mover breaks the rules.
func (m *moving) reject(message bus.Message, why string) (ending, verdict) {
	message.Respond([]byte(answerStop))
	return ending{failure: &Failure{Kind: KindInvalid, Detail: why}}, last
}

// progress passes on how many bytes have arrived, which never goes back during an offer.
func (m *moving) progress(done int64) {
	if done > m.arrived {
		m.arrived = done
		m.task.Progress(done)
	}
}

func same(a, b Part) bool {
	return a.Number == b.Number && a.ETag == b.ETag && a.Size == b.Size && bytes.Equal(a.Hash, b.Hash)
}
