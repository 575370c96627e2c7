package fathom

import (
	"context"
	"errors"
	"fmt"
	"io"
)

const (
	fetchOp     = "fetch file"
	fetchBuffer = 256 << 10

	// A fetch continues while it makes progress, within these limits. The next call resumes the
	// file.
	maxStalls   = 4   // consecutive attempts without progress
	maxAttempts = 100 // total
)

// Destination receives a file.
type Destination interface {
	// Write appends bytes. Its error ends the fetch.
	io.Writer
	// Size returns how many bytes of the beginning of the file the destination holds.
	Size() int64
	// Reset discards all of them, because they belong to another file.
	Reset() error
}

// FetchResult describes a complete file.
type FetchResult struct {
	Size    int64 // bytes
	Total   int64 // bytes, as Fathom or the file host has announced; 0 if neither has
	Resumed bool  // bytes of an earlier attempt were kept
}

// Fetch streams a file to dst. If dst already holds the beginning of the file, Fetch keeps it. Fetch sends no
// credentials, holds one buffer, checks the size that Fathom announced and resumes after interruptions. After an
// error, dst holds the part that the next call can resume.
//
// progress, unless nil, is called after every write with the bytes so far and the total (0 when
// unknown). It is called often, so it must be fast.
//
// [ErrLinkExpired] means that a new link is needed. *[Error] with KindMismatch (the file is larger than
// announced) and KindRefused (a forbidden file host) are final; KindInvalidResponse means that the file
// remains too short, KindTooSlow means that it arrives too slowly. Errors of dst are wrapped, so that
// errors.Is(err, syscall.ENOSPC) detects a full disk. No error contains the URL.
func (c *Client) Fetch(ctx context.Context, file File, dst Destination, progress func(done, total int64)) (FetchResult, error) {
	result, err := c.fetch(ctx, &fetch{file: file, dst: dst, progress: progress, buffer: make([]byte, fetchBuffer)})
	if err == nil || ctx.Err() == nil { // a run that was stopped says nothing about Fathom
		c.onCall(fetchOp, problemOf(err))
	}
	return result, err
}

func (c *Client) fetch(ctx context.Context, f *fetch) (FetchResult, error) {
	if err := c.guard.CheckURL(ctx, f.file.URL.Reveal()); err != nil {
		if ctx.Err() != nil { // the check may have ended early
			return FetchResult{}, fmt.Errorf("%s: %w", fetchOp, ctx.Err())
		}
		return FetchResult{}, &Error{Op: fetchOp, Kind: KindRefused, cause: err}
	}
	f.client, f.pace = c, pace{minRate: c.minRate, window: c.rateWindow}
	if err := f.resume(); err != nil {
		return FetchResult{}, err
	}
	if f.file.Size <= 0 || f.done != f.file.Size {
		if err := f.retry(ctx); err != nil {
			return FetchResult{}, err
		}
	}
	return FetchResult{Size: f.done, Total: max(f.file.Size, f.total, 0), Resumed: f.resumed}, nil
}

// fetch is the state of one call to Fetch or ReadRange.
type fetch struct {
	client   *Client
	file     File
	dst      Destination
	progress func(done, total int64)
	buffer   []byte
	end      int64 // where a range ends; 0 for all of the file

	done     int64  // bytes in dst
	furthest int64  // the largest done of any attempt
	total    int64  // bytes of the file, as the host has announced; 0 if it hasn't
	etag     string // strong ETag received during this call, or blank
	resumed  bool
	restarts int
	pace     pace
}

// resume continues behind the bytes that an earlier call left in dst.
func (f *fetch) resume() error {
	f.done = f.dst.Size()
	if f.file.Size > 0 && f.done > f.file.Size {
		return f.discard() // the bytes are from another file
	}
	f.furthest = f.done
	f.resumed = f.done > 0
	f.reportProgress()
	return nil
}

// retry makes attempts until the file is complete or another attempt would be pointless.
func (f *fetch) retry(ctx context.Context) error {
	stalls := 0
	for attempt := 1; ; attempt++ {
		err := f.attempt(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", fetchOp, ctx.Err())
		}
		if errors.Is(err, errRestart) {
			continue
		}
		failure, ok := errors.AsType[*Error](err)
		if !ok || !failure.Temporary() || f.restarts > 1 {
			return err
		}

		if f.done > f.furthest {
			f.furthest, stalls = f.done, 0
		} else {
			stalls++
		}
		wait := retryWait(failure, stalls+1)
		if attempt >= maxAttempts || stalls > maxStalls || wait > max(f.client.retryFor, retryBackoff.Base) ||
			(stalls > 0 && f.client.retryFor == 0) {
			return err
		}
		f.client.logger.DebugContext(ctx, "resuming fathom file",
			"attempt", attempt, "done", f.done, "total", f.file.Size, "wait", wait, "error", err)
		if err := f.client.sleep(ctx, wait); err != nil {
			return fmt.Errorf("%s: %w", fetchOp, err)
		}
		if err := f.pace.add(0, wait); err != nil {
			return err
		}
	}
}

// discard removes all bytes from dst.
func (f *fetch) discard() error {
	if err := f.dst.Reset(); err != nil {
		return fmt.Errorf("discard recording file: %w", err)
	}
	f.done, f.total, f.etag, f.resumed = 0, 0, "", false
	f.reportProgress()
	return nil
}
