package fathom

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFewLargeBodiesAreReadAtOnce(t *testing.T) {
	large := make(chan struct{}, maxLargeBodies)
	open := func(ctx context.Context, size int) *boundedBody {
		return &boundedBody{ctx: ctx, source: strings.NewReader(strings.Repeat(" ", size)), limit: pageBody, values: smallValues, large: large}
	}
	var bodies []*boundedBody
	for range maxLargeBodies {
		body := open(t.Context(), 2*largeBody)
		_, err := io.Copy(io.Discard, body)
		require.NoError(t, err)
		bodies = append(bodies, body)
	}
	_, err := io.Copy(io.Discard, open(t.Context(), largeBody))
	require.NoError(t, err, "smaller bodies don't wait")

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	waiting := open(ended, 2*largeBody)
	_, err = io.Copy(io.Discard, waiting)
	require.ErrorIs(t, err, context.Canceled, "another large body waits")
	waiting.release()

	bodies[0].release()
	bodies[0].release() // has no effect
	assert.Len(t, large, maxLargeBodies-1)
	_, err = io.Copy(io.Discard, open(t.Context(), 2*largeBody))
	assert.NoError(t, err, "the next one is read once another has been")
}
