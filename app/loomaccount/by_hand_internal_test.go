package loomaccount

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

func TestPublishedVideoWithoutALinkIsMentioned(t *testing.T) {
	t.Parallel()
	d := &delivery{service: &Service{}, state: loomupload.State{Stage: loomupload.StagePublished}}
	d.Options = loom.Options{Visibility: loom.VisibilityWorkspace}
	outcome, err := d.handOver("", nil)
	require.NoError(t, err)
	assert.True(t, outcome.AwaitShareURL)
	assert.Contains(t, outcome.Note, "Loom didn't say its link")
	assert.Contains(t, outcome.Note, "It should be everyone in your workspace.")
}
