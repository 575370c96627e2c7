package dispatch

import (
	"context"
	"crypto/rand"
	"errors"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
)

// Reporter tells the owner how a move goes. It is safe for concurrent use.
type Reporter interface {
	// Part reports a stored part and returns when the owner has recorded it. The error is ErrStopped, which ends the move, or
	// the cause of ctx. Before the last part, the mover must have checked that the source ends there.
	Part(ctx context.Context, part Part) error

	// Progress sets how many bytes of the file have arrived, including those before the first part. It is cheap: the number is
	// sent with the next report.
	Progress(done int64)
}

// reporter is the Reporter of one run of a move. Its context ends when the owner says so, or when no report has been answered
// for ServerConfig.Patience: then the owner can't be reached, and offers the move to another mover.
type reporter struct {
	server  *Server
	subject string
	run     string
	repeat  backoff.Policy
	done    atomic.Int64

	ctx     context.Context // of the move
	cancel  context.CancelCauseFunc
	silence *time.Timer // cancels ctx
}

func newReporter(ctx context.Context, s *Server, subject string, done int64) *reporter {
	r := &reporter{
		server: s, subject: subject, run: rand.Text(),
		repeat: backoff.Policy{Base: s.cfg.ReportPause, Max: 10 * s.cfg.ReportPause, Jitter: 0.5},
	}
	r.done.Store(done)
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	r.silence = time.AfterFunc(s.cfg.Patience, func() { r.cancel(ErrStopped) })
	return r
}

// close ends what runs for the move. The reporter can still send.
func (r *reporter) close() {
	r.silence.Stop()
	r.cancel(nil)
}

// Progress implements Reporter.
func (r *reporter) Progress(done int64) { r.done.Store(done) }

// Part implements Reporter.
func (r *reporter) Part(ctx context.Context, part Part) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(r.ctx, func() { cancel(context.Cause(r.ctx)) })()
	err := r.send(ctx, report{Kind: reportPart, Part: &part})
	if errors.Is(err, ErrStopped) {
		r.cancel(ErrStopped)
	}
	return err
}

// sendBeats sends a beat at once, which tells the owner that the offer was accepted if the answer is lost, and then regularly
// until the move ends. Beats are sent beside parts: neither waits for the other, and a beat that arrives late changes nothing.
func (r *reporter) sendBeats() {
	for r.ctx.Err() == nil {
		if _, err := r.ask(r.ctx, report{Kind: reportBeat}); errors.Is(err, ErrStopped) {
			r.cancel(ErrStopped)
		}
		_ = sleep(r.ctx, r.server.cfg.Beat) // the loop notices the end
	}
}

// send repeats a report until it is answered. The error is ErrStopped or the cause of ctx.
func (r *reporter) send(ctx context.Context, message report) error {
	for attempt := 1; ; attempt++ {
		answered, err := r.ask(ctx, message)
		if answered || err != nil {
			return err
		}
		if err := sleep(ctx, r.repeat.Delay(attempt)); err != nil {
			return err
		}
	}
}

// ask sends a report once. It reports whether the owner answered "ok"; the error is ErrStopped if it answered "stop".
func (r *reporter) ask(ctx context.Context, message report) (answered bool, err error) {
	message.Run, message.Done = r.run, r.done.Load()
	body, err := encode(message)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.server.cfg.ReportTimeout)
	defer cancel()
	answer, err := r.server.cfg.Bus.Request(ctx, r.subject, body)
	switch {
	case err != nil:
		return false, nil // the owner may be reached later
	case string(answer) == answerStop:
		return false, ErrStopped
	case string(answer) != answerOK:
		return false, nil
	}
	if r.ctx.Err() == nil {
		r.silence.Reset(r.server.cfg.Patience)
	}
	return true, nil
}
