package blob

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// DeleteAll implements Store. Some services don't list unfinished uploads by a prefix; they must remove them by a rule
// of the bucket.
func (s *S3) DeleteAll(ctx context.Context, database string) error {
	_, err := s.removeWhere(ctx, database, func(string, time.Time) bool { return true })
	return err
}

// Sweep implements Store. Unfinished uploads are named by their keys.
func (s *S3) Sweep(ctx context.Context, database string, before time.Time, isNamed func(string) bool) (removed int, err error) {
	return s.removeWhere(ctx, database, func(key string, modified time.Time) bool {
		return modified.Before(before) && !isNamed(key)
	})
}

// removeWhere removes the blobs and unfinished uploads of a user database for which unwanted returns true.
func (s *S3) removeWhere(ctx context.Context, database string, unwanted func(key string, modified time.Time) bool) (removed int, err error) {
	if err := checkName("user database", database); err != nil {
		return 0, err
	}
	err = s.retry(ctx, "delete recordings", steadily, func() error {
		n, err := s.removeObjects(ctx, database, unwanted)
		removed += n
		return err
	})
	if err != nil {
		return removed, err
	}
	err = s.retry(ctx, "abort uploads", steadily, func() error {
		n, err := s.abortUploads(ctx, database, unwanted)
		removed += n
		return err
	})
	return removed, err
}

// removeObjects removes objects while it lists them, a thousand in one call.
func (s *S3) removeObjects(ctx context.Context, database string, unwanted func(string, time.Time) bool) (removed int, err error) {
	var listErr error
	objects := iter.Seq[minio.ObjectInfo](func(yield func(minio.ObjectInfo) bool) {
		for info, err := range s.List(ctx, database) {
			if err != nil {
				listErr = err
				return
			}
			if unwanted(info.Key, info.Modified) && !yield(minio.ObjectInfo{Key: s.object(info.Key)}) {
				return
			}
		}
	})
	results, err := s.core.RemoveObjectsWithIter(ctx, s.bucket, objects, minio.RemoveObjectsOptions{})
	if err != nil {
		return 0, err
	}
	for result := range results {
		switch {
		case result.Err == nil:
			removed++
		case err == nil:
			err = s.explain(ctx, "delete recordings", result.Err)
		}
	}
	if err == nil {
		err = listErr
	}
	if err == nil {
		err = ctx.Err() // the client's iterator ends silently
	}
	return removed, err
}

func (s *S3) abortUploads(ctx context.Context, database string, unwanted func(string, time.Time) bool) (removed int, err error) {
	prefix := s.object(database + "/")
	var keyMarker, idMarker string
	for {
		page, err := s.core.ListMultipartUploads(ctx, s.bucket, prefix, keyMarker, idMarker, "", listLimit)
		if isNotImplemented(err) {
			return removed, nil
		}
		if err != nil {
			return removed, err
		}
		for _, upload := range page.Uploads {
			key, ok := strings.CutPrefix(upload.Key, s.prefix)
			if !ok || !strings.HasPrefix(upload.Key, prefix) || !unwanted(key, upload.Initiated) {
				continue
			}
			if err := s.abort(ctx, Upload{Key: key, ID: upload.UploadID}); err != nil {
				return removed, err
			}
			removed++
		}
		if !page.IsTruncated || (page.NextKeyMarker == keyMarker && page.NextUploadIDMarker == idMarker) {
			return removed, nil
		}
		keyMarker, idMarker = page.NextKeyMarker, page.NextUploadIDMarker
	}
}

func isNotImplemented(err error) bool {
	return minio.ToErrorResponse(err).Code == "NotImplemented"
}
