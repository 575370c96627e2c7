package blob

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// unwanted reports whether a blob or an unfinished upload is to be removed.
type unwanted func(key string, modified time.Time) bool

func everything(string, time.Time) bool { return true }

// DeleteAll implements Store. Some services don't list unfinished uploads by a prefix; they must remove them by a rule
// of the bucket.
func (s *S3) DeleteAll(ctx context.Context, database string) error {
	if err := checkName("user database", database); err != nil {
		return err
	}
	_, err := s.removeWhere(ctx, database+"/", steadily, everything)
	return err
}

// DeleteUploads implements Store.
func (s *S3) DeleteUploads(ctx context.Context, database, recording string) error {
	if err := errors.Join(checkName("user database", database), checkName("recording", recording)); err != nil {
		return err
	}
	_, err := s.removeWhere(ctx, database+"/"+recording+"/", steadily, everything)
	return err
}

// Sweep implements Store. Unfinished uploads are named by their keys.
func (s *S3) Sweep(ctx context.Context, database string, before time.Time, isNamed func(string) bool) (int, error) {
	if err := checkName("user database", database); err != nil {
		return 0, err
	}
	return s.removeWhere(ctx, database+"/", steadily, func(key string, modified time.Time) bool {
		return modified.Before(before) && !isNamed(key)
	})
}

// removeWhere removes the unwanted blobs and unfinished uploads whose keys have a prefix.
func (s *S3) removeWhere(
	ctx context.Context, prefix string, limit patience, unwanted unwanted,
) (removed int, err error) {
	if removed, err = s.removeObjects(ctx, prefix, limit, unwanted); err != nil {
		return removed, err
	}
	aborted, err := s.abortUploads(ctx, prefix, limit, unwanted)
	return removed + aborted, err
}

func (s *S3) removeObjects(
	ctx context.Context, prefix string, limit patience, unwanted unwanted,
) (removed int, err error) {
	for page, err := range s.listPages(ctx, prefix, limit) {
		if err != nil {
			return removed, err
		}
		var objects []minio.ObjectInfo
		for _, info := range page {
			if unwanted(info.Key, info.Modified) {
				objects = append(objects, minio.ObjectInfo{Key: s.object(info.Key)})
			}
		}
		if len(objects) == 0 {
			continue
		}
		err = s.retry(ctx, "delete recordings", limit, func() error { return s.removePage(ctx, objects) })
		if err != nil {
			return removed, err
		}
		removed += len(objects)
	}
	return removed, nil
}

// removePage removes objects in one call. Those that are gone already are no error.
func (s *S3) removePage(ctx context.Context, objects []minio.ObjectInfo) error {
	results, err := s.core.RemoveObjectsWithIter(ctx, s.bucket, slices.Values(objects), minio.RemoveObjectsOptions{})
	if err != nil {
		return err
	}
	for result := range results {
		if err == nil {
			err = result.Err
		}
	}
	if err == nil {
		err = ctx.Err() // the client's iterator ends silently
	}
	return err
}

func (s *S3) abortUploads(
	ctx context.Context, prefix string, limit patience, unwanted unwanted,
) (aborted int, err error) {
	prefix = s.object(prefix)
	var keyMarker, idMarker string
	for {
		var page minio.ListMultipartUploadsResult
		err := s.retry(ctx, "list uploads", limit, func() (err error) {
			page, err = s.core.ListMultipartUploads(ctx, s.bucket, prefix, keyMarker, idMarker, "", listLimit)
			if isNotImplemented(err) {
				return nil
			}
			return err
		})
		if err != nil {
			return aborted, err
		}
		for _, upload := range page.Uploads {
			key, ok := strings.CutPrefix(upload.Key, s.prefix)
			if !ok || !strings.HasPrefix(upload.Key, prefix) || !unwanted(key, upload.Initiated) {
				continue
			}
			err := s.retry(ctx, "abort upload", limit, func() error {
				return s.abort(ctx, Upload{Key: key, ID: upload.UploadID})
			})
			if err != nil {
				return aborted, err
			}
			aborted++
		}
		if !page.IsTruncated || (page.NextKeyMarker == keyMarker && page.NextUploadIDMarker == idMarker) {
			return aborted, nil
		}
		keyMarker, idMarker = page.NextKeyMarker, page.NextUploadIDMarker
	}
}

func isNotImplemented(err error) bool {
	return minio.ToErrorResponse(err).Code == "NotImplemented"
}
