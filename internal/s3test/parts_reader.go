package s3test

import (
	"cmp"
	"io"
	"os"
)

// zeros is read instead of content that was discarded.
const zeros = "/dev/zero"

// partsReader reads the files of parts one after the other.
type partsReader struct {
	parts      []part
	skip, left int64
	file       *os.File
}

func (r *partsReader) Read(p []byte) (int, error) {
	for {
		if r.left == 0 {
			return 0, io.EOF
		}
		if r.file == nil {
			if len(r.parts) == 0 {
				return 0, io.ErrUnexpectedEOF
			}
			next := r.parts[0]
			r.parts = r.parts[1:]
			if r.skip >= next.size {
				r.skip -= next.size
				continue
			}
			file, err := os.Open(cmp.Or(next.path, zeros))
			if err != nil {
				return 0, err
			}
			if _, err := file.Seek(r.skip, io.SeekStart); err != nil {
				return 0, err
			}
			r.file, r.skip = file, 0
		}
		n, err := r.file.Read(p[:min(int64(len(p)), r.left)])
		r.left -= int64(n)
		if err == io.EOF {
			err = r.Close()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (r *partsReader) Close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}
