package transfer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestEachStretchOfAFileHasASpot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.Int64Range(1, 600_000), rapid.Int64Range(1, 100<<20), rapid.Int64Range(1, 1<<40)).Draw(t, "size")
		list, total := spots(size), int64(0)
		assert.LessOrEqual(t, len(list), maxSpots)
		count := int64(len(list))
		for i, at := range list {
			assert.LessOrEqual(t, at.size, int64(spotSize))
			assert.GreaterOrEqual(t, at.offset, size*int64(i)/count)
			assert.LessOrEqual(t, at.offset+at.size, size*int64(i+1)/count)
			total += at.size
		}
		if size <= spotSize*maxSpots {
			assert.Equal(t, size, total, "a small file is compared as a whole")
		} else {
			assert.EqualValues(t, spotSize*maxSpots, total)
		}
	})
}
