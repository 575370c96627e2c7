package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// handleOffer answers an offer and starts the move if it is accepted.
func (s *Server) handleOffer(message bus.Message) {
	o, move, err := decodeOffer(message.Body)
	if err != nil {
		s.cfg.Logger.Warn("refused the offer of a move", slog.Any("error", err))
		message.Respond([]byte(answerRefused))
		return
	}
	if !s.claimSlot() {
		message.Respond([]byte(answerBusy))
		return
	}
	err = s.group.Go(func(ctx context.Context) {
		defer s.releaseSlot()
		s.runMove(ctx, o, move)
	})
	if err != nil {
		s.releaseSlot()
		message.Respond([]byte(answerBusy))
		return
	}
	message.Respond([]byte(answerAccepted))
}

// decodeOffer returns an offer that was checked. Errors contain no addresses.
func decodeOffer(body []byte) (offer, Move, error) {
	var o offer
	var move Move
	if json.Unmarshal(body, &o) != nil || json.Unmarshal(o.Move, &move) != nil {
		return o, move, errors.New("offer is malformed")
	}
	if !isToken(o.Boot) || o.Task == 0 || o.Number == 0 {
		return o, move, errors.New("offer has no owner")
	}
	if err := move.validate(); err != nil {
		return o, move, err
	}
	if move.isWhole() {
		return o, move, errors.New("no parts are missing")
	}
	return o, move, nil
}

// runMove runs a move and reports how it ended.
func (s *Server) runMove(ctx context.Context, o offer, move Move) {
	r := newReporter(ctx, s, s.cluster.report(o.Boot, o.Task, o.Number), move.before(move.First))
	beats := make(chan struct{})
	go func() {
		defer close(beats)
		r.sendBeats()
	}()
	sum, err := s.callMove(r.ctx, move, r)
	stopped := errors.Is(context.Cause(r.ctx), ErrStopped)
	stopping := ctx.Err() != nil
	r.close()
	<-beats
	switch {
	case stopped: // nobody wants to know
		return
	case err == nil:
		r.reportEnd(ctx, report{Kind: reportDone, SHA256: sum})
	case stopping:
		r.reportEnd(ctx, report{Kind: reportFailed, Failure: &Failure{Kind: KindStopping}})
	default:
		r.reportEnd(ctx, report{Kind: reportFailed, Failure: failureOf(err)})
	}
}

// callMove calls ServerConfig.Move and turns a panic into an error.
func (s *Server) callMove(ctx context.Context, move Move, r Reporter) (sum string, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			s.cfg.Logger.ErrorContext(ctx, "move panicked", slog.String("panic", redact.Message(fmt.Sprint(cause))), slog.String("stack", string(debug.Stack())))
			err = &Failure{Kind: KindInvalid, Detail: "mover panicked"}
		}
	}()
	return s.cfg.Move(ctx, move, r)
}

// failureOf returns what the owner learns about an error.
func failureOf(err error) *Failure {
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure.sanitized()
	}
	return &Failure{Kind: KindInvalid, Detail: "failed"}
}

// reportEnd sends the last report of a move, until it is answered, also while the Server stops.
func (r *reporter) reportEnd(ctx context.Context, last report) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.server.cfg.Patience)
	defer cancel()
	if err := r.send(ctx, last); err != nil && !errors.Is(err, ErrStopped) { // "stop" follows an "ok" that was lost
		r.server.cfg.Logger.InfoContext(ctx, "failed to report the end of a move", slog.String("kind", last.Kind), slog.Any("error", err))
	}
}
