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
	_, err = io.Copy(to, contextReader{ctx, file})
	return errors.Join(err, file.Close())
}

// contextReader fails with ctx.Err once ctx has ended.
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
