package fathom

import (
	"context"
	"fmt"
	"io"
)

// boundedBody reads JSON up to limits on its bytes, values and depth. It is not safe for concurrent use.
type boundedBody struct {
	ctx    context.Context
	source io.Reader
	limit  int64         // bytes
	values int           // JSON values
	large  chan struct{} // contains a value per large body that is being read

	read              int64
	seen              int // values
	depth             int
	inString, escaped bool
	isLarge           bool // whether this body has a value in large

	exceeded error // the limit that the body exceeds
	failed   error // the error of source
}

// Read returns no bytes beyond a limit.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.exceeded != nil {
		return 0, b.exceeded
	}
	n, err := b.source.Read(p)
	if err != nil && err != io.EOF {
		b.failed = err
	}
	b.read += int64(n)
	if b.exceeded = b.check(p[:n]); b.exceeded != nil {
		return 0, b.exceeded
	}
	if b.read > largeBody && !b.isLarge {
		select {
		case b.large <- struct{}{}:
			b.isLarge = true
		case <-b.ctx.Done():
			b.failed = b.ctx.Err()
			return 0, b.failed
		}
	}
	return n, err
}

// release lets another large body be read.
func (b *boundedBody) release() {
	if b.isLarge {
		b.isLarge = false
		<-b.large
	}
}

// check counts values by the characters that precede them, outside of strings. It needn't recognize invalid
// JSON, because the decoder does.
func (b *boundedBody) check(chunk []byte) error {
	if b.read > b.limit {
		return fmt.Errorf("response is larger than %d bytes", b.limit)
	}
	for _, c := range chunk {
		switch {
		case b.escaped:
			b.escaped = false
		case b.inString:
			b.escaped = c == '\\'
			b.inString = c != '"'
		case c == '"':
			b.inString = true
		case c == ',':
			b.seen++
		case c == '{' || c == '[':
			b.seen++
			b.depth++
		case c == '}' || c == ']':
			b.depth--
		}
		if b.depth > maxDepth {
			return fmt.Errorf("response has more than %d levels", maxDepth)
		}
	}
	if b.seen > b.values {
		return fmt.Errorf("response has more than %d values", b.values)
	}
	return nil
}
