package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/minio/minio-go/v7"
)

// sentPart is the result of sending a part.
type sentPart struct {
	buffer *[]byte
	size   int64
	hash   []byte // the state after this part
	etag   string
	err    error
}

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

func (w *s3Writer) acquireBuffer() *[]byte {
	if buffer := w.spare; buffer != nil {
		w.spare = nil
		return buffer
	}
	if w.upload.PartSize == w.s3.partSize {
		return w.s3.buffers.Get().(*[]byte)
	}
	buffer := make([]byte, w.upload.PartSize)
	return &buffer
}

// releaseBuffer keeps a buffer for another Writer.
func (s *S3) releaseBuffer(buffer *[]byte) {
	if buffer != nil && int64(len(*buffer)) == s.partSize {
		s.buffers.Put(buffer)
	}
}
