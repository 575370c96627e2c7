package hooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Other services repeat what they were sent in their errors. None of it reaches people, logs, metrics or files.
func TestSecretsThatServicesRepeatAreRemoved(t *testing.T) {
	t.Parallel()
	const storageSecret = "s3SecretKey4711s3SecretKey4711s3SecretKe"
	bucket := s3test.Start(t, s3test.Options{SecretKey: storageSecret})
	s := apptest.Start(t, apptest.Options{
		SimulatorConfig: simulator.Config{Atlassian: &simulator.AtlassianConfig{}},
		Settings:        append(bucket.Settings(), "METRICS_TOKEN="+metricsToken, "ATLASSIAN_MCP_PROCESSING_WAIT=0"),
	})
	ada := s.SignUpWithMeetings("ada@example.com")
	secrets := map[string]string{
		"Fathom key": simulator.DemoAPIKey, "Atlassian token": simulator.DemoAtlassianToken, "S3 key": storageSecret, "token for metrics": metricsToken,
		"token": ada.Token, "session": ada.Session,
	}
	repeated := func(secret string) string {
		return fmt.Sprintf(`{"error":true,"message":"not accepted: Authorization: Bearer %[1]s, X-Api-Key: %[1]s, ?token=%[1]s, key '%[1]s'"}`, secret)
	}
	var seen []string
	see := func(answer apptest.Answer) { seen = append(seen, answer.Raw) }
	listed := func(collection string) {
		see(ada.Own(http.MethodGet, "/api/collections/"+collection+"/records?perPage=200", nil))
	}
	fail := func(recordingID int64) {
		created := ada.Enqueue("recording.transfer", map[string]any{"recording_id": recordingID})
		require.Equal(t, 200, created.Status, created.Raw)
		var job apptest.Answer
		s.Eventually(func() bool {
			job = ada.Job(created.Text("id"))
			return job.Text("error") != ""
		})
		see(job)
	}

	for _, status := range []int{400, 403} {
		s.Simulator.Inject(simulator.Fault{Path: "/external/v1/recordings/*/*", Status: status, Body: repeated(simulator.DemoAPIKey), Times: -1})
		fail(1001)
		s.Simulator.ClearFaults()
	}
	bucket.Fail(s3test.PutObject, s3test.Always, 403, "AccessDenied "+storageSecret)
	bucket.Fail(s3test.CreateMultipartUpload, s3test.Always, 403, "AccessDenied "+storageSecret)
	fail(1002)
	bucket.ClearFaults()

	s.Simulator.InjectAtlassian(simulator.AtlassianFault{Times: 3, Message: repeated(simulator.DemoAtlassianToken), IsError: true, Plain: true})
	saved := ada.Own(http.MethodPost, "/api/collections/connections/records", map[string]any{
		"provider": "loom", "secret": simulator.DemoAtlassianToken, "settings": map[string]any{"method": "token", "email": simulator.DemoAtlassianEmail},
	})
	require.Equal(t, 200, saved.Status, saved.Raw)
	see(saved)
	s.Eventually(func() bool { return len(ada.ListOwn("connections", "status = 'checking'")) == 0 })

	for _, collection := range []string{"connections", "transfers", "recordings", "notices", "sync_state"} {
		listed(collection)
	}
	see(s.Call(http.MethodGet, s.URL+apptest.JobsPath, ada.Token, nil))
	see(s.Call(http.MethodGet, s.URL+"/metrics", "Bearer "+metricsToken, nil))
	see(s.Call(http.MethodGet, s.URL+"/api/health", "Bearer "+metricsToken, nil))
	require.NoError(t, s.Stop()) // PocketBase writes what waits
	for _, logged := range []string{"fathom denied access", "storage refused the credentials"} {
		require.Contains(t, s.Log.String(), logged, "the errors were logged")
	}
	require.Contains(t, strings.Join(seen, ""), "Atlassian says: “not accepted: Authorization: Bearer [redacted]")
	for name, secret := range secrets {
		for _, raw := range seen {
			assert.NotContains(t, raw, secret, "%s in a response", name)
		}
		assert.NotContains(t, s.Log.String(), secret, "%s in the log", name)
		assert.Empty(t, s.FilesContaining(secret), name)
	}
}
