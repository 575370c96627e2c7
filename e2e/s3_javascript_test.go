package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestPocketBaseSDKWithS3(t *testing.T) {
	t.Parallel()
	sim, bucket, in := installWithS3(t)
	who := in.newDemoAccount()
	in.requireCompleted(who, in.transfer(who, 1001))
	runNodeTests(t, "s3_sdk.test.mjs", append(s3TestSettings(t, sim, bucket), "SERVER_URL="+in.url)...)
}

func TestWebAppWithS3(t *testing.T) {
	t.Parallel()
	sim, bucket, in := installWithS3(t)
	who := in.newDemoAccount()
	in.requireCompleted(who, in.transfer(who, 1001))
	keys := bucket.Keys()
	require.Len(t, keys, 1)
	bucket.Put(t, keys[0], stretchVideo(t, bucket.Content(t, keys[0])))
	runNodeTests(t, "s3_browser.test.mjs", append(s3TestSettings(t, sim, bucket), "SERVER_URL="+in.url)...)
}

func installWithS3(t *testing.T) (*simulator.Server, *s3test.Server, *installation) {
	t.Helper()
	sim := startSimulator(t, simulator.Config{})
	bucket := s3test.Start(t, s3test.Options{})
	in := install(t, sim, bucket.Settings()...)
	in.serve()
	return sim, bucket, in
}

// s3TestSettings returns the environment of JavaScript tests that control a bucket.
func s3TestSettings(t *testing.T, sim *simulator.Server, bucket *s3test.Server) []string {
	t.Helper()
	return []string{
		"SIM_URL=" + sim.URL(), "SIM_KEY=" + simulator.DemoAPIKey, "S3_URL=" + bucket.URL, "BUCKET_URL=" + serveBucketControl(t, bucket),
		"ACCOUNT_PASSWORD=" + password,
	}
}

// serveBucketControl lets JavaScript tests control a bucket, and returns the URL for that.
func serveBucketControl(t *testing.T, bucket *s3test.Server) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /clock", func(w http.ResponseWriter, r *http.Request) {
		ahead, err := time.ParseDuration(r.FormValue("ahead"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		bucket.SetSkew(ahead)
	})
	mux.HandleFunc("POST /cors", func(_ http.ResponseWriter, r *http.Request) { bucket.AllowOrigin(r.FormValue("origin")) })
	mux.HandleFunc("GET /counts", func(w http.ResponseWriter, _ *http.Request) {
		counts := map[s3test.Kind]int{}
		for _, kind := range []s3test.Kind{s3test.GetObject, s3test.HeadObject, s3test.Preflight} {
			counts[kind] = bucket.Count(kind)
		}
		_ = json.NewEncoder(w).Encode(counts) // fails only if the client is gone
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}
