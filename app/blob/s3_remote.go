package blob

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/parts"
)

// ErrMismatch means that a reported part or checksum doesn't belong to the upload. Nothing was recorded.
var ErrMismatch = errors.New("report doesn't match the upload")

// etagPattern is what an ETag may consist of. It isn't always an MD5.
var etagPattern = regexp.MustCompile(`^[!#-~]{1,128}$`)

// Remote is an upload to S3 whose parts another process stores, at addresses that it is given. It sees no bytes: it
// believes what is reported about them as long as it is consistent, and Complete fails if the service has other parts.
// Only one goroutine may use it. After any error but ErrMismatch, only Close may be called.
type Remote struct {
	*openUpload
	size int64     // bytes of the whole file
	hash hash.Hash // of the recorded parts
}

// Remote opens an upload of a file of known size. Like Write, it continues behind the stored parts, calls save whenever
// the state changes, and returns ErrBusy while the upload is open elsewhere.
func (s *S3) Remote(ctx context.Context, upload Upload, size int64, save func(Upload) error) (*Remote, error) {
	if size <= 0 {
		return nil, fmt.Errorf("store a file of %d bytes: %w", size, fs.ErrInvalid)
	}
	opened, hash, err := s.open(ctx, upload, save)
	if err != nil {
		return nil, err
	}
	r := &Remote{openUpload: opened, size: size, hash: hash}
	switch {
	case r.count() > maxS3Parts:
		err = errTooLarge
	case r.upload.Size > size, r.isShort() && r.upload.Size < size: // the parts are those of another file
		err = ErrUploadLost
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Upload returns the current state.
func (r *Remote) Upload() Upload { return r.snapshot() }

// count returns how many parts the file has.
func (r *Remote) count() int {
	return int((r.size-1)/r.upload.PartSize) + 1
}

// Addresses returns where to PUT the next parts, at most limit, until ttl has passed. There are none once all parts are
// recorded. It needs no request. Whoever has an address can store that part of this upload, and nothing else.
func (r *Remote) Addresses(limit int, ttl time.Duration) ([]string, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	next := len(r.upload.Parts) + 1
	last := min(r.count(), next+limit-1)
	addresses := make([]string, 0, max(last-next+1, 0))
	for number := next; number <= last; number++ {
		query := url.Values{"partNumber": {strconv.Itoa(number)}, "uploadId": {r.upload.ID}}
		address, err := r.s3.core.Presign(r.ctx, http.MethodPut, r.s3.bucket, r.s3.object(r.upload.Key), ttl, query)
		if err != nil {
			return nil, r.s3.explain(r.ctx, "sign address of part", err)
		}
		addresses = append(addresses, address.String())
	}
	return addresses, nil
}

// Record saves that the next part is stored. Repeating the latest report has no effect. After the last part, the state is
// complete.
func (r *Remote) Record(number int, etag string, size int64, hash []byte) error {
	if err := r.check(); err != nil {
		return err
	}
	etag = trimETag(etag)
	recorded := len(r.upload.Parts)
	if recorded > 0 && number == recorded && r.upload.Parts[number-1] == etag && slices.Equal(r.upload.Hash, hash) {
		return nil // the answer to the earlier report was lost
	}
	after := r.upload.Size + size
	state, err := parts.ParseHash(hash, after)
	if number != recorded+1 || size <= 0 || size != min(r.upload.PartSize, r.size-r.upload.Size) ||
		!etagPattern.MatchString(etag) || err != nil {
		return fmt.Errorf("record part %d: %w", number, ErrMismatch)
	}
	r.add(parts.Part{Number: number, ETag: etag, Size: size, Hash: slices.Clone(hash)})
	r.hash = state
	if after == r.size {
		r.upload.SHA256 = parts.Sum(state)
	}
	if err := r.save(r.snapshot()); err != nil {
		return r.fail(err)
	}
	return nil
}

// Finish returns the state once all parts are recorded. sum is the SHA-256 that was reported for the whole file, in hex; it
// is blank if nobody could report it any more, because the last part was recorded by an earlier Remote.
func (r *Remote) Finish(sum string) (Upload, error) {
	if err := r.check(); err != nil {
		return Upload{}, err
	}
	if r.upload.Size != r.size {
		return Upload{}, errIncomplete // further parts may be recorded
	}
	known := parts.Sum(r.hash)
	if sum != "" && sum != known {
		return Upload{}, fmt.Errorf("finish upload: %w", ErrMismatch)
	}
	return r.finish(known)
}

// Reset replaces the upload by a new one without parts, because the file has turned out to be another one.
func (r *Remote) Reset() error {
	if err := r.check(); err != nil {
		return err
	}
	if err := r.replace(); err != nil {
		return err
	}
	r.hash.Reset()
	return nil
}

// Close ends the use of the upload. It may be repeated.
func (r *Remote) Close() error {
	if !r.closed {
		r.close()
	}
	return nil
}
