package signin

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

func TestNetworksOfThePreviousKeyStayKnown(t *testing.T) {
	t.Parallel()
	app := dbtest.NewGlobal(t)
	network := limit.Network("192.0.2.1")
	former := networks{app: app, key: []byte("former"), now: time.Now}
	rotated := networks{app: app, key: []byte("current"), previous: []byte("former"), now: time.Now}
	require.NoError(t, former.remember(t.Context(), "ada", network))
	for _, n := range []networks{former, rotated} {
		known, err := n.isKnown(t.Context(), "ada", network)
		require.NoError(t, err)
		assert.True(t, known)
		known, err = n.isKnown(t.Context(), "bob", network)
		require.NoError(t, err)
		assert.False(t, known)
	}
	require.NoError(t, rotated.remember(t.Context(), "ada", network))
	rotated.previous = nil
	known, err := rotated.isKnown(t.Context(), "ada", network)
	require.NoError(t, err)
	assert.True(t, known, "it is remembered under the new key, too")
}
