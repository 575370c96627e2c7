package blob

import (
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
)

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, key string) (info Info, err error) {
	if err := checkS3Key(key); err != nil {
		return Info{}, err
	}
	err = s.retry(ctx, "stat recording", briefly, func() (err error) {
		info, err = s.statOnce(ctx, key)
		if errors.Is(err, ErrNotFound) { // the response to HEAD doesn't say what is missing
			if bucketErr := s.requireBucket(ctx); bucketErr != nil {
				return bucketErr
			}
		}
		return err
	})
	return info, err
}

func (s *S3) statOnce(ctx context.Context, key string) (Info, error) {
	found, err := s.core.StatObject(ctx, s.bucket, s.object(key), minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s.explain(ctx, "stat recording", err)
	}
	return Info{Key: key, Size: found.Size, Modified: found.LastModified}, nil
}

func (s *S3) requireBucket(ctx context.Context) error {
	exists, err := s.core.BucketExists(ctx, s.bucket)
	if err != nil {
		return s.explain(ctx, "stat bucket", err)
	}
	if !exists {
		return &Error{Op: "stat bucket", Kind: KindNoBucket}
	}
	return nil
}

// Open implements Store. The reader requests the bytes when they are read, from where they are read.
func (s *S3) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	info, err := s.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	return &s3Reader{s3: s, ctx: ctx, key: key, size: info.Size}, nil
}

// ReadRange reads len(p) bytes of a blob from an offset on, with one request. They must be within the blob. Its errors are
// those of Store.
func (s *S3) ReadRange(ctx context.Context, key string, p []byte, offset int64) error {
	if err := checkS3Key(key); err != nil {
		return err
	}
	return s.retry(ctx, "read recording", steadily, func() error {
		body, err := s.request(ctx, key, offset, int64(len(p)))
		if err != nil {
			return err
		}
		defer body.Close()
		_, err = io.ReadFull(body, p)
		return err
	})
}

// request asks for a part of a blob: length bytes from an offset on, or all that follow it if length is 0.
func (s *S3) request(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	options := minio.GetObjectOptions{}
	isPart := offset > 0 || length > 0
	if isPart {
		last := int64(0) // to the end
		if length > 0 {
			last = offset + length - 1
		}
		if err := options.SetRange(offset, last); err != nil {
			return nil, err
		}
	}
	body, _, header, err := s.core.GetObject(ctx, s.bucket, s.object(key), options)
	if err != nil {
		return nil, err
	}
	if isPart && header.Get("Content-Range") == "" {
		_ = body.Close() // nothing was written
		return nil, errRangeIgnored
	}
	return body, nil
}

// errRangeIgnored means that the service sends a whole blob instead of a part of it.
var errRangeIgnored = &Error{Op: "read recording", Kind: KindFailed, Code: "RangeIgnored"}

// Link implements Store. It doesn't check that the blob exists, and needs no request. Anybody who has the link can read
// the blob with GET, but not with HEAD.
func (s *S3) Link(ctx context.Context, key string, headers Headers, ttl time.Duration) (string, error) {
	if err := checkS3Key(key); err != nil {
		return "", err
	}
	query := url.Values{}
	if headers.ContentType != "" {
		query.Set("response-content-type", headers.ContentType)
	}
	if headers.ContentDisposition != "" {
		query.Set("response-content-disposition", headers.ContentDisposition)
	}
	link, err := s.core.PresignedGetObject(ctx, s.bucket, s.object(key), ttl, query)
	if err != nil {
		return "", s.explain(ctx, "sign link", err)
	}
	return link.String(), nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkS3Key(key); err != nil {
		return err
	}
	err := s.retry(ctx, "delete recording", steadily, func() error {
		return s.core.RemoveObject(ctx, s.bucket, s.object(key), minio.RemoveObjectOptions{})
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
