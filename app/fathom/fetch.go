package fathom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
)

const (
	fetchOp     = "fetch file"
	fetchBuffer = 256 << 10

	// A fetch continues while it makes progress, within these limits. The next call resumes the
	// partial file.
	maxStalls   = 4   // consecutive attempts without progress
	maxAttempts = 100 // total
)

// FetchResult describes a complete file.
type FetchResult struct {
	Size    int64
	SHA256  string // of the whole file, in hex
	Resumed bool   // bytes of an earlier attempt were kept
}

// Fetch streams a file to dst, which must be open for reading and writing. If dst already holds the
// beginning of the file, Fetch keeps and hashes it. Fetch sends no credentials, holds one buffer, checks
// the size that Fathom announced, resumes after interruptions and syncs dst at the end. After an error,
// dst holds the part that the next call can resume.
//
// progress, unless nil, is called after every write with the bytes so far and the total (0 when
// unknown). It is called often, so it must be fast.
//
// [ErrLinkExpired] means that a new link is needed. *[Error] with KindMismatch (the file is larger than
// announced) and KindRefused (a forbidden file host) are final; KindInvalidResponse means that the file
// remains too short, KindTooSlow means that it arrives too slowly. Errors of dst are wrapped, so that errors.Is(err, syscall.ENOSPC) detects a full
// disk. No error contains the URL.
func (c *Client) Fetch(ctx context.Context, file File, dst *os.File, progress func(done, total int64)) (FetchResult, error) {
	if err := c.guard.checkURL(ctx, file.URL.Reveal()); err != nil {
		if ctx.Err() != nil { // the check may have ended early
			return FetchResult{}, fmt.Errorf("%s: %w", fetchOp, ctx.Err())
		}
		return FetchResult{}, &Error{Op: fetchOp, Kind: KindRefused, cause: err}
	}
	f := &fetch{
		client: c, file: file, dst: dst, progress: progress,
		hash: sha256.New(), buffer: make([]byte, fetchBuffer),
		pace: pace{minRate: c.minRate, window: c.rateWindow},
	}
	if err := f.resume(ctx); err != nil {
		return FetchResult{}, err
	}
	if file.Size <= 0 || f.done != file.Size {
		if err := f.retry(ctx); err != nil {
			return FetchResult{}, err
		}
	}
	if err := dst.Sync(); err != nil {
		return FetchResult{}, fmt.Errorf("sync recording file: %w", err)
	}
	return FetchResult{Size: f.done, SHA256: hex.EncodeToString(f.hash.Sum(nil)), Resumed: f.resumed}, nil
}

// fetch is the state of one call to Fetch. The first done bytes of dst are valid and hashed, and dst is
// positioned directly after them.
type fetch struct {
	client   *Client
	file     File
	dst      *os.File
	progress func(done, total int64)
	hash     hash.Hash
	buffer   []byte

	done     int64
	furthest int64  // the largest done of any attempt
	etag     string // strong ETag received during this call, or blank
	resumed  bool
	restarts int
	pace     pace
}

// resume hashes the bytes that an earlier call left in dst.
func (f *fetch) resume(ctx context.Context) error {
	info, err := f.dst.Stat()
	if err != nil {
		return fmt.Errorf("stat recording file: %w", err)
	}
	size := info.Size()
	if f.file.Size > 0 && size > f.file.Size {
		return f.discard() // the bytes are from another file
	}
	if _, err := f.dst.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind recording file: %w", err)
	}
	for f.done < size {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%s: %w", fetchOp, err)
		}
		n, err := f.dst.Read(f.buffer[:min(int64(len(f.buffer)), size-f.done)])
		f.hash.Write(f.buffer[:n])
		f.done += int64(n)
		if err != nil {
			return fmt.Errorf("read recording file: %w", err)
		}
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
	if err := f.dst.Truncate(0); err != nil {
		return fmt.Errorf("truncate recording file: %w", err)
	}
	if _, err := f.dst.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind recording file: %w", err)
	}
	f.hash.Reset()
	f.done, f.etag, f.resumed = 0, "", false
	f.reportProgress()
	return nil
}
