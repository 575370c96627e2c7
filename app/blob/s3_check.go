package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"
)

// probePrefix is what the keys of probes begin with. No user database has such a name.
const probePrefix = ".check-"

// checkStep is one request of Check.
type checkStep struct {
	op  string
	run func() error
}

// Check verifies that the bucket exists, that the clocks agree, and that the credentials may do everything that the
// engine does under the prefix, with a small probe that it removes again, together with those that interrupted checks
// have left. It ends within the limit, and a service that needs longer is an *Error of KindSlow. Its other errors are
// *Error, or context.Canceled.
func (s *S3) Check(ctx context.Context, limit time.Duration) (err error) {
	forRemoval := limit / 5
	working, cancel := context.WithTimeout(ctx, limit-forRemoval)
	defer cancel()
	probe := probePrefix + randomName()
	steps, stored := s.checkSteps(working, probe)
	for _, step := range steps {
		if err = s.retry(working, step.op, briefly, step.run); err != nil {
			err = checkFailure(step.op, limit, err)
			break
		}
	}
	if !*stored {
		return err
	}
	// Even if the caller doesn't wait any longer, but then only briefly: the next check removes what remains.
	removing, cancel := context.WithTimeout(context.WithoutCancel(ctx), forRemoval)
	defer cancel()
	removeErr := s.retry(removing, "delete probe", briefly, func() error {
		return s.core.RemoveObject(removing, s.bucket, s.object(probe), minio.RemoveObjectOptions{})
	})
	if err == nil && removeErr != nil {
		err = checkFailure("delete probe", limit, removeErr)
	}
	return err
}

// checkSteps returns the requests of Check. The probe may be stored as soon as stored is true.
func (s *S3) checkSteps(ctx context.Context, probe string) (steps []checkStep, stored *bool) {
	content := []byte(probe)
	stored = new(bool)
	return []checkStep{
		{"store probe", func() error {
			*stored = true // perhaps, even after an error
			return s.storeProbe(ctx, probe, content)
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
			id, err := s.core.NewMultipartUpload(ctx, s.bucket, s.object(probe), minio.PutObjectOptions{})
			if err != nil {
				return err
			}
			return s.core.AbortMultipartUpload(ctx, s.bucket, s.object(probe), id)
		}},
		{"delete probes of earlier checks", func() error {
			_, err := s.removeObjects(ctx, probePrefix, once, func(key string, _ time.Time) bool { return key != probe })
			if err == nil {
				_, err = s.abortUploads(ctx, probePrefix, once, everything)
			}
			return err
		}},
	}, stored
}

func (s *S3) storeProbe(ctx context.Context, probe string, content []byte) error {
	sum := sha256.Sum256(content)
	_, err := s.core.PutObject(ctx, s.bucket, s.object(probe), bytes.NewReader(content), int64(len(content)), "",
		hex.EncodeToString(sum[:]), minio.PutObjectOptions{DisableContentSha256: true})
	return err
}

func (s *S3) readProbe(ctx context.Context, probe string, content []byte) error {
	body, _, _, err := s.core.GetObject(ctx, s.bucket, s.object(probe), minio.GetObjectOptions{})
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
func checkFailure(op string, limit time.Duration, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Op: op, Kind: KindSlow, cause: fmt.Errorf("check took longer than %s", limit)}
	}
	for _, unexpected := range []error{ErrNotFound, errNoUpload, errWrongParts} {
		if errors.Is(err, unexpected) {
			return &Error{Op: op, Kind: KindFailed, cause: err}
		}
	}
	return err
}
