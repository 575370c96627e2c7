package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/minio/minio-go/v7"
)

const (
	defaultPartSize = 16 << 20 // bytes
	maxParts        = 9500     // of the 10,000 that S3 allows
	listLimit       = 1000     // entries that S3 returns or removes in one call
)

// partSizeOf returns the size of the parts of a blob, in bytes. All parts have the same size, which some services
// require, so it must suffice for the largest blob that the target allows.
func (s *S3) partSizeOf(target Target) int64 {
	largest := target.Size
	if largest <= 0 {
		largest = target.MaxSize
	}
	needed := (largest + maxParts - 1) / maxParts
	if needed <= s.partSize {
		return s.partSize
	}
	const step = 1 << 20
	return (needed + step - 1) / step * step
}

// Begin implements Store.
func (s *S3) Begin(ctx context.Context, target Target) (Upload, error) {
	key, err := newS3Key(target)
	if err != nil {
		return Upload{}, err
	}
	upload := Upload{Engine: EngineS3, Key: key, PartSize: s.partSizeOf(target)}
	return s.begin(ctx, upload)
}

// begin creates a multipart upload. Each attempt has another key: if only the answer was lost, there is an upload that
// nobody knows, and a sweep would keep it as long as a record names its key.
func (s *S3) begin(ctx context.Context, upload Upload) (Upload, error) {
	err := s.retry(ctx, "begin upload", steadily, func() (err error) {
		upload.Key = renewS3Key(upload.Key)
		upload.ID, err = s.core.NewMultipartUpload(ctx, s.bucket, s.object(upload.Key), minio.PutObjectOptions{})
		if err == nil && upload.ID == "" { // for instance, the page of a proxy
			err = &Error{Op: "begin upload", Kind: KindFailed, cause: errors.New("response has no upload ID")}
		}
		return err
	})
	return upload, err
}

// Complete implements Store. If the answer to an earlier call was lost, the blob exists although the upload doesn't.
func (s *S3) Complete(ctx context.Context, upload Upload) error {
	if !upload.Complete() {
		return errIncomplete
	}
	if err := checkS3Upload(upload); err != nil {
		return err
	}
	release, err := s.inUse.acquire(upload.ID)
	if err != nil {
		return err
	}
	defer release()
	err = s.retry(ctx, "complete upload", steadily, func() error {
		err := s.explain(ctx, "complete upload", s.publish(ctx, upload))
		if ctx.Err() != nil {
			return err
		}
		info, statErr := s.statOnce(ctx, upload.Key)
		return confirmCompletion(upload, err, info, statErr)
	})
	if errors.Is(err, errNoUpload) || errors.Is(err, errWrongParts) {
		return ErrUploadLost
	}
	return err
}

// confirmCompletion judges the outcome of a call to publish by what the service says about the blob afterwards.
func confirmCompletion(upload Upload, err error, info Info, statErr error) error {
	lost := errors.Is(err, errNoUpload) || errors.Is(err, errWrongParts)
	switch {
	case statErr == nil && info.Size == upload.Size:
		return nil // even if the answer to this call or an earlier one was lost
	case err != nil && !lost:
		return err
	case statErr == nil:
		return errWrongParts
	case errors.Is(statErr, ErrNotFound) && lost:
		return err
	case errors.Is(statErr, ErrNotFound):
		return &Error{Op: "complete upload", Kind: KindFailed, cause: errors.New("blob isn't visible")}
	default:
		return statErr
	}
}

// publish makes the blob appear under its key.
func (s *S3) publish(ctx context.Context, upload Upload) error {
	if len(upload.Parts) == 0 { // S3 refuses uploads without parts
		_, err := s.core.PutObject(ctx, s.bucket, s.object(upload.Key), bytes.NewReader(nil), 0, "", emptySHA256,
			minio.PutObjectOptions{DisableContentSha256: true})
		if err != nil {
			return err
		}
		return s.abort(ctx, upload)
	}
	parts := make([]minio.CompletePart, len(upload.Parts))
	for i, etag := range upload.Parts {
		parts[i] = minio.CompletePart{PartNumber: i + 1, ETag: etag}
	}
	object, options := s.object(upload.Key), minio.PutObjectOptions{}
	_, err := s.core.CompleteMultipartUpload(ctx, s.bucket, object, upload.ID, parts, options)
	return err
}

var emptySHA256 = hex.EncodeToString(sha256.New().Sum(nil))

// Abort implements Store.
func (s *S3) Abort(ctx context.Context, upload Upload) error {
	if err := checkS3Upload(upload); err != nil {
		return err
	}
	release, err := s.inUse.wait(ctx, upload.ID)
	if err != nil {
		return err
	}
	defer release()
	return s.retry(ctx, "abort upload", steadily, func() error { return s.abort(ctx, upload) })
}

func (s *S3) abort(ctx context.Context, upload Upload) error {
	err := s.core.AbortMultipartUpload(ctx, s.bucket, s.object(upload.Key), upload.ID)
	if isNoUpload(err) {
		return nil
	}
	return err
}

// isNoUpload reports whether the service answered that it doesn't know an upload. Some services say NoSuchKey.
func isNoUpload(err error) bool {
	response, ok := errors.AsType[minio.ErrorResponse](err)
	return ok && (response.Code == "NoSuchUpload" || response.Code == "NoSuchKey")
}

// checkParts compares the parts that the service has with those in the state of an upload.
func (s *S3) checkParts(ctx context.Context, upload Upload) error {
	if len(upload.Parts) == 0 {
		return nil // the first part finds out
	}
	err := s.retry(ctx, "list parts", steadily, func() error {
		found := 0
		for marker := 0; ; {
			page, err := s.core.ListObjectParts(ctx, s.bucket, s.object(upload.Key), upload.ID, marker, listLimit)
			if isNoUpload(err) {
				return errNoUpload
			}
			if err != nil {
				return err
			}
			for _, part := range page.ObjectParts {
				if i := part.PartNumber - 1; i >= 0 && i < len(upload.Parts) &&
					trimETag(part.ETag) == trimETag(upload.Parts[i]) && part.Size == sizeOfPart(upload, i) {
					found++
				}
			}
			if !page.IsTruncated || page.NextPartNumberMarker <= marker || page.NextPartNumberMarker >= len(upload.Parts) {
				break
			}
			marker = page.NextPartNumberMarker
		}
		if found != len(upload.Parts) {
			return errWrongParts
		}
		return nil
	})
	if errors.Is(err, errNoUpload) || errors.Is(err, errWrongParts) {
		return ErrUploadLost
	}
	return err
}

// sizeOfPart returns the size of a stored part, in bytes. Only the last one may be shorter than the others.
func sizeOfPart(upload Upload, i int) int64 {
	return min(upload.PartSize, upload.Size-int64(i)*upload.PartSize)
}

func trimETag(etag string) string { return strings.Trim(etag, `"`) }

// checkS3Upload refuses a state that this engine didn't create. A user database contains it, so it isn't trusted.
func checkS3Upload(upload Upload) error {
	stored := int64(len(upload.Parts)) * upload.PartSize
	if upload.Engine != EngineS3 || upload.ID == "" || upload.PartSize <= 0 || upload.PartSize > maxPartSize ||
		len(upload.Parts) > maxS3Parts || upload.Size > stored || upload.Size <= stored-upload.PartSize ||
		(upload.Size < stored && !upload.Complete()) {
		return fmt.Errorf("continue an upload to S3: %w", fs.ErrInvalid)
	}
	return checkS3Key(upload.Key)
}
