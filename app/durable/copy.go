package durable

import (
	"context"
	"errors"
	"io"
	"os"
)

// CopyFile copies the content of a file to a writer. It stops with ctx.Err when the context ends.
func CopyFile(ctx context.Context, to io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(Copy(ctx, to, file), file.Close())
}

// Copy copies everything from a reader to a writer. It stops with ctx.Err when the context ends.
func Copy(ctx context.Context, to io.Writer, from io.Reader) error {
	_, err := io.Copy(to, Reader(ctx, from))
	return err
}

// Reader returns a reader that fails with ctx.Err once ctx has ended.
func Reader(ctx context.Context, from io.Reader) io.Reader { return contextReader{ctx, from} }

type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
