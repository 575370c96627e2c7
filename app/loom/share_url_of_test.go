package loom_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

func TestShareURLOfAnID(t *testing.T) {
	c, err := loom.New(loom.Config{BaseURL: "http://127.0.0.1:8091"})
	require.NoError(t, err)
	for _, id := range []string{
		videoID, "ari:cloud:loom::video/" + videoID,
		"ari:cloud:loom:5e1ab0c4-6d6f-4b0e-9f57-0d1a2b3c4d5e:video/activation/5e1ab0c4-6d6f-4b0e-9f57-0d1a2b3c4d5e/" + videoID,
	} {
		share, ok := c.ShareURLOf(id)
		require.True(t, ok, id)
		assert.Equal(t, "http://127.0.0.1:8091/share/"+videoID, share.String())
	}
	for _, id := range []string{"", videoID[1:], "0" + videoID, videoID + "/", strings.ToUpper(videoID), "ari:cloud:loom::video/5e1ab0c4-6d6f-4b0e-9f57-0d1a2b3c4d5e"} {
		_, ok := c.ShareURLOf(id)
		assert.False(t, ok, id)
	}
}
