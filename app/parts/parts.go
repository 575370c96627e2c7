// Package parts cuts a stream into parts of equal size and stores one of them while the next one fills.
//
// A Writer has one user; Buffers are safe for concurrent use. The package must not know where parts are stored.
package parts

import (
	"context"
	"encoding"
	"fmt"
	"hash"
)

// Part is a stored part.
type Part struct {
	Number int // from 1
	ETag   string
	Size   int64  // bytes
	Hash   []byte // the state of the SHA-256 after the part; ParseHash reads it
}

// Config configures a Writer. All fields but Stored and Size are required.
type Config struct {
	PartSize int64     // bytes of each part but the last
	Stored   int       // how many parts are stored already
	Size     int64     // bytes of them
	Hash     hash.Hash // of them, from ParseHash; a new SHA-256 if there are none
	Buffers  *Buffers

	// Store stores a part, on another goroutine. It must not use content after it has returned.
	Store func(ctx context.Context, number int, content []byte) (etag string, err error)

	// OnStored is called with the parts in order, from Write, Wait and Flush. Its error is returned from there.
	OnStored func(Part) error
}

// Writer fills one buffer while its goroutine stores the other. After an error, only Close may be called.
type Writer struct {
	ctx context.Context
	cfg Config

	stored  int                // how many parts are stored
	size    int64              // bytes, including those in the buffer and on the way
	buffer  *[]byte            // nil until there is something to write
	filled  int                // bytes in the buffer
	spare   *[]byte            // the other buffer, if it isn't on the way
	sending chan sentPart      // not nil while a part is on the way
	stop    context.CancelFunc // ends the request of that part
}

// sentPart is the result of storing a part.
type sentPart struct {
	Part
	buffer *[]byte
	err    error
}

// NewWriter returns a Writer, which must be closed. ctx must last as long.
func NewWriter(ctx context.Context, cfg Config) *Writer {
	return &Writer{ctx: ctx, cfg: cfg, stored: cfg.Stored, size: cfg.Size}
}

// Size returns how many bytes there are so far, including those that aren't stored yet.
func (w *Writer) Size() int64 { return w.size }

// Sum returns the SHA-256 of all bytes so far, in hex.
func (w *Writer) Sum() string { return Sum(w.cfg.Hash) }

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (written int, err error) {
	if err := w.receive(false); err != nil {
		return 0, err
	}
	for len(p) > 0 {
		if w.buffer == nil {
			w.buffer = w.acquire()
		}
		n := copy((*w.buffer)[w.filled:], p)
		w.cfg.Hash.Write(p[:n])
		w.filled += n
		w.size += int64(n)
		written += n
		p = p[n:]
		if w.filled == len(*w.buffer) {
			if err := w.send(); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

// Wait waits until the part on the way is stored.
func (w *Writer) Wait() error { return w.receive(true) }

// Flush stores all bytes. If they don't fill a part, it is the last one.
func (w *Writer) Flush() error {
	if w.filled > 0 {
		if err := w.send(); err != nil {
			return err
		}
	}
	return w.Wait()
}

// Close ends the request of the part on the way. It may be repeated.
func (w *Writer) Close() {
	w.cancel()
	w.cfg.Buffers.release(w.buffer)
	w.cfg.Buffers.release(w.spare)
	w.buffer, w.spare = nil, nil
}

// send waits until the previous part is stored, and sends the buffer as the next one.
func (w *Writer) send() error {
	if err := w.Wait(); err != nil {
		return err
	}
	state, err := w.cfg.Hash.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return fmt.Errorf("save hash: %w", err)
	}
	part := sentPart{Part: Part{Number: w.stored + 1, Size: int64(w.filled), Hash: state}, buffer: w.buffer}
	w.buffer, w.filled = nil, 0
	ctx, stop := context.WithCancel(w.ctx)
	sending := make(chan sentPart, 1)
	w.sending, w.stop = sending, stop
	go func() {
		part.ETag, part.err = w.cfg.Store(ctx, part.Number, (*part.buffer)[:part.Size])
		stop()
		sending <- part
	}()
	return nil
}

// receive passes on the part on the way, if it is stored or wait is true.
func (w *Writer) receive(wait bool) error {
	if w.sending == nil {
		return nil
	}
	var part sentPart
	if wait {
		part = <-w.sending // ends with the context
	} else {
		select {
		case part = <-w.sending:
		default:
			return nil
		}
	}
	w.sending = nil
	w.keep(part.buffer)
	if part.err != nil {
		return part.err
	}
	w.stored++
	return w.cfg.OnStored(part.Part)
}

// cancel ends the request of the part on the way, and keeps its buffer.
func (w *Writer) cancel() {
	if w.sending == nil {
		return
	}
	w.stop()
	w.keep((<-w.sending).buffer)
	w.sending = nil
}

// keep keeps a buffer for the next part, if there is no other.
func (w *Writer) keep(buffer *[]byte) {
	w.cfg.Buffers.release(w.spare)
	w.spare = buffer
}

func (w *Writer) acquire() *[]byte {
	if buffer := w.spare; buffer != nil {
		w.spare = nil
		return buffer
	}
	return w.cfg.Buffers.acquire(w.cfg.PartSize)
}
