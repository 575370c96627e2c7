package blob

import (
	"context"
	"crypto/sha256"
	"hash"
	"io/fs"
	"slices"

	"github.com/fathom-to-loom/fathom-to-loom/app/parts"
)

const (
	maxS3Parts  = 10_000
	maxPartSize = 1 << 30 // bytes; it is also the memory of half a Writer, so a state mustn't demand more
)

// openUpload is what a Writer and a Remote have in common: the state of an upload that nobody else continues meanwhile.
type openUpload struct {
	s3      *S3
	ctx     context.Context
	cancel  context.CancelFunc
	upload  Upload
	save    func(Upload) error
	release func()

	err    error // of a failed call; no further one may succeed
	closed bool
}

// open reserves an upload and checks that its stored parts are still there. hash is that of their bytes.
func (s *S3) open(ctx context.Context, upload Upload, save func(Upload) error) (o *openUpload, hash hash.Hash, err error) {
	if err := checkS3Upload(upload); err != nil {
		return nil, nil, err
	}
	release, err := s.inUse.acquire(upload.ID)
	if err != nil {
		return nil, nil, err
	}
	o = &openUpload{s3: s, upload: upload, save: save, release: release}
	o.ctx, o.cancel = context.WithCancel(ctx)
	hash, err = o.resume()
	if err != nil {
		o.close()
		return nil, nil, err
	}
	return o, hash, nil
}

// resume restores the hash. The state of a complete upload may be resumed too, but only to reset it or to finish it again.
func (o *openUpload) resume() (hash.Hash, error) {
	u := &o.upload
	u.Parts, u.SHA256 = slices.Clone(u.Parts), ""
	if len(u.Parts) == 0 {
		u.Size, u.Hash = 0, nil
		return sha256.New(), nil
	}
	hash, err := parts.ParseHash(u.Hash, u.Size)
	if err != nil {
		return nil, ErrUploadLost // for instance, the state is from another version of Go
	}
	return hash, o.s3.checkParts(o.ctx, *u)
}

// isShort reports whether the last stored part is shorter than the others, so that no other may follow.
func (o *openUpload) isShort() bool {
	return o.upload.Size < int64(len(o.upload.Parts))*o.upload.PartSize
}

// snapshot returns the state; later parts don't change it.
func (o *openUpload) snapshot() Upload {
	upload := o.upload
	upload.Parts = slices.Clone(upload.Parts)
	return upload
}

// add appends a stored part to the state, without saving it.
func (o *openUpload) add(part parts.Part) {
	o.upload.Parts = append(o.upload.Parts, part.ETag)
	o.upload.Size += part.Size
	o.upload.Hash = part.Hash
}

// finish records that all bytes are stored. No further call may succeed.
func (o *openUpload) finish(sum string) (Upload, error) {
	o.upload.SHA256 = sum
	if err := o.save(o.snapshot()); err != nil {
		return Upload{}, o.fail(err)
	}
	o.err = errFinished
	return o.snapshot(), nil
}

// replace replaces the upload by a new one, so that a part of the old one can't end up in it: such a part may still be on
// its way somewhere, also if somebody else sent it and no state names it.
func (o *openUpload) replace() error {
	old := o.upload
	upload, err := o.s3.begin(o.ctx, Upload{Engine: EngineS3, Key: old.Key, PartSize: old.PartSize})
	if err != nil {
		return o.fail(err)
	}
	release, err := o.s3.inUse.acquire(upload.ID)
	if err != nil {
		return o.fail(err)
	}
	o.release()
	o.release, o.upload = release, upload
	if err := o.save(o.snapshot()); err != nil {
		return o.fail(err)
	}
	if err := o.s3.Abort(o.ctx, old); err != nil { // a sweep will find it
		o.s3.logger.DebugContext(o.ctx, "failed to abort upload to S3", "key", old.Key, "error", err)
	}
	return nil
}

func (o *openUpload) check() error {
	if o.closed {
		return fs.ErrClosed
	}
	if o.err == nil {
		o.err = o.ctx.Err()
	}
	return o.err
}

func (o *openUpload) fail(err error) error {
	o.err = err
	return err
}

// close ends the use of the upload. It may be called once.
func (o *openUpload) close() {
	o.closed = true
	o.cancel()
	o.release()
}
