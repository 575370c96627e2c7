package sse

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	// writeTimeout is how long a client may take to accept the bytes of one Write.
	writeTimeout = time.Minute
	// abortTimeout is how long a client may take to accept the end of a response that was cut
	// short. Without a proper end a browser reports a broken connection.
	abortTimeout = time.Second
)

// DeadlineWriter limits the time of each write instead of the time of the whole response. The
// server's write timeout would cut off the download of a long recording, but a client that has
// stopped reading must neither keep a database open forever nor delay a shutdown. No deadline is
// set between writes: over HTTP/2 it would end an idle stream. ReadFrom and Unwrap of the
// underlying writer are hidden, so that every write passes through this one.
type DeadlineWriter struct {
	http.ResponseWriter
	ctx        context.Context
	controller *http.ResponseController
	unwatch    func() bool   // stops the AfterFunc on ctx
	aborted    chan struct{} // closed when that AfterFunc has run

	mu      sync.Mutex
	writing bool
}

// NewDeadlineWriter returns a writer whose writes fail as soon as ctx ends. Call Finish after the
// last write.
func NewDeadlineWriter(ctx context.Context, w http.ResponseWriter) *DeadlineWriter {
	d := &DeadlineWriter{ResponseWriter: w, ctx: ctx, controller: http.NewResponseController(w), aborted: make(chan struct{})}
	d.unwatch = context.AfterFunc(ctx, func() {
		defer close(d.aborted)
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.writing {
			d.setDeadline(time.Now())
		}
	})
	d.setDeadline(time.Time{})
	return d
}

// Finish gives the client time to accept the end of the response, which net/http writes after the
// handler has returned.
func (d *DeadlineWriter) Finish() {
	timeout := writeTimeout
	if !d.unwatch() {
		<-d.aborted // otherwise its deadline could replace the one below
		timeout = abortTimeout
	}
	d.setDeadline(time.Now().Add(timeout))
}

// setDeadline ignores the error of a writer without deadlines, which only tests use.
func (d *DeadlineWriter) setDeadline(at time.Time) { _ = d.controller.SetWriteDeadline(at) }

// Write implements [http.ResponseWriter].
func (d *DeadlineWriter) Write(b []byte) (int, error) {
	if err := d.beginWrite(); err != nil {
		return 0, err
	}
	defer d.endWrite()
	return d.ResponseWriter.Write(b)
}

// FlushError is called by [http.ResponseController].
func (d *DeadlineWriter) FlushError() error {
	if err := d.beginWrite(); err != nil {
		return err
	}
	defer d.endWrite()
	return d.controller.Flush()
}

func (d *DeadlineWriter) beginWrite() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.ctx.Err(); err != nil {
		return err
	}
	d.writing = true
	d.setDeadline(time.Now().Add(writeTimeout))
	return nil
}

func (d *DeadlineWriter) endWrite() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writing = false
	d.setDeadline(time.Time{})
}
