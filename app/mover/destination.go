package mover

import (
	"context"
	"crypto/sha256"
	"hash"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/parts"
)

var _ fathom.Destination = (*destination)(nil)

// destination stores the bytes of one move. Whatever ends the move early, except Fathom, is the cause with which it cancels
// the move's context: so a part that can't be stored ends a fetch that waits for its host, too.
type destination struct {
	ctx      context.Context
	cancel   context.CancelCauseFunc
	mover    *Mover
	offer    dispatch.Move
	reporter Reporter

	parts   *parts.Writer
	limit   int64 // how many bytes of the file the addresses suffice for
	restart bool  // the source isn't the file that the stored parts belong to
}

func newDestination(
	ctx context.Context, cancel context.CancelCauseFunc, m *Mover, offer dispatch.Move, hash hash.Hash, reporter Reporter,
) *destination {
	d := &destination{ctx: ctx, cancel: cancel, mover: m, offer: offer, reporter: reporter}
	d.limit = int64(offer.First-1+len(offer.Parts)) * offer.PartSize
	d.parts = d.newParts(offer.First-1, storedBytes(offer), hash)
	return d
}

func (d *destination) newParts(stored int, size int64, hash hash.Hash) *parts.Writer {
	return parts.NewWriter(d.ctx, parts.Config{
		PartSize: d.offer.PartSize, Stored: stored, Size: size, Hash: hash, Buffers: d.mover.buffers,
		Store: d.store, OnStored: d.report,
	})
}

// Size implements fathom.Destination.
func (d *destination) Size() int64 { return d.parts.Size() }

// Write implements fathom.Destination.
func (d *destination) Write(p []byte) (int, error) {
	if d.restart {
		return 0, d.fail(&dispatch.Failure{Kind: dispatch.KindRestart, Detail: "source isn't the file that the stored parts belong to"})
	}
	n, err := d.parts.Write(p[:min(int64(len(p)), d.limit-d.parts.Size())])
	if err != nil {
		return n, d.fail(err)
	}
	if d.parts.Size() == d.limit && d.limit < d.offer.Size {
		if err := d.flush(); err != nil {
			return n, err
		}
		return n, d.fail(&dispatch.Failure{Kind: dispatch.KindMore})
	}
	return n, nil
}

// Reset implements fathom.Destination. If a part was or is being stored, only its owner can start over, with another
// upload. The next Write says so, and not Reset: Fetch also resets before it returns that a file is too large.
func (d *destination) Reset() error {
	d.restart = d.restart || d.offer.First > 1 || d.parts.Size() >= d.offer.PartSize
	d.parts.Close()
	d.parts = d.newParts(0, 0, sha256.New())
	return nil
}

// store stores a part. A failure ends the move at once.
func (d *destination) store(ctx context.Context, number int, content []byte) (etag string, err error) {
	etag, err = d.mover.put(ctx, d.offer.Parts[number-d.offer.First], number, content)
	if err != nil && ctx.Err() == nil { // otherwise Reset or the end of the move has ended the request
		return "", d.fail(err)
	}
	return etag, err
}

func (d *destination) report(part parts.Part) error {
	return d.reporter.Part(d.ctx, dispatch.Part{Number: part.Number, ETag: part.ETag, Size: part.Size, Hash: part.Hash})
}

// flush stores and reports all bytes.
func (d *destination) flush() error { return d.fail(d.parts.Flush()) }

// wait waits until the part on the way is stored and reported.
func (d *destination) wait() error { return d.fail(d.parts.Wait()) }

// sum returns the SHA-256 of all bytes, in hex.
func (d *destination) sum() string { return d.parts.Sum() }

// close ends all requests.
func (d *destination) close() { d.parts.Close() }

// fail ends the move if err isn't nil. It returns err.
func (d *destination) fail(err error) error {
	if err != nil {
		d.cancel(err)
	}
	return err
}
