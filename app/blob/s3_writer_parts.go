package blob

import (
	"context"
	"encoding"
	"errors"
	"fmt"
)

// send waits until the previous part is stored, and sends the buffer as the next one.
func (w *s3Writer) send() error {
	if err := w.recordPart(true); err != nil {
		return err
	}
	number := len(w.upload.Parts) + 1
	if number > maxS3Parts {
		return errTooLarge
	}
	state, err := w.hash.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return fmt.Errorf("save hash: %w", err)
	}
	part := sentPart{buffer: w.buffer, size: int64(w.filled), hash: state}
	w.buffer, w.filled = nil, 0
	sending, upload := make(chan sentPart, 1), w.upload
	ctx, stop := context.WithCancel(w.ctx)
	w.sending, w.stop = sending, stop
	go func() {
		part.etag, part.err = w.s3.uploadPart(ctx, upload, number, (*part.buffer)[:part.size])
		stop()
		sending <- part
	}()
	return nil
}

// recordPart records the part on the way and saves the state, if the part is stored or wait is true.
func (w *s3Writer) recordPart(wait bool) error {
	stored, err := w.receivePart(wait)
	if err != nil || !stored {
		return err
	}
	return w.save(w.snapshot())
}

// receivePart records the part on the way, if it is stored or wait is true.
func (w *s3Writer) receivePart(wait bool) (stored bool, err error) {
	if w.sending == nil {
		return false, nil
	}
	var part sentPart
	if wait {
		part = <-w.sending // ends with the context
	} else {
		select {
		case part = <-w.sending:
		default:
			return false, nil
		}
	}
	w.sending = nil
	w.spare = part.buffer
	if errors.Is(part.err, errNoUpload) {
		return false, ErrUploadLost
	}
	if part.err != nil {
		return false, part.err
	}
	w.upload.Parts = append(w.upload.Parts, part.etag)
	w.upload.Size += part.size
	w.upload.Hash = part.hash
	return true, nil
}

// cancelPart ends the request of the part on the way, and keeps its buffer.
func (w *s3Writer) cancelPart() {
	if w.sending == nil {
		return
	}
	w.stop()
	w.spare = (<-w.sending).buffer
	w.sending = nil
}
