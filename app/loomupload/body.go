package loomupload

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"
	"sync"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// body is the body of a request: a piece of the recording, within a form if the request has one. It holds no more than
// what the form adds. The HTTP client may read it until it is closed, which may be after the response.
type body struct {
	reader      io.Reader
	size        int64  // bytes
	contentType string // of a form, otherwise blank
	file        io.Closer
	touch       func()           // called with each read
	report      func(read int64) // called with the number of bytes of the recording that have been read
	onBytes     func(n int64)    // called with each number of them

	once   sync.Once
	closed chan struct{}

	mu     sync.Mutex // HTTP/2 may close a body while it reads
	read   int64      // bytes of the recording
	failed error      // of the recording; the HTTP client may wrap it
}

// errRecording marks the errors of the recording itself, which sending again doesn't solve.
var errRecording = errors.New("read recording")

// openBody opens the recording and positions it at what the request sends.
func openBody(ctx context.Context, recording loom.Recording, r request, touch func(), report, onBytes func(int64)) (*body, error) {
	file, err := recording.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open recording: %w", err)
	}
	b := &body{file: file, touch: touch, report: report, onBytes: onBytes, closed: make(chan struct{}), size: r.size}
	if err := seekTo(file, r.offset, recording.Size); err != nil {
		_ = file.Close()
		return nil, err
	}
	piece := &pieceReader{body: b, source: file, left: r.size}
	b.reader = piece
	if r.form != nil {
		head, tail, kind, err := r.form.encode()
		if err != nil {
			_ = file.Close()
			return nil, err
		}
		b.reader = io.MultiReader(bytes.NewReader(head), piece, bytes.NewReader(tail))
		b.size += int64(len(head) + len(tail))
		b.contentType = kind
	}
	return b, nil
}

// seekTo checks the size of the recording, of which Loom has been told, and seeks.
func seekTo(file io.Seeker, offset, size int64) error {
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("%w: %w", errRecording, err)
	}
	if end != size {
		return fmt.Errorf("%w: it has %d bytes instead of %d", errRecording, end, size)
	}
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return fmt.Errorf("%w: %w", errRecording, err)
	}
	return nil
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	b.touch()
	return b.reader.Read(p)
}

// Close implements io.Closer.
func (b *body) Close() error {
	b.once.Do(func() {
		_ = b.file.Close() // opened for reading
		close(b.closed)
	})
	return nil
}

// wait returns when the HTTP client has closed the body: how many bytes of the recording it has read, and the error of
// the recording.
func (b *body) wait() (read int64, failed error) {
	<-b.closed
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.read, b.failed
}

// add records what was read of the recording, and the error of reading it.
func (b *body) add(n int, failed error) {
	b.mu.Lock()
	b.read += int64(n)
	read := b.read
	b.failed = failed
	b.mu.Unlock()
	if n > 0 {
		b.onBytes(int64(n))
		b.report(read)
	}
}

// pieceReader reads the recording's bytes of a body.
type pieceReader struct {
	body   *body
	source io.Reader
	left   int64
}

// Read implements io.Reader.
func (p *pieceReader) Read(buffer []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	n, err := p.source.Read(buffer[:min(int64(len(buffer)), p.left)])
	p.left -= int64(n)
	if err == io.EOF && p.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %w", errRecording, err)
	} else {
		err = nil
	}
	p.body.add(n, err)
	return n, err
}

// encode returns what precedes and follows the file in a form, and the form's content type.
func (f *form) encode() (head, tail []byte, contentType string, err error) {
	var buffer bytes.Buffer
	w := multipart.NewWriter(&buffer)
	for _, field := range f.fields {
		if err := w.WriteField(field.name, field.value); err != nil {
			return nil, nil, "", fmt.Errorf("write form: %w", err)
		}
	}
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%s"`, escapeQuotes(f.fileField), escapeQuotes(f.fileName)))
	header.Set("Content-Type", f.fileType)
	if _, err := w.CreatePart(header); err != nil {
		return nil, nil, "", fmt.Errorf("write form: %w", err)
	}
	split := buffer.Len()
	for _, field := range f.after {
		if err := w.WriteField(field.name, field.value); err != nil {
			return nil, nil, "", fmt.Errorf("write form: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, nil, "", fmt.Errorf("write form: %w", err)
	}
	return buffer.Bytes()[:split], buffer.Bytes()[split:], w.FormDataContentType(), nil
}

// escapeQuotes escapes a name as browsers do.
func escapeQuotes(name string) string {
	return strings.NewReplacer("\\", "\\\\", `"`, "%22", "\r", "%0D", "\n", "%0A").Replace(name)
}
