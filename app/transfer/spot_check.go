package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

const (
	spotSize = 64 << 10 // bytes that are compared at each spot
	maxSpots = 8        // of a file
)

// errAltered means that what movers have stored isn't the file at Fathom. It was removed.
var errAltered = errors.New("stored file differs from the one at Fathom")

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
	if !errors.Is(err, errAltered) {
		return err
	}
	r.service.logger.ErrorContext(ctx, "a mover stored other bytes than Fathom's: replace the credentials of the movers, which may be stolen",
		"database", r.db.Name, "recording", r.recordingID)
	r.altered = true
	if discardErr := r.discardUpload(); discardErr != nil {
		return discardErr // without err: nothing would store the file again
	}
	r.service.removeFile(r.db, blob.Ref{Engine: saved.Upload.Engine, Key: saved.Upload.Key})
	return err
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
