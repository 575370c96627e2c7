package blob

import (
	"context"
	"fmt"
	"io"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// Copy copies a blob that has been opened to a writer. It returns an error if the blob has another size, in bytes, and
// stops with ctx.Err when the context ends.
func Copy(ctx context.Context, to io.Writer, from io.Reader, size int64) error {
	counted := &countingReader{Reader: from}
	if err := durable.Copy(ctx, to, counted); err != nil {
		return err
	}
	if counted.bytes != size {
		return fmt.Errorf("storage returned %d of %d bytes", counted.bytes, size)
	}
	return nil
}

// countingReader counts the bytes that are read.
type countingReader struct {
	io.Reader
	bytes int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.bytes += int64(n)
	return n, err
}
