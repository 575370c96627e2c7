package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// errDamaged means that a search.db contains what this program has not written.
var errDamaged = errors.New("search index is damaged")

// codecs compress the texts from which matches are shown. Both are safe for concurrent use, and start no goroutines.
var codecs = sync.OnceValue(func() (codecs struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
},
) {
	var err, decoderErr error
	codecs.encoder, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1),
		zstd.WithZeroFrames(true))
	codecs.decoder, decoderErr = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(4*maxText), zstd.WithDecoderConcurrency(4))
	if err := errors.Join(err, decoderErr); err != nil {
		panic(err) // the options are valid
	}
	return codecs
})

// encode returns the sections of a document as they are stored: compressed, with a checksum. Times are precise to a
// tenth of a second.
func encode(sections []section) []byte {
	var b []byte
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for _, s := range sections {
		for i, field := range fields {
			if field == s.field {
				b = append(b, byte(i))
			}
		}
		text(s.speaker)
		b = binary.AppendUvarint(b, uint64(len(s.pieces)))
		for _, p := range s.pieces {
			start := uint64(0)
			if p.start >= 0 {
				start = 1 + uint64(math.Round(min(p.start, 1e9)*10))
			}
			b = binary.AppendUvarint(b, start)
			text(p.text)
		}
	}
	return codecs().encoder.EncodeAll(b, nil)
}

// decodeSections calls visit for each section that encode has stored, until visit returns false. It returns errDamaged
// for anything else. The pieces of a section are valid only during the call.
func decodeSections(stored []byte, visit func(section) bool) error {
	content, err := codecs().decoder.DecodeAll(stored, nil)
	if err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	r := reader{text: string(content)}
	var buffer []piece
	for len(r.text) > 0 {
		s := section{pieces: buffer[:0]}
		if field := int(r.text[0]); field < len(fields) {
			s.field = fields[field]
		}
		r.text = r.text[1:]
		s.speaker = r.string()
		pieces := r.number()
		for ; pieces > 0 && !r.failed; pieces-- {
			p := piece{start: unknown}
			if start := r.number(); start > 0 {
				p.start = float64(start-1) / 10
			}
			p.text = r.string()
			s.pieces = append(s.pieces, p)
		}
		if r.failed || s.field == "" || len(s.pieces) == 0 {
			return errDamaged
		}
		if !visit(s) {
			return nil
		}
		buffer = s.pieces
	}
	return nil
}

// reader reads what encode has appended. After a failure its results mean nothing.
type reader struct {
	text   string
	failed bool
}

func (r *reader) number() uint64 {
	head := r.text[:min(len(r.text), binary.MaxVarintLen64)]
	value, size := binary.Uvarint([]byte(head))
	if size <= 0 {
		r.failed = true
		return 0
	}
	r.text = r.text[size:]
	return value
}

func (r *reader) string() string {
	length := r.number()
	if length > uint64(len(r.text)) {
		r.failed = true
		return ""
	}
	text := r.text[:length]
	r.text = r.text[length:]
	return text
}
