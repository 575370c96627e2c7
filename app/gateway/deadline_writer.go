package gateway

import (
	"context"
	"net/http"
	"time"
)

const (
	// writeWithin is how long a client may take to accept what one Write sends.
	writeWithin = time.Minute
	// endWithin is how long it may take to accept the end of an answer that was
	// cut short: without it a browser takes the connection for broken.
	endWithin = time.Second
)

// DeadlineWriter lets an answer take as long as it needs, where the server's
// write timeout would cut a long recording off, but not a single write of it: a
// client that has stopped reading must not keep a database open for ever, nor a
// server from stopping. It hides ReadFrom and Unwrap of what it wraps, so that
// every write passes through it.
type DeadlineWriter struct {
	http.ResponseWriter
	ctx        context.Context
	controller *http.ResponseController
	stop       func() bool
	expired    chan struct{} // closed when the end of ctx has set its deadline
}

// NewDeadlineWriter returns a writer that fails at once when ctx ends. Call Done
// after the last write.
func NewDeadlineWriter(ctx context.Context, w http.ResponseWriter) *DeadlineWriter {
	p := &DeadlineWriter{ResponseWriter: w, ctx: ctx, controller: http.NewResponseController(w), expired: make(chan struct{})}
	p.stop = context.AfterFunc(ctx, func() {
		p.allow(0)
		close(p.expired)
	})
	p.allow(writeWithin)
	return p
}

// Done ends the watch over ctx.
func (p *DeadlineWriter) Done() {
	if !p.stop() {
		<-p.expired // else its deadline might come after this one
		p.allow(endWithin)
	}
}

// allow gives the next write d from now. A writer without deadlines is one of a
// test.
func (p *DeadlineWriter) allow(d time.Duration) { _ = p.controller.SetWriteDeadline(time.Now().Add(d)) }

// Write implements http.ResponseWriter.
func (p *DeadlineWriter) Write(b []byte) (int, error) {
	if err := p.begin(); err != nil {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}

// FlushError is what http.ResponseController calls.
func (p *DeadlineWriter) FlushError() error {
	if err := p.begin(); err != nil {
		return err
	}
	return p.controller.Flush()
}

// begin sets the deadline before it looks at the context: if that ends later,
// its own deadline comes after this one.
func (p *DeadlineWriter) begin() error {
	p.allow(writeWithin)
	return p.ctx.Err()
}
