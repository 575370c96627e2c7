package blob

import (
	"context"
	"iter"
	"strings"

	"github.com/minio/minio-go/v7"
)

// List implements Store.
func (s *S3) List(ctx context.Context, database string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := checkName("user database", database); err != nil {
			yield(Info{}, err)
			return
		}
		for page, err := range s.listPages(ctx, database+"/", briefly) {
			if err != nil {
				yield(Info{}, err)
				return
			}
			for _, info := range page {
				if !yield(info, nil) {
					return
				}
			}
		}
	}
}

// listPages yields the blobs whose keys have a prefix, up to listLimit at a time, in the order of their keys. It ends
// after the first error.
func (s *S3) listPages(ctx context.Context, prefix string, limit patience) iter.Seq2[[]Info, error] {
	return func(yield func([]Info, error) bool) {
		for first, after := "", ""; ; {
			page, err := s.listPage(ctx, prefix, after, limit)
			if err == nil && len(page) > 0 && page[0].Key == first { // it would never end
				err = &Error{Op: "list recordings", Kind: KindFailed, Code: "StartAfterIgnored"}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(page) == 0 || !yield(page, nil) || len(page) < listLimit {
				return
			}
			first, after = page[0].Key, page[len(page)-1].Key
		}
	}
}

// listPage returns the first listLimit blobs with a prefix whose keys come after another key.
func (s *S3) listPage(ctx context.Context, prefix, after string, limit patience) (page []Info, err error) {
	options := minio.ListObjectsOptions{Prefix: s.object(prefix), Recursive: true, MaxKeys: listLimit}
	if after != "" {
		options.StartAfter = s.object(after)
	}
	err = s.retry(ctx, "list recordings", limit, func() error {
		page = page[:0]
		for object := range s.core.ListObjectsIter(ctx, s.bucket, options) {
			if object.Err != nil {
				return object.Err
			}
			if !strings.HasPrefix(object.Key, options.Prefix) { // it must not be removed, whatever the service says
				continue
			}
			page = append(page, Info{Key: object.Key[len(s.prefix):], Size: object.Size, Modified: object.LastModified})
			if len(page) == listLimit {
				break // before the client requests the next page, which wouldn't be retried alone
			}
		}
		return ctx.Err() // the client's iterator ends silently
	})
	return page, err
}
