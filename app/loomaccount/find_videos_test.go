package loomaccount_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// withReading are the options of a server whose simulated Atlassian only lets people read their videos.
func withReading() apptest.Options {
	return withAtlassian(simulator.AtlassianBehaviour{WriteBlocked: true})
}

// nextSearch returns when the next search for a person's videos is due, or a zero time.
func nextSearch(p apptest.Person) time.Time {
	p.T.Helper()
	var at types.DateTime
	err := p.App.ConcurrentDB().Select("COALESCE(MAX(next_run_at), '')").From("job_schedules").
		Where(dbx.HashExp{"kind": "loom.find_videos", "user": p.ID}).Row(&at)
	require.NoError(p.T, err)
	return at.Time()
}

// searchNow runs the scheduled search, and waits until it has ended and the next one is scheduled, if there is to be one.
func searchNow(p apptest.Person) {
	p.T.Helper()
	before := completedSearches(p)
	changed, err := p.App.NonconcurrentDB().Update("job_schedules", dbx.Params{"next_run_at": types.NowDateTime()},
		dbx.HashExp{"kind": "loom.find_videos", "user": p.ID}).Execute()
	require.NoError(p.T, err)
	rows, err := changed.RowsAffected()
	require.NoError(p.T, err)
	require.Equal(p.T, int64(1), rows, "a search is scheduled")
	require.NoError(p.T, p.App.Queue.EnqueueScheduled(p.T.Context()))
	p.Eventually(func() bool {
		ended := completedSearches(p)
		return len(ended) == 1 && !slices.Equal(ended, before)
	})
}

// completedSearches returns the ids of a person's searches that have ended and are still listed.
func completedSearches(p apptest.Person) (ids []string) {
	p.T.Helper()
	err := p.App.ConcurrentDB().Select("id").From("global_queue").
		Where(dbx.HashExp{"kind": "loom.find_videos", "user": p.ID, "status": "completed"}).Column(&ids)
	require.NoError(p.T, err)
	return ids
}

// uploadByHand uploads the file of a transfer at Loom as a person would, under a name.
func uploadByHand(p apptest.Person, recordingID int64, name string) string {
	p.T.Helper()
	recording := p.ListOwn("recordings", apptest.RecordingFilter(recordingID))[0]
	token := p.Own("POST", "/api/files/token", nil).Text("token")
	file := p.Call("GET", fmt.Sprintf("%s/api/files/recordings/%s/%s?token=%s", p.DatabaseURL, recording["id"], recording["file"], token), "", nil)
	require.Equal(p.T, 200, file.Status)
	share, err := p.Simulator.Upload(p.T.Context(), name, strings.NewReader(file.Raw))
	require.NoError(p.T, err)
	return share
}

func TestUploadsByHandAreFoundInTheLibrary(t *testing.T) {
	t.Parallel()
	p := start(t, withReading())
	connection := connectWithToken(p)
	require.Equal(t, []any{"read"}, connection["abilities"], connection)
	require.Equal(t, "awaiting_share_url", transferTo(p, 1001, nil).Text("result.status"))
	transferTo(p, 1002, nil)
	due := time.Until(nextSearch(p))
	assert.True(t, due > 0 && due <= time.Minute, due)

	share := uploadByHand(p, 1001, transferOf(p, 1001)["file_name"].(string))
	searchNow(p)
	found := transferOf(p, 1001)
	assert.Equal(t, "delivered", found["status"], found)
	assert.Equal(t, share, found["share_url"])
	assert.Equal(t, true, found["verified"])
	assert.Equal(t, share, p.ListOwn("meetings", apptest.RecordingFilter(1001))[0]["loom_url"])
	assert.Equal(t, "awaiting_share_url", transferOf(p, 1002)["status"])
	assert.NotContains(t, transferOf(p, 1002)["note"], "may be this recording")
	assert.False(t, nextSearch(p).IsZero(), "the other transfer still waits")

	uploadByHand(p, 1002, transferOf(p, 1002)["file_name"].(string))
	searchNow(p)
	assert.Equal(t, "delivered", transferOf(p, 1002)["status"])
	assert.True(t, nextSearch(p).IsZero(), "nothing waits any more")
	assert.LessOrEqual(t, p.Simulator.AtlassianStats().MaxParallel, 1)
}

func TestDoubtfulUploadsAreShown(t *testing.T) {
	t.Parallel()
	p := start(t, withReading())
	connectWithToken(p)
	transferTo(p, 1001, nil)
	transferTo(p, 1002, nil)
	share := uploadByHand(p, 1001, "Untitled.mp4") // only the length agrees
	searchNow(p)
	transfer := transferOf(p, 1001)
	assert.Equal(t, "awaiting_share_url", transfer["status"])
	assert.Contains(t, transfer["note"], share)
	searchNow(p)
	assert.Equal(t, 1, strings.Count(transferOf(p, 1001)["note"].(string), share), "it is mentioned once")
}

func TestSearchesEndWithTime(t *testing.T) {
	t.Parallel()
	p := start(t, withReading())
	connectWithToken(p)
	transferTo(p, 1001, nil)
	setUpdated := func(age time.Duration) {
		handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
		require.NoError(t, err)
		defer handle.Release()
		_, err = handle.App.NonconcurrentDB().Update("transfers", dbx.Params{"updated": time.Now().Add(-age).UTC().Format(types.DefaultDateLayout)}, nil).Execute()
		require.NoError(t, err)
	}
	for age, want := range map[time.Duration]time.Duration{
		0: 30 * time.Second, 20 * time.Minute: 5 * time.Minute, 3 * time.Hour: 20 * time.Minute, 10 * 24 * time.Hour: time.Hour,
	} {
		setUpdated(age)
		searchNow(p)
		assert.InDelta(t, want.Seconds(), time.Until(nextSearch(p)).Seconds(), 20, age)
	}
	setUpdated(15 * 24 * time.Hour)
	calls := p.Simulator.AtlassianStats().Calls["listLoomVideos"]
	searchNow(p)
	assert.True(t, nextSearch(p).IsZero())
	assert.Equal(t, calls, p.Simulator.AtlassianStats().Calls["listLoomVideos"])
}

func TestAReplacedConnectionIsSearched(t *testing.T) {
	t.Parallel()
	p := start(t, withReading())
	path := connectionsPath + "/" + connectWithToken(p)["id"].(string)
	transferTo(p, 1001, nil)
	_, err := p.App.NonconcurrentDB().Delete("job_schedules", dbx.HashExp{"kind": "loom.find_videos", "user": p.ID}).Execute()
	require.NoError(t, err)
	replaced := p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAtlassianKey, "settings": map[string]any{"method": "service_account"}})
	require.Equal(t, 200, replaced.Status, replaced.Raw)
	p.Eventually(func() bool { return !nextSearch(p).IsZero() })
}

func TestNothingIsSearchedWithoutAConnection(t *testing.T) {
	t.Parallel()
	p := start(t, withReading())
	transferTo(p, 1001, nil)
	assert.True(t, nextSearch(p).IsZero())
	connectWithToken(p)
	p.Eventually(func() bool { return !nextSearch(p).IsZero() }) // transfers already wait
	p.Simulator.RevokeAtlassian(simulator.DemoAtlassianToken)
	searchNow(p)
	assert.True(t, nextSearch(p).IsZero(), "until there is a connection again")
	assert.Equal(t, "awaiting_share_url", transferOf(p, 1001)["status"])
	assert.Equal(t, "reconnect", details(checked(p))["state"], "its owner sees why")
}
