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
	"time"
)

const (
	fetchOp     = "fetch file"
	fetchBuffer = 256 << 10

	// A transfer goes on as long as it gets further; these bound one call.
	maxStalls   = 4   // attempts in a row that got no further
	maxAttempts = 100 // of all; the partial file stays for the next call
)

// FetchResult describes a complete file.
type FetchResult struct {
	Size    int64
	SHA256  string // hex, of the whole file
	Resumed bool   // bytes were kept from an earlier attempt
}

// Fetch streams a file to dst, which is open for reading and writing, perhaps with
// the beginning of the file in it: that is kept, and hashed along. It sends no
// credentials, holds one buffer, checks the size Fathom announced, resumes when
// cut off and syncs dst at the end. On an error dst holds what can be resumed.
//
// progress, if not nil, is called after every write with bytes so far and in all
// (0 when unknown): often, so do little in it.
//
// [ErrLinkExpired] asks for a new link. *[Error] KindMismatch (larger than
// announced) and KindRefused (a host we don't go to) are final; KindInvalidResponse
// is a file that stays too short. Trouble with dst comes as it is, so that
// errors.Is(err, syscall.ENOSPC) holds for a full disk. No error tells the URL.
func (c *Client) Fetch(ctx context.Context, file File, dst *os.File, progress func(done, total int64)) (FetchResult, error) {
	if _, err := c.guard.checkURL(ctx, file.URL.Reveal()); err != nil {
		return FetchResult{}, &Error{Op: fetchOp, Kind: KindRefused, cause: err}
	}
	t := &transfer{
		client: c, file: file, dst: dst, progress: progress,
		hash: sha256.New(), buffer: make([]byte, fetchBuffer),
	}
	if err := t.takeUp(ctx); err != nil {
		return FetchResult{}, err
	}
	if file.Size <= 0 || t.done != file.Size {
		if err := t.run(ctx); err != nil {
			return FetchResult{}, err
		}
	}
	if err := dst.Sync(); err != nil {
		return FetchResult{}, fmt.Errorf("sync recording file: %w", err)
	}
	return FetchResult{Size: t.done, SHA256: hex.EncodeToString(t.hash.Sum(nil)), Resumed: t.resumed}, nil
}

// transfer is one Fetch. The first done bytes of dst are good and are what hash
// has seen; dst stands right behind them.
type transfer struct {
	client   *Client
	file     File
	dst      *os.File
	progress func(done, total int64)
	hash     hash.Hash
	buffer   []byte

	done     int64
	best     int64  // the furthest any attempt got
	etag     string // strong one, from this call only
	resumed  bool
	restarts int
}

// takeUp hashes what an earlier call left in dst.
func (t *transfer) takeUp(ctx context.Context) error {
	info, err := t.dst.Stat()
	if err != nil {
		return fmt.Errorf("look at recording file: %w", err)
	}
	size := info.Size()
	if t.file.Size > 0 && size > t.file.Size {
		return t.startOver() // not a beginning of this file
	}
	if _, err := t.dst.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind recording file: %w", err)
	}
	for t.done < size {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%s: %w", fetchOp, err)
		}
		n, err := t.dst.Read(t.buffer[:min(int64(len(t.buffer)), size-t.done)])
		t.hash.Write(t.buffer[:n])
		t.done += int64(n)
		if err != nil {
			return fmt.Errorf("read recording file: %w", err)
		}
	}
	t.best = t.done
	t.resumed = t.done > 0
	t.report()
	return nil
}

// run makes attempts until the file is whole or it makes no sense to go on.
func (t *transfer) run(ctx context.Context) error {
	stalls := 0
	for attempt := 1; ; attempt++ {
		err := t.attempt(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", fetchOp, ctx.Err())
		}
		if errors.Is(err, errRestart) {
			continue
		}
		var failure *Error
		if !errors.As(err, &failure) || !failure.Temporary() || t.restarts > 1 {
			return err
		}

		if t.done > t.best {
			t.best, stalls = t.done, 0
		} else {
			stalls++
		}
		wait := failure.RetryAfter
		if wait < shortestBackoff {
			wait = backoff(stalls)
		}
		if attempt >= maxAttempts || stalls > maxStalls || wait > max(t.client.retryFor, shortestBackoff) ||
			(stalls > 0 && t.client.retryFor == 0) {
			return err
		}
		t.client.log.DebugContext(ctx, "resume fathom file", "attempt", attempt, "done", t.done, "total", t.file.Size, "wait", wait, "error", err)
		if err := t.client.sleep(ctx, wait); err != nil {
			return fmt.Errorf("%s: %w", fetchOp, err)
		}
	}
}

// startOver forgets all bytes.
func (t *transfer) startOver() error {
	if err := t.dst.Truncate(0); err != nil {
		return fmt.Errorf("empty recording file: %w", err)
	}
	if _, err := t.dst.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind recording file: %w", err)
	}
	t.hash.Reset()
	t.done, t.etag, t.resumed = 0, "", false
	t.report()
	return nil
}

func (t *transfer) report() {
	if t.progress != nil {
		t.progress(t.done, max(t.file.Size, 0))
	}
}

// idleTimer cancels an attempt that receives nothing for a while. A total timeout
// would have to know how long a long meeting takes.
func idleTimer(ctx context.Context, d time.Duration) (context.Context, *time.Timer, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(d, func() { cancel(errIdle) })
	return ctx, timer, func() { timer.Stop(); cancel(nil) }
}
