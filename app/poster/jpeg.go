package poster

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Limits on posters.
const (
	MaxSize = schema.MaxPosterSize // bytes
	MaxEdge = 1280                 // pixels of width and height
	minEdge = 16

	// maxScans bounds the time that a picture takes to decode: each scan of a progressive one may change all pixels
	// with a few bytes. Encoders write about ten.
	maxScans = 32
)

// qualities are tried until a picture fits MaxSize.
var qualities = []int{82, 65, 45}

// InvalidError says why a picture can't be a poster, in a sentence for users.
type InvalidError struct{ message string }

// Error returns the sentence.
func (e *InvalidError) Error() string { return e.message }

// clean returns a picture as a JPEG that contains nothing but its pixels. It returns an *InvalidError for everything that
// isn't a JPEG within the limits.
func clean(picture []byte) ([]byte, error) {
	if len(picture) > MaxSize {
		return nil, &InvalidError{fmt.Sprintf("A poster can have up to %d kB.", MaxSize>>10)}
	}
	header, err := jpeg.DecodeConfig(bytes.NewReader(picture))
	if err != nil || bytes.Count(picture, []byte{0xff, 0xda}) > maxScans { // marks the start of a scan
		return nil, &InvalidError{"A poster must be a JPEG."}
	}
	if min(header.Width, header.Height) < minEdge || max(header.Width, header.Height) > MaxEdge {
		return nil, &InvalidError{fmt.Sprintf("A poster must be %d to %d pixels wide and high.", minEdge, MaxEdge)}
	}
	decoded, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, &InvalidError{"This JPEG is damaged."}
	}
	return encode(decoded)
}

func encode(picture image.Image) ([]byte, error) {
	for _, quality := range qualities {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("encode poster: %w", err)
		}
		if out.Len() <= MaxSize {
			return out.Bytes(), nil
		}
	}
	return nil, &InvalidError{"This picture has too many details for a poster. Send a smaller one."}
}
