package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"

	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

const (
	spotSize = 64 << 10 // bytes that are compared at each spot
	maxSpots = 8        // of a file
)

var (
	// errNotMoved means that what movers have stored can't be used. It was removed, and this process must store the file.
	errNotMoved = errors.New("movers did not store the file")

	errAltered = errors.New("stored file differs from the one at Fathom")
)

// checkMoved compares a file in S3 that movers have stored with the one at Fathom, in some random spots. The checksum that
// movers report says nothing about that: whoever stole their credentials could store another video in place of the meeting.
// Only carrying all bytes here would find the smallest change.
func (r *transferRun) checkMoved(ctx context.Context, file fathom.File, saved *savedUpload) error {
	group, checking := errgroup.WithContext(ctx)
	for _, at := range spots(saved.Upload.Size) {
		group.Go(func() error { return r.compareSpot(checking, file, saved.Upload.Key, at) })
	}
	err := group.Wait()
	if err == nil {
		return nil
	}
	err = fmt.Errorf("check recording %d, which a mover has stored: %w", r.recordingID, err)
	if !errors.Is(err, errAltered) && !errors.Is(err, fathom.ErrNoRange) {
		return err
	}
	notMoved := r.storeHere(ctx, err)
	if errors.Is(notMoved, errNotMoved) {
		r.service.removeFile(r.db, blob.Ref{Engine: saved.Upload.Engine, Key: saved.Upload.Key})
	}
	return notMoved
}

// storeHere forgets what movers have stored, because of err, and makes this process store the file. It returns an
// errNotMoved, or why that is impossible.
func (r *transferRun) storeHere(ctx context.Context, err error) error {
	level, message := slog.LevelWarn, "what a mover has stored can't be used, so that this server stores the recording itself"
	if errors.Is(err, errAltered) {
		level, message = slog.LevelError, "a mover stored other bytes than Fathom's: replace the credentials of the movers, which may be stolen"
	}
	r.service.logger.Log(ctx, level, message, "database", r.db.Name, "recording", r.recordingID, "error", err)
	if err := r.discardUpload(); err != nil {
		return err // nothing would store the file again
	}
	r.here = true
	return fmt.Errorf("%w: %w", errNotMoved, err)
}

// spot is a stretch of a file, in bytes.
type spot struct{ offset, size int64 }

// spots returns a random spot of each of the equal stretches into which a file is divided. Together they are the whole of a
// small file.
func spots(size int64) []spot {
	count := min((size+spotSize-1)/spotSize, maxSpots)
	list := make([]spot, count)
	for i := range list {
		begin, end := size*int64(i)/count, size*int64(i+1)/count
		length := min(spotSize, end-begin)
		list[i] = spot{begin + rand.N(end-begin-length+1), length}
	}
	return list
}

func (r *transferRun) compareSpot(ctx context.Context, file fathom.File, key string, at spot) error {
	want, got := make([]byte, at.size), make([]byte, at.size)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.service.fathom.ReadRange(ctx, file, want, at.offset) })
	group.Go(func() error { return r.service.blobs.S3.ReadRange(ctx, key, got, at.offset) })
	if err := group.Wait(); err != nil {
		return err
	}
	if !bytes.Equal(want, got) {
		return errAltered
	}
	return nil
}
