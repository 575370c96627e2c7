package loomupload_test

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

var forms = []simulator.UploadForm{simulator.UploadPut, simulator.UploadMultipart, simulator.UploadCurl, simulator.UploadParts}

// A process may be killed before or after each save, and its successor has the last saved state only.
func TestKilledUploadsCreateOneVideo(t *testing.T) {
	for _, form := range forms {
		for _, written := range []bool{false, true} { // whether the save that is interrupted has reached the database
			for at := 1; ; at++ {
				w := newWorld(t, simulator.AtlassianBehaviour{Form: form, PartSize: 40_000})
				killed := w.killAt(at, written)
				recording, sum := clip(100_000)
				_, err := w.upload(t.Context(), recording, loom.Options{})
				if !*killed {
					require.NoError(t, err)
					assert.GreaterOrEqual(t, at, 9, "every save was interrupted")
					break
				}
				name := fmt.Sprintf("%s, killed at save %d, written: %t", form, at, written)
				require.ErrorIs(t, err, errKilled, name)
				w.saveFail = nil
				video := w.mustUpload(recording, loom.Options{})
				require.Len(t, w.videos(), 1, name)
				assert.Equal(t, sum, w.only().SHA256, name)
				assert.Equal(t, w.only().ShareURL, video.ShareURL, name)
				assert.Equal(t, simulator.VisibilityOwner, w.only().Visibility, name)
				assert.Equal(t, loom.VisibilityOwner, video.Visibility, name)
				assert.Equal(t, loomupload.StageDone, w.last().Stage, name)
			}
		}
	}
}

// killAt ends the upload at a save. It returns whether that has happened.
func (w *world) killAt(at int, written bool) *bool {
	killed, saves := new(bool), 0
	w.saveFail = func(state loomupload.State) error {
		if saves++; saves != at {
			return nil
		}
		*killed = true
		if written {
			w.saved = append(w.saved, throughJSON(w.t, state))
		}
		return errKilled
	}
	return killed
}

// A process may also be killed while a call is under way, before or after the server has executed it.
func TestUploadsKilledDuringACallCreateOneVideo(t *testing.T) {
	for _, operation := range []string{
		"createLoomVideoUpload", simulator.FaultUpload, "publishLoomVideo", "getLoomVideo", "updateLoomVideoPermissions", "updateLoomVideoTitle",
	} {
		for _, executed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s executed %t", operation, executed), func(t *testing.T) {
				// The title is a step of its own here, because the first step knows a plain file name only.
				w := newWorld(t, simulator.AtlassianBehaviour{Form: simulator.UploadCurl, InputNames: map[string]string{"title": "unknownTitle"}})
				recording, sum := clip(50_000)
				ctx, kill := context.WithCancel(t.Context())
				released := make(chan struct{})
				f := simulator.AtlassianFault{Operation: operation, AfterDone: executed, Hold: released}
				if operation == simulator.FaultUpload && !executed {
					f.HoldAfter = 1000 // within the file
				}
				w.sim.InjectAtlassian(f)
				done := make(chan error, 1)
				go func() {
					_, err := w.upload(ctx, recording, loom.Options{})
					done <- err
				}()
				w.awaitCall(operation, executed)
				kill()
				require.ErrorIs(t, <-done, context.Canceled)
				close(released)
				w.sim.ClearFaults()

				video := w.mustUpload(recording, loom.Options{})
				assert.Equal(t, sum, w.only().SHA256)
				assert.Equal(t, w.only().ShareURL, video.ShareURL)
				assert.Equal(t, simulator.VisibilityOwner, w.only().Visibility)
				assert.Equal(t, "2026-03-04 Weekly sync", w.only().Title)
				if operation == "createLoomVideoUpload" {
					require.Len(t, video.Notes, 1, "an upload that can't be known is mentioned")
					assert.Contains(t, video.Notes[0], "empty video")
				} else {
					assert.Empty(t, video.Notes)
				}
			})
		}
	}
}

// awaitCall waits until the simulator has begun to handle a call of an operation, or has executed it.
func (w *world) awaitCall(operation string, executed bool) {
	w.t.Helper()
	polltest.Until(w.t, time.Millisecond, func() bool {
		if operation != simulator.FaultUpload {
			return w.sim.AtlassianStats().Calls[operation] > 0
		}
		uploads := w.sim.AtlassianUploads()
		return len(uploads) > 0 && uploads[0].Requests > 0 && (!executed || uploads[0].Sent)
	}, "call of %s", operation)
}

func TestPartsThatWereSentAreNotSentAgain(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{Form: simulator.UploadParts, PartSize: 25_000})
	recording, sum := clip(100_000)
	w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, CutAfter: 10_000})
	w.mustUpload(recording, loom.Options{})
	assert.Equal(t, sum, w.only().SHA256)
	assert.LessOrEqual(t, w.sim.AtlassianUploads()[0].Requests, 5, "only the part that was cut is sent again")
	assert.Len(t, w.last().Parts, 4)
}

// The state never says more than has happened, and the file is opened for each attempt and closed.
func TestRecordingsAreClosed(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{Form: simulator.UploadParts, PartSize: 30_000})
	recording, _ := clip(100_000)
	opened, closed := 0, 0
	open := recording.Open
	recording.Open = func(ctx context.Context) (io.ReadSeekCloser, error) {
		file, err := open(ctx)
		opened++
		return closeCounter{file, &closed}, err
	}
	w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, CutAfter: 10_000})
	w.mustUpload(recording, loom.Options{})
	assert.Equal(t, 5, opened)
	assert.Equal(t, opened, closed)
}

type closeCounter struct {
	io.ReadSeekCloser
	closed *int
}

func (c closeCounter) Close() error {
	*c.closed++
	return c.ReadSeekCloser.Close()
}
