package sse

import (
	"context"
	"net/http"
	"sync"
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
// server from stopping. Between writes there is no deadline: over HTTP/2 it would
// end a stream that has nothing to say. It hides ReadFrom and Unwrap of what it
// wraps, so that every write passes through it.
type DeadlineWriter struct {
	http.ResponseWriter
	ctx        context.Context
	controller *http.ResponseController
	stop       func() bool
	ended      chan struct{} // closed when the end of ctx has been seen to

	mu      sync.Mutex
	writing bool
}

// NewDeadlineWriter returns a writer that fails at once when ctx ends. Call Done
// after the last write.
func NewDeadlineWriter(ctx context.Context, w http.ResponseWriter) *DeadlineWriter {
	p := &DeadlineWriter{ResponseWriter: w, ctx: ctx, controller: http.NewResponseController(w), ended: make(chan struct{})}
	p.stop = context.AfterFunc(ctx, func() {
		defer close(p.ended)
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.writing {
			p.setDeadline(time.Now())
		}
	})
	p.setDeadline(time.Time{})
	return p
}

// Done ends the watch over ctx and gives the end of the answer its time.
func (p *DeadlineWriter) Done() {
	within := writeWithin
	if !p.stop() {
		<-p.ended // else its deadline might come after this one
		within = endWithin
	}
	p.setDeadline(time.Now().Add(within))
}

// A writer without deadlines is one of a test.
func (p *DeadlineWriter) setDeadline(at time.Time) { _ = p.controller.SetWriteDeadline(at) }

// Write implements http.ResponseWriter.
func (p *DeadlineWriter) Write(b []byte) (int, error) {
	if err := p.begin(); err != nil {
		return 0, err
	}
	defer p.end()
	return p.ResponseWriter.Write(b)
}

// FlushError is what http.ResponseController calls.
func (p *DeadlineWriter) FlushError() error {
	if err := p.begin(); err != nil {
		return err
	}
	defer p.end()
	return p.controller.Flush()
}

func (p *DeadlineWriter) begin() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.ctx.Err(); err != nil {
		return err
	}
	p.writing = true
	p.setDeadline(time.Now().Add(writeWithin))
	return nil
}

func (p *DeadlineWriter) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writing = false
	p.setDeadline(time.Time{})
}
