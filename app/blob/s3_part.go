package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/minio/minio-go/v7"
)

// uploadPart stores one part. All attempts send the same bytes.
func (s *S3) uploadPart(ctx context.Context, upload Upload, number int, content []byte) (etag string, err error) {
	options := minio.PutObjectPartOptions{DisableContentSha256: true}
	if s.signBody {
		sum := sha256.Sum256(content)
		options.Sha256Hex = hex.EncodeToString(sum[:])
	}
	err = s.retry(ctx, "store part", steadily, func() error {
		part, err := s.core.PutObjectPart(ctx, s.bucket, s.object(upload.Key), upload.ID, number,
			bytes.NewReader(content), int64(len(content)), options)
		etag = part.ETag
		return err
	})
	if err == nil && etag == "" {
		return "", &Error{Op: "store part", Kind: KindFailed, cause: errors.New("response has no ETag")}
	}
	return etag, err
}

// partStore returns a function that stores the parts of an upload.
func (s *S3) partStore(upload Upload) func(context.Context, int, []byte) (etag string, err error) {
	return func(ctx context.Context, number int, content []byte) (string, error) {
		if number > maxS3Parts {
			return "", errTooLarge
		}
		etag, err := s.uploadPart(ctx, upload, number, content)
		if errors.Is(err, errNoUpload) {
			return "", ErrUploadLost
		}
		return etag, err
	}
}
