package hooks_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// openSubscribed opens a stream to the global database and subscribes it to topics.
func openSubscribed(s *apptest.Server, token string, topics ...string) *apptest.Stream {
	s.T.Helper()
	stream := apptest.OpenStream(s.T, s.URL)
	subscribed := s.Call("POST", s.URL+"/api/realtime", token, stream.Subscription(topics...))
	require.Equal(s.T, 204, subscribed.Status, subscribed.Raw)
	return stream
}

// recordOf returns the record in an event.
func recordOf(event apptest.Event) map[string]any {
	return event.Data["record"].(map[string]any)
}

func TestJobEventsReachOnlyPermittedSubscribers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other, superuser := s.SignUp("ada@example.com"), s.SignUp("other@example.com"), s.SuperuserToken()
	creations := openSubscribed(s, p.Token, "global_queue/*")
	first, second := enqueueLater(p, 1), enqueueLater(p, 2)
	for _, id := range []string{first, second} {
		created := creations.Next()
		assert.Equal(t, "create", created.Data["action"])
		assert.Equal(t, id, recordOf(created)["id"])
	}
	collection, err := s.App.FindCollectionByNameOrId("global_queue")
	require.NoError(t, err)
	filtered := `global_queue/*?options={"query":{"fields":"id,status","filter":"status='cancelled'"}}`
	streams := map[string]*apptest.Stream{
		"all jobs":             openSubscribed(s, p.Token, "global_queue/*"),
		"second job":           openSubscribed(s, p.Token, "global_queue/"+second),
		"collection id":        openSubscribed(s, p.Token, collection.Id+"/*"),
		"superuser":            openSubscribed(s, superuser, "global_queue/*"),
		"another user":         openSubscribed(s, other.Token, "global_queue/*", "global_queue/"+first),
		"filter":               openSubscribed(s, p.Token, filtered),
		"overview":             openSubscribed(s, p.Token, "queue"),
		"another's overview":   openSubscribed(s, other.Token, "queue"),
		"superuser's overview": openSubscribed(s, superuser, "queue"),
	}
	require.Equal(t, 200, patchJob(s, first, p.Token, map[string]any{"status": "cancelled"}).Status)
	for _, name := range []string{"all jobs", "collection id", "superuser"} {
		event := streams[name].Next()
		assert.Equal(t, "update", event.Data["action"], name)
		record := recordOf(event)
		assert.Equal(t, first, record["id"], name)
		assert.Equal(t, "cancelled", record["status"], name)
		assert.Equal(t, name == "superuser", record["dedupe_key"] != nil, "%s: hidden fields", name)
		assert.Contains(t, record, "position", name)
	}
	matching := streams["filter"].Next()
	assert.Equal(t, filtered, matching.Name)
	assert.Equal(t, map[string]any{"id": first, "status": "cancelled"}, matching.Data["record"])
	require.Equal(t, 204, s.Call("DELETE", s.URL+apptest.JobsPath+"/"+second, p.Token, nil).Status)
	for _, name := range []string{"all jobs", "second job", "superuser"} {
		event := streams[name].Next()
		assert.Equal(t, "delete", event.Data["action"], name)
		assert.Equal(t, second, recordOf(event)["id"], name)
	}
	otherJob := enqueueLater(other, 3)
	assert.Equal(t, otherJob, recordOf(streams["another user"].Next())["id"], "the job belongs to another user")

	assert.Contains(t, streams["overview"].Next().Data, "positions")
	positions, ok := streams["another's overview"].Next().Data["positions"].(map[string]any)
	require.True(t, ok)
	assert.NotContains(t, positions, first, "the job belongs to another user")
	assert.NotContains(t, positions, second, "the job belongs to another user")
	assert.Contains(t, streams["superuser's overview"].Next().Data, "statuses")
	guest := apptest.OpenStream(t, s.URL)
	assert.Equal(t, 401, s.Call("POST", s.URL+"/api/realtime", "", guest.Subscription("queue")).Status)
}

func TestEventsOfAJobArriveInOrder(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := openSubscribed(s, p.Token, "global_queue/*")
	require.Equal(t, 200, s.Call("POST", s.URL+"/api/batch", p.Token, batchOfJobs(300)).Status)
	updated, dead := map[string]string{}, 0
	for dead < 300 { // the jobs die because the user has no connection to Fathom
		record := recordOf(stream.Next())
		id := fmt.Sprint(record["id"])
		assert.GreaterOrEqual(t, record["updated"].(string), updated[id])
		updated[id] = record["updated"].(string)
		if record["status"] == "dead" {
			dead++
		}
	}
}

func TestSubscriberSeesAJobFromCreationToCompletion(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	stream := openSubscribed(s, p.Token, "global_queue/*")
	other := s.SignUp("other@example.com")
	otherStream := openSubscribed(s, other.Token, "global_queue/*")

	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	order := map[string]int{"pending": 1, "processing": 2, "completed": 3}
	for action, reached := "create", 0; reached < order["completed"]; action = "update" { // changes within 50 ms are one event
		event := stream.Next()
		record := recordOf(event)
		assert.Equal(t, action, event.Data["action"])
		assert.NotContains(t, record, "worker_id")
		assert.GreaterOrEqual(t, order[record["status"].(string)], reached)
		reached = order[record["status"].(string)]
	}
	require.Equal(t, 200, other.Enqueue("fathom.sync", map[string]any{}).Status)
	assert.Equal(t, other.ID, recordOf(otherStream.Next())["user"], "the job belongs to another user")
}
