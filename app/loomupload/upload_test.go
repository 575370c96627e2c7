package loomupload_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestUploadInEachForm(t *testing.T) {
	for _, form := range []simulator.UploadForm{simulator.UploadPut, simulator.UploadMultipart, simulator.UploadCurl, simulator.UploadParts} {
		for _, answers := range []simulator.AnswerForm{simulator.AnswerText, simulator.AnswerStructured, simulator.AnswerArray, simulator.AnswerString} {
			t.Run(string(form)+" "+string(answers), func(t *testing.T) {
				w := newWorld(t, simulator.AtlassianBehaviour{Form: form, Answers: answers, PartSize: 30_000})
				w.account.Site = "https://northwind.atlassian.net/"
				recording, sum := clip(100_000)
				video := w.mustUpload(recording, loom.Options{})

				there := w.only()
				assert.Equal(t, sum, there.SHA256)
				assert.Equal(t, int64(100_000), there.Size)
				assert.Equal(t, "2026-03-04 Weekly sync", there.Title)
				assert.Equal(t, simulator.VisibilityOwner, there.Visibility)
				assert.Equal(t, there.ShareURL, video.ShareURL)
				assert.Equal(t, there.ID, video.ID)
				if form != simulator.UploadParts { // the simulator doesn't read the length of parts
					assert.Equal(t, 12*time.Second, video.Duration)
				}
				assert.Equal(t, loom.VisibilityOwner, video.Visibility)
				assert.True(t, video.Complete)
				assert.Empty(t, video.Notes)
				assert.Equal(t, int64(100_000), w.sent[len(w.sent)-1])
				assert.IsNonDecreasing(t, w.sent)
				assert.Equal(t, []loomupload.Stage{"creating", "created", "sent", "publishing", "published", "done"}, w.stages())
				assert.Equal(t, 1, w.sim.AtlassianStats().Calls["createLoomVideoUpload"])
				assert.Equal(t, 1, w.sim.AtlassianStats().Calls["publishLoomVideo"])
			})
		}
	}
}

func TestUploadedVideoGetsTheChosenVisibilityAndFolder(t *testing.T) {
	for _, visibility := range []string{loom.VisibilityOwner, loom.VisibilityWorkspace, loom.VisibilityPublic} {
		w := newWorld(t, simulator.AtlassianBehaviour{Visibility: simulator.VisibilityWorkspace})
		folders, err := w.uploads.Folders(t.Context(), w.account)
		require.NoError(t, err)
		require.Len(t, folders, 2)
		recording, _ := clip(1000)
		video := w.mustUpload(recording, loom.Options{Visibility: visibility, Folder: folders[1].ID})
		assert.Equal(t, visibility, w.only().Visibility)
		assert.Equal(t, visibility, video.Visibility)
		assert.Equal(t, folders[1].ID, w.only().Folder)
		assert.Empty(t, video.Notes)
	}
}

func TestFinishedUploadIsNotRepeated(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{})
	recording, _ := clip(1000)
	first := w.mustUpload(recording, loom.Options{})
	calls := w.sim.AtlassianStats().Calls
	second := w.mustUpload(recording, loom.Options{})
	assert.Equal(t, first.ShareURL, second.ShareURL)
	assert.Equal(t, first.ID, second.ID)
	assert.Len(t, w.videos(), 1)
	assert.Equal(t, calls, w.sim.AtlassianStats().Calls)
}
