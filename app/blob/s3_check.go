package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/minio/minio-go/v7"
)

// probeTimeout limits the removal of the probe after a failed check.
const probeTimeout = 10 * time.Second

// Check verifies that the bucket exists, that the clocks agree, and that the credentials may do everything that the
// engine does under the prefix, with a small probe that it removes again. Its errors are *Error, or those of the
// context.
func (s *S3) Check(ctx context.Context) (err error) {
	probe := s.prefix + ".check-" + randomName()
	content := []byte(probe)
	sum := sha256.Sum256(content)
	stored := false
	defer func() {
		if !stored {
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
		defer cancel()
		removeErr := s.retry(ctx, "delete probe", briefly, func() error {
			return s.core.RemoveObject(ctx, s.bucket, probe, minio.RemoveObjectOptions{})
		})
		if err == nil {
			err = removeErr
		}
	}()
	for _, step := range []struct {
		op  string
		run func() error
	}{
		{"store probe", func() error {
			_, err := s.core.PutObject(ctx, s.bucket, probe, bytes.NewReader(content), int64(len(content)), "", hex.EncodeToString(sum[:]),
				minio.PutObjectOptions{DisableContentSha256: true})
			stored = true // perhaps, even after an error
			return err
		}},
		{"read probe", func() error { return s.readProbe(ctx, probe, content) }},
		{"list recordings", func() error { return s.listOne(ctx) }},
		{"list uploads", func() error {
			_, err := s.core.ListMultipartUploads(ctx, s.bucket, s.prefix, "", "", "", 1)
			if isNotImplemented(err) {
				return nil
			}
			return err
		}},
		{"begin upload", func() error {
			id, err := s.core.NewMultipartUpload(ctx, s.bucket, probe, minio.PutObjectOptions{})
			if err != nil {
				return err
			}
			return s.core.AbortMultipartUpload(ctx, s.bucket, probe, id)
		}},
	} {
		if err := s.retry(ctx, step.op, briefly, step.run); err != nil {
			return checkFailure(step.op, err)
		}
	}
	return nil
}

func (s *S3) readProbe(ctx context.Context, probe string, content []byte) error {
	body, _, _, err := s.core.GetObject(ctx, s.bucket, probe, minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	defer body.Close()
	read, err := io.ReadAll(io.LimitReader(body, int64(len(content))+1))
	if err != nil {
		return err
	}
	if !bytes.Equal(read, content) {
		return &Error{Op: "read probe", Kind: KindFailed, cause: errors.New("service returned other bytes")}
	}
	return nil
}

func (s *S3) listOne(ctx context.Context) error {
	for object := range s.core.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, MaxKeys: 1}) {
		return object.Err
	}
	return nil
}

// checkFailure turns the errors that mean something else to other callers into an *Error.
func checkFailure(op string, err error) error {
	for _, unexpected := range []error{ErrNotFound, errNoUpload, errWrongParts} {
		if errors.Is(err, unexpected) {
			return &Error{Op: op, Kind: KindFailed, cause: err}
		}
	}
	return err
}
