package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// libraryStates returns how many meetings have a state.
func libraryStates(p apptest.Person, state string) any {
	p.T.Helper()
	library := p.Own("GET", "/api/library?limit=1", nil)
	require.Equal(p.T, 200, library.Status, library.Raw)
	return library.Get("states." + state)
}

// keepHere copies a recording without delivering it.
func keepHere(p apptest.Person, recordingID int64) {
	p.T.Helper()
	job := p.RunJob("recording.transfer", map[string]any{"recording_id": recordingID, "deliver": false})
	require.Equal(p.T, "completed", job.Text("status"), job.Raw)
}

func TestMeetingIsAtFathomAgainAfterItsOnlyCopyIsDeleted(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	all := libraryStates(p, "at_fathom").(float64)
	keepHere(p, 1001)
	deliver(p, 1002)
	require.EqualValues(t, 1, libraryStates(p, "kept_here"))

	deleteFile(p, 1001)
	deleteFile(p, 1002)
	assert.EqualValues(t, 0, libraryStates(p, "kept_here"))
	assert.EqualValues(t, all-1, libraryStates(p, "at_fathom"))
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, []any{"cancelled", "", ""}, []any{transfer["status"], transfer["job"], transfer["error"]})
	assert.Equal(t, "delivered", recordFor(p, "transfers", 1002)["status"], "the video is on Loom in any case")

	again := p.Own("POST", "/api/transfers", map[string]any{"recording_ids": []int64{1001, 1002}, "deliver": false})
	require.Equal(t, 200, again.Status, again.Raw)
	assert.EqualValues(t, []any{1.0, 1.0}, []any{again.Get("created"), again.Get("skipped")})
	p.Eventually(func() bool { return recordFor(p, "transfers", 1001)["status"] == "stored" })
	requireStoredAsAtFathom(p, 1001)
}

func TestCopiesDeletedUnderAnEarlierVersionAreAtFathom(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	keepHere(p, 1001)
	keepHere(p, 1002)
	deleteFile(p, 1001)
	require.NoError(t, p.Stop())
	apptest.Execute(t, p.DataFile(), "UPDATE transfers SET status = 'stored', job = 'an-earlier-job0' WHERE recording_id = 1001")
	apptest.Execute(t, p.DataFile(), "DELETE FROM _migrations WHERE file = '1796700020_kept_here.go'")
	p = p.On(p.Restart())
	assert.EqualValues(t, 1, libraryStates(p, "kept_here"), "the one whose file is stored")
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, []any{"cancelled", ""}, []any{transfer["status"], transfer["job"]})
}
