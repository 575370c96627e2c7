package fathom

import (
	"context"
	"fmt"
	"io"
	"time"
)

// copyBody appends the body to dst.
func (f *fetch) copyBody(ctx context.Context, timer *time.Timer, body io.Reader) error {
	for {
		if ctx.Err() != nil { // Read could still return buffered bytes
			return f.networkError(ctx, ctx.Err())
		}
		asked := f.client.now()
		n, readErr := body.Read(f.buffer)
		slow := f.pace.add(int64(n), f.client.now().Sub(asked))
		timer.Stop() // a slow destination must not count as an idle host
		if n > 0 {
			if f.file.Size > 0 && f.done+int64(n) > f.file.Size {
				return f.tooLarge()
			}
			written, err := f.dst.Write(f.buffer[:n])
			f.done += int64(written)
			f.client.onBytes(int64(n))
			if err != nil {
				return fmt.Errorf("write recording file: %w", err)
			}
			f.reportProgress()
		}
		if readErr == io.EOF {
			break
		}
		if readErr != nil {
			return f.networkError(ctx, readErr)
		}
		if slow != nil {
			return slow
		}
		timer.Reset(f.client.idleTimeout)
	}
	size := f.end
	if size == 0 {
		size = max(f.file.Size, f.total)
	}
	if f.done < size {
		return &Error{Op: fetchOp, Kind: KindInvalidResponse, Detail: fmt.Sprintf("file ends at %d of %d bytes", f.done, size)}
	}
	return nil
}

func (f *fetch) reportProgress() {
	if f.progress != nil {
		f.progress(f.done, max(f.file.Size, 0))
	}
}

// withIdleTimeout returns a context that ends with errIdle when the timer fires. A timeout for the whole
// download would have to depend on the length of the meeting.
func withIdleTimeout(ctx context.Context, d time.Duration) (context.Context, *time.Timer, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(d, func() { cancel(errIdle) })
	return ctx, timer, func() { timer.Stop(); cancel(nil) }
}
