package poster_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/poster"
)

// picture returns a JPEG. Every pixel of a noisy one has a colour of its own.
func picture(t testing.TB, width, height, quality int, noisy bool) []byte {
	t.Helper()
	canvas := image.NewRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, 2))
	for y := range height {
		for x := range width {
			shade := color.RGBA{uint8(x), uint8(y), uint8(x + y), 255}
			if noisy {
				shade = color.RGBA{uint8(random.Uint32()), uint8(random.Uint32()), uint8(random.Uint32()), 255}
			}
			canvas.Set(x, y, shade)
		}
	}
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, canvas, &jpeg.Options{Quality: quality}))
	return out.Bytes()
}

// withSegment returns a JPEG with a segment after its first two bytes, where cameras write EXIF.
func withSegment(picture []byte, marker byte, content string) []byte {
	segment := append([]byte{0xff, marker, byte((len(content) + 2) >> 8), byte(len(content) + 2)}, content...)
	return bytes.Join([][]byte{picture[:2], segment, picture[2:]}, nil)
}

func TestOnlyPixelsOfAPictureAreKept(t *testing.T) {
	t.Parallel()
	sent := withSegment(picture(t, 640, 360, 80, false), 0xe1, "Exif\x00\x00 taken at 52.52 N, 13.40 E")
	sent = withSegment(sent, 0xfe, "a comment about the camera")
	sent = append(sent, "<script>after the end</script>"...)
	kept, err := poster.Clean(sent)
	require.NoError(t, err)
	for _, text := range []string{"Exif", "52.52", "comment", "script"} {
		assert.NotContains(t, string(kept), text)
	}
	decoded, err := jpeg.Decode(bytes.NewReader(kept))
	require.NoError(t, err)
	assert.Equal(t, image.Pt(640, 360), decoded.Bounds().Size())
	red, _, _, _ := decoded.At(200, 100).RGBA()
	assert.InDelta(t, 200, red>>8, 12, "it is the same picture")
}

func TestPicturesThatCannotBePosters(t *testing.T) {
	t.Parallel()
	valid := picture(t, 64, 36, 80, false)
	var asPNG bytes.Buffer
	require.NoError(t, png.Encode(&asPNG, image.NewGray(image.Rect(0, 0, 64, 64))))
	tooLarge := picture(t, 1280, 720, 95, true)
	for name, test := range map[string]struct {
		sent []byte
		want string
	}{
		"nothing":         {nil, "must be a JPEG"},
		"text":            {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "must be a JPEG"},
		"PNG":             {asPNG.Bytes(), "must be a JPEG"},
		"header only":     {valid[:200], ""},
		"truncated":       {valid[:len(valid)-20], "damaged"},
		"too many bytes":  {tooLarge, "up to 200 kB"},
		"too wide":        {picture(t, 1281, 20, 80, false), "16 to 1280 pixels"},
		"too high":        {picture(t, 20, 1281, 80, false), "16 to 1280 pixels"},
		"too small":       {picture(t, 8, 8, 80, false), "16 to 1280 pixels"},
		"too many scans":  {withSegment(valid, 0xe2, strings.Repeat("\xff\xda", 33)), "must be a JPEG"},
		"enormous header": {bytes.Replace(valid, []byte{0, 36, 0, 64}, []byte{0xff, 0xff, 0xff, 0xff}, 1), "16 to 1280 pixels"},
	} {
		_, err := poster.Clean(test.sent)
		var refusal *poster.InvalidError
		require.ErrorAs(t, err, &refusal, name)
		assert.Contains(t, refusal.Error(), test.want, name)
	}
	assert.Greater(t, len(tooLarge), poster.MaxSize)
}

func TestDetailedPictureIsCompressedMore(t *testing.T) {
	t.Parallel()
	sent := picture(t, 480, 480, 60, true)
	require.Less(t, len(sent), poster.MaxSize)
	kept, err := poster.Clean(sent)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(kept), poster.MaxSize)
	_, err = poster.Clean(picture(t, 1280, 720, 1, true)) // its blocks are small, and large again once encoded better
	if err != nil {
		var refusal *poster.InvalidError
		require.ErrorAs(t, err, &refusal)
	}
}

func FuzzClean(f *testing.F) {
	f.Add(picture(f, 64, 36, 80, false))
	f.Add(withSegment(picture(f, 16, 16, 50, true), 0xe1, "Exif"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		kept, err := poster.Clean(sent)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(kept), poster.MaxSize)
		_, err = jpeg.Decode(bytes.NewReader(kept))
		require.NoError(t, err)
	})
}
