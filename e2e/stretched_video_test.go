package e2e

import (
	"bytes"
	endian "encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// videoGap is how much stretchVideo inserts, in bytes: more than a browser loads ahead of what it plays.
const videoGap = 16 << 20

// stretchVideo inserts unused bytes before the chunk in the middle of an MP4 video whose header comes first. A player
// must therefore request the second half on its own.
func stretchVideo(t *testing.T, video []byte) []byte {
	t.Helper()
	video = bytes.Clone(video)
	header, media := bytes.Index(video, []byte("moov"))-4, bytes.Index(video, []byte("mdat"))-4
	require.Positive(t, header)
	require.Greater(t, media, header)
	end := media + int(endian.BigEndian.Uint32(video[media:]))
	add := func(field []byte) { endian.BigEndian.PutUint32(field, endian.BigEndian.Uint32(field)+videoGap) }

	split := end
	for rest := video[header:media]; ; {
		at := bytes.Index(rest, []byte("stco")) // one for each track: type, version, number of chunks, their offsets
		if at < 0 {
			break
		}
		for i := range int(endian.BigEndian.Uint32(rest[at+8:])) {
			field := rest[at+12+4*i:][:4]
			if chunk := int(endian.BigEndian.Uint32(field)); chunk >= (media+end)/2 {
				split = min(split, chunk)
				add(field)
			}
		}
		rest = rest[at+4:]
	}
	require.Less(t, split, end)
	add(video[media:][:4])
	return bytes.Join([][]byte{video[:split], make([]byte, videoGap), video[split:end]}, nil)
}
