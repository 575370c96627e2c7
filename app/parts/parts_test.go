package parts_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/parts"
)

// Whatever the sizes, a stream that is interrupted and resumed behind its stored parts yields the same parts and hash.
func TestPartsContinueBehindThoseThatAreStored(t *testing.T) {
	buffers := parts.NewBuffers(8)
	rapid.Check(t, func(t *rapid.T) {
		partSize := int64(rapid.IntRange(1, 9).Draw(t, "part size"))
		content := rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "content")
		var found []parts.Part
		stored := map[int][]byte{}
		size, ended := int64(0), false
		for !ended {
			hash := sha256.New()
			if len(found) > 0 {
				var err error
				hash, err = parts.ParseHash(found[len(found)-1].Hash, size)
				require.NoError(t, err)
			}
			w := parts.NewWriter(context.Background(), parts.Config{
				PartSize: partSize, Stored: len(found), Size: size, Hash: hash, Buffers: buffers,
				Store: func(_ context.Context, number int, content []byte) (string, error) {
					stored[number] = slices.Clone(content)
					return "etag", nil
				},
				OnStored: func(part parts.Part) error {
					require.Equal(t, len(found)+1, part.Number)
					found = append(found, part)
					size += part.Size
					return nil
				},
			})
			rest := content[size:]
			for len(rest) > 0 && rapid.IntRange(0, 9).Draw(t, "goes on") > 0 {
				n := rapid.IntRange(1, len(rest)).Draw(t, "bytes")
				written, err := w.Write(rest[:n])
				require.NoError(t, err)
				require.Equal(t, n, written)
				rest = rest[n:]
			}
			if ended = len(rest) == 0; ended {
				require.NoError(t, w.Flush())
				sum := sha256.Sum256(content)
				require.Equal(t, hex.EncodeToString(sum[:]), w.Sum())
				require.Equal(t, int64(len(content)), w.Size())
			}
			w.Close()
			w.Close()
			require.Zero(t, buffers.Used())
		}
		require.Len(t, found, (len(content)+int(partSize)-1)/int(partSize))
		var joined []byte
		for i, part := range found {
			require.LessOrEqual(t, part.Size, partSize)
			joined = append(joined, stored[i+1]...)
		}
		require.True(t, bytes.Equal(content, joined))
	})
}

func TestAPartFillsWhileAnotherIsStored(t *testing.T) {
	finish, numbers := make(chan struct{}), make(chan int, 3)
	buffers := parts.NewBuffers(4)
	refused := errors.New("refused")
	w := parts.NewWriter(t.Context(), parts.Config{
		PartSize: 4, Hash: sha256.New(), Buffers: buffers,
		Store: func(ctx context.Context, number int, _ []byte) (string, error) {
			numbers <- number
			select {
			case <-finish:
				return "etag", nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		},
		OnStored: func(part parts.Part) error {
			if part.Number == 2 {
				return refused
			}
			return nil
		},
	})
	_, err := w.Write([]byte("0123456"))
	require.NoError(t, err, "part 1 is on the way")
	assert.Equal(t, 1, <-numbers)
	assert.EqualValues(t, 8, buffers.Used())
	finish <- struct{}{}
	_, err = w.Write([]byte("7"))
	require.NoError(t, err)
	assert.Equal(t, 2, <-numbers)
	finish <- struct{}{}
	require.ErrorIs(t, w.Wait(), refused)
	assert.EqualValues(t, 8, w.Size())
	w.Close()
	assert.Zero(t, buffers.Used())
}

func TestCloseEndsTheRequestOfAPart(t *testing.T) {
	started, ended := make(chan struct{}), make(chan struct{}, 1)
	buffers := parts.NewBuffers(4)
	w := parts.NewWriter(t.Context(), parts.Config{
		PartSize: 4, Hash: sha256.New(), Buffers: buffers,
		Store: func(ctx context.Context, _ int, _ []byte) (string, error) {
			close(started)
			<-ctx.Done()
			ended <- struct{}{}
			return "", ctx.Err()
		},
		OnStored: func(parts.Part) error { return errors.New("nothing was stored") },
	})
	_, err := w.Write([]byte("01234"))
	require.NoError(t, err)
	<-started
	w.Close()
	<-ended
	assert.Zero(t, buffers.Used())
}

func TestHashStatesAreChecked(t *testing.T) {
	var part parts.Part
	w := parts.NewWriter(t.Context(), parts.Config{
		PartSize: 100, Hash: sha256.New(), Buffers: parts.NewBuffers(100),
		Store:    func(context.Context, int, []byte) (string, error) { return "etag", nil },
		OnStored: func(stored parts.Part) error { part = stored; return nil },
	})
	defer w.Close()
	_, err := w.Write(make([]byte, 100))
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	_, err = parts.ParseHash(part.Hash, 100)
	require.NoError(t, err)
	for _, size := range []int64{0, 99, 101, -1} {
		_, err = parts.ParseHash(part.Hash, size)
		require.Error(t, err, size)
	}
	for _, state := range [][]byte{nil, {}, []byte("of another version"), part.Hash[:107], append(slices.Clone(part.Hash), 0)} {
		_, err = parts.ParseHash(state, 100)
		require.Error(t, err)
	}
}
