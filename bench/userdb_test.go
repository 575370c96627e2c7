package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// reportPercentiles reports the median and the 99th percentile instead of the average.
func reportPercentiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkProvision measures the creation of a database: registry entry, clone of the template, new
// secrets, fsync and rename.
func BenchmarkProvision(b *testing.B) {
	s := apptest.Start(b, apptest.Options{})
	users := s.CreateUsers(b.N)
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for _, user := range users {
		start := time.Now()
		_, err := s.App.Databases.Provision(b.Context(), user)
		took = append(took, time.Since(start))
		require.NoError(b, err)
	}
	reportPercentiles(b, took)
}

// BenchmarkColdOpen measures the time until a closed database answers its first list over HTTP.
func BenchmarkColdOpen(b *testing.B) {
	s := apptest.Start(b, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=1"}})
	people := provisionUsers(s, 2)
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for i := range b.N {
		start := time.Now()
		got := people[i%2].Own(http.MethodGet, "/api/collections/meetings/records?perPage=10", nil)
		took = append(took, time.Since(start))
		require.Equal(b, 200, got.Status)
	}
	reportPercentiles(b, took)
}

// BenchmarkWarmRequest measures a list in an open database through the gateway.
func BenchmarkWarmRequest(b *testing.B) {
	s := apptest.Start(b, apptest.Options{})
	people := provisionUsers(s, 50) // a user may send 100 requests a second
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for i := range b.N {
		start := time.Now()
		got := people[i%len(people)].Own(http.MethodGet, "/api/collections/meetings/records?perPage=10", nil)
		took = append(took, time.Since(start))
		require.Equal(b, 200, got.Status)
	}
	reportPercentiles(b, took[min(len(people), len(took)-1):]) // without the requests that open databases
}

// provisionUsers creates n users with a database and a session.
func provisionUsers(s *apptest.Server, n int) []apptest.Person {
	s.T.Helper()
	people := make([]apptest.Person, n)
	for i, user := range s.CreateUsers(n) {
		entry, err := s.App.Databases.Provision(s.T.Context(), user)
		require.NoError(s.T, err)
		opened, err := s.App.Gateway.OpenSession(s.T.Context(), user, entry)
		require.NoError(s.T, err)
		people[i] = apptest.Person{Server: s, ID: user.Id, Name: opened.Name, DatabaseURL: opened.URL, Session: opened.Token}
	}
	return people
}

// BenchmarkEnqueueToClaim measures the time from the request that creates a job to its claim by the
// worker, on an idle queue. The queue stores the time of the claim in milliseconds.
func BenchmarkEnqueueToClaim(b *testing.B) {
	s := apptest.Start(b, apptest.Options{})
	p := s.SignUp("ada@example.com")
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for range b.N {
		start := time.Now()
		created := p.Enqueue("fathom.sync", map[string]any{})
		require.Equal(b, 200, created.Status, created.Raw)
		var job *core.Record
		s.Eventually(func() (dead bool) { // the job dies immediately, because the user has no Fathom key
			var err error
			job, err = s.App.FindRecordById("global_queue", created.Text("id"))
			require.NoError(b, err)
			return job.GetString("status") == "dead"
		})
		took = append(took, job.GetDateTime("started_at").Time().Sub(start))
	}
	reportPercentiles(b, took)
}
