package blob_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// The figures for S3 include the service, which runs in this process and hashes everything once more.
func BenchmarkUpload(b *testing.B) {
	const size = 256 << 20
	for name, open := range map[string]func(b *testing.B) blob.Store{
		"disk": func(b *testing.B) blob.Store { return newDisk(b).store() },
		"s3": func(b *testing.B) blob.Store {
			return openS3(b, s3test.Start(b, s3test.Options{Discard: true}), func(c *blob.S3Config) { c.PartSize = 0 })
		},
	} {
		b.Run(name, func(b *testing.B) {
			store, chunk := open(b), content(256<<10, 1)
			b.SetBytes(size)
			for b.Loop() {
				upload, err := store.Begin(b.Context(), target("1", "a"))
				require.NoError(b, err)
				w, err := store.Write(b.Context(), upload, func(blob.Upload) error { return nil })
				require.NoError(b, err)
				require.NoError(b, w.Reset())
				for done := 0; done < size; done += len(chunk) {
					_, err := w.Write(chunk)
					require.NoError(b, err)
				}
				upload, err = w.Finish()
				require.NoError(b, err)
				require.NoError(b, w.Close())
				require.NoError(b, store.Complete(b.Context(), upload))
			}
		})
	}
}
