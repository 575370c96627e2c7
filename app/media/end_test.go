package media_test

import (
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/media"
)

func TestEarlyEndIsNoticed(t *testing.T) {
	t.Parallel()
	for name, isMP4 := range map[string]bool{
		"plain.mp4": true, "faststart.mp4": true, "fragmented.mp4": true, "plain.mov": true, "audio.m4a": true,
		"constant.mp3": false, "variable.mp3": false,
	} {
		whole, err := io.ReadAll(open(t, name))
		require.NoError(t, err)
		for _, chunk := range []int{1, 7, 4096, len(whole)} {
			var end media.End
			for part := range slices.Chunk(whole, chunk) {
				n, err := end.Write(part)
				require.NoError(t, err)
				require.Equal(t, len(part), n)
			}
			assert.False(t, end.IsEarly(), "%s in chunks of %d", name, chunk)
		}
		for _, size := range []int{len(whole) - 1, len(whole) - 1000, len(whole) / 2, 100} {
			var end media.End
			_, err := end.Write(whole[:size])
			require.NoError(t, err)
			assert.Equal(t, isMP4, end.IsEarly(), "the first %d bytes of %s", size, name)
			end.Reset()
			_, err = end.Write(whole)
			require.NoError(t, err)
			assert.False(t, end.IsEarly(), "%s from its beginning", name)
		}
	}
	for name, content := range map[string]string{
		"nothing": "", "web page": "<html><body>no video</body></html>", "box to the end": "\x00\x00\x00\x10ftypisommp42\x00\x00\x00\x08moov\x00\x00\x00\x00mdatxyz",
		"text behind the boxes": "\x00\x00\x00\x08ftyp\x00\x00\x00\x08moovwritten by a camera", "large box": "\x00\x00\x00\x08moov\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x11x",
	} {
		var end media.End
		_, err := end.Write([]byte(content))
		require.NoError(t, err)
		assert.False(t, end.IsEarly(), name)
	}
	for name, content := range map[string]string{
		"no movie": "\x00\x00\x00\x08ftyp\x00\x00\x00\x09mdatx", "half of a header": "\x00\x00\x00\x08moov\x00\x00\x00\x09md", "missing byte": "\x00\x00\x00\x08moov\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x12x",
	} {
		var end media.End
		_, err := end.Write([]byte(content))
		require.NoError(t, err)
		assert.True(t, end.IsEarly(), name)
	}
}
