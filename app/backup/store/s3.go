package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

// S3 is a store in a bucket. It writes through the engine for recordings, which repeats what fails, in parts.
type S3 struct{ bucket *blob.S3 }

var _ Store = (*S3)(nil)

// NewS3 returns the store in a bucket, under the prefix of the engine, which must belong to this store alone.
func NewS3(bucket *blob.S3) *S3 { return &S3{bucket} }

// Put implements Store.
func (s *S3) Put(ctx context.Context, name Name, write func(io.Writer) error) (key string, err error) {
	if _, err := name.newKey(); err != nil { // the engine chooses another one of the same form
		return "", err
	}
	upload, err := s.bucket.Begin(ctx, blob.Target{Database: name.Folder, Recording: name.Group, Source: name.Kind, MaxSize: name.MaxSize})
	if err != nil {
		return "", err
	}
	current := upload
	upload, err = s.send(ctx, upload, &current, write)
	if err == nil {
		err = s.bucket.Complete(ctx, upload)
	}
	if err != nil {
		// Even if ctx has ended: what remains costs money until the next Sweep.
		cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTimeout)
		defer cancel()
		return "", errors.Join(err, s.bucket.Abort(cleanup, current))
	}
	return upload.Key, nil
}

// abortTimeout limits how long a failed Put tries to remove what it has stored.
const abortTimeout = 5 * time.Second

func (s *S3) send(ctx context.Context, upload blob.Upload, current *blob.Upload, write func(io.Writer) error) (_ blob.Upload, err error) {
	writer, err := s.bucket.Write(ctx, upload, func(changed blob.Upload) error {
		*current = changed
		return nil
	})
	if err != nil {
		return blob.Upload{}, err
	}
	defer func() { err = errors.Join(err, writer.Close()) }()
	if err := write(writer); err != nil {
		return blob.Upload{}, err
	}
	return writer.Finish()
}

// Open implements Store.
func (s *S3) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	reader, err := s.bucket.Open(ctx, key)
	if errors.Is(err, blob.ErrNotFound) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return reader, nil
}

// List implements Store.
func (s *S3) List(ctx context.Context, folder string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		for info, err := range s.bucket.List(ctx, folder) {
			if err != nil {
				yield(Info{}, fmt.Errorf("list backups: %w", err))
				return
			}
			if CheckKey(info.Key) == nil && !yield(Info(info), nil) {
				return
			}
		}
	}
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	return s.bucket.Delete(ctx, key)
}

// Sweep implements Store.
func (s *S3) Sweep(ctx context.Context, folder string, before time.Time, isNamed func(string) bool) (int, error) {
	return s.bucket.Sweep(ctx, folder, before, sparing(isNamed))
}

// Location implements Store.
func (s *S3) Location() string { return s.bucket.Location() }
