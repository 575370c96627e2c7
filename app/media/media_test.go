package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/media"
)

func TestDuration(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]time.Duration{ // as ffprobe says
		"plain.mp4":      7300 * time.Millisecond,
		"faststart.mp4":  7300 * time.Millisecond,
		"fragmented.mp4": 7500 * time.Millisecond,
		"dash.mp4":       7500 * time.Millisecond,
		"plain.mov":      7300 * time.Millisecond,
		"audio.m4a":      7300 * time.Millisecond,
		"constant.mp3":   7380 * time.Millisecond,
		"variable.mp3":   7380 * time.Millisecond,
		"bare.mp3":       7380 * time.Millisecond,
	} {
		got, err := media.Duration(open(t, name))
		require.NoError(t, err, name)
		assert.InDelta(t, want.Seconds(), got.Seconds(), 0.25, name)
	}
}

func TestDurationOfADamagedFileIsUnknownOrThatOfTheRest(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain.mp4", "fragmented.mp4", "dash.mp4", "variable.mp3", "bare.mp3"} {
		whole, err := io.ReadAll(open(t, name))
		require.NoError(t, err)
		for size := 0; size < len(whole); size += 97 {
			got, err := media.Duration(bytes.NewReader(whole[:size]))
			if err != nil {
				require.ErrorIs(t, err, media.ErrUnknownDuration, "%s, %d bytes", name, size)
				continue
			}
			assert.LessOrEqual(t, got, 8*time.Second, "%s, %d bytes", name, size)
		}
	}
	for _, content := range []string{"", "x", "<html><body>no video</body></html>", "\x00\x00\x00\x00ftyp", "ID3\x04\x00\x00\x7f\x7f\x7f\x7f"} {
		_, err := media.Duration(bytes.NewReader([]byte(content)))
		assert.ErrorIs(t, err, media.ErrUnknownDuration, "%q", content)
	}
}

func TestDurationOfALargeFileNeedsFewReads(t *testing.T) {
	t.Parallel()
	small, err := io.ReadAll(open(t, "plain.mp4")) // ftyp, free, mdat, moov
	require.NoError(t, err)
	moov := small[bytes.Index(small, []byte("moov"))-4:]
	header := append([]byte("\x00\x00\x00\x08ftyp\x00\x00\x00\x01mdat"), make([]byte, 8)...)
	const video = 5 << 30
	binary.BigEndian.PutUint64(header[16:], video)
	file := &sparseFile{head: header, tail: moov, size: 8 + video + int64(len(moov))}
	got, err := media.Duration(file)
	require.NoError(t, err)
	assert.InDelta(t, 7.3, got.Seconds(), 0.01)
	assert.Less(t, file.read, int64(len(moov)+100), "bytes")
	assert.Less(t, file.seeks, 8)
}

func TestDurationReturnsErrorsOfTheReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("storage is broken")
	_, err := media.Duration(&sparseFile{head: []byte("\x00\x00\x00\x08ftyp\x00\x00\x00\x10mdat"), size: 100, err: broken})
	assert.ErrorIs(t, err, broken)
	assert.NotErrorIs(t, err, media.ErrUnknownDuration)
}

func FuzzDuration(f *testing.F) {
	files, err := filepath.Glob("testdata/*.m*")
	require.NoError(f, err)
	for _, name := range files {
		content, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if got, err := media.Duration(bytes.NewReader(content)); err == nil {
			assert.Positive(t, got)
		} else {
			assert.ErrorIs(t, err, media.ErrUnknownDuration)
		}
	})
}

func open(t *testing.T, name string) *os.File {
	file, err := os.Open(filepath.Join("testdata", name))
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// sparseFile consists of zeros between its head and its tail.
type sparseFile struct {
	head, tail []byte
	size       int64
	err        error // of reading behind head

	offset, read int64
	seeks        int
}

func (f *sparseFile) Seek(offset int64, whence int) (int64, error) {
	f.seeks++
	if whence == io.SeekEnd {
		offset += f.size
	}
	f.offset = offset
	return offset, nil
}

func (f *sparseFile) Read(p []byte) (int, error) {
	for i := range p {
		switch at, fromEnd := f.offset+int64(i), f.size-f.offset-int64(i); {
		case at < int64(len(f.head)):
			p[i] = f.head[at]
		case f.err != nil:
			return 0, f.err
		case fromEnd <= int64(len(f.tail)):
			p[i] = f.tail[int64(len(f.tail))-fromEnd]
		default:
			p[i] = 0
		}
	}
	f.offset += int64(len(p))
	f.read += int64(len(p))
	return len(p), nil
}
