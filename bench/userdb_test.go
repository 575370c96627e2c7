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

// percentiles reports how long the calls took.
func percentiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkProvision is the making of a database: registry row, clone, fresh
// secrets, fsync and rename.
func BenchmarkProvision(b *testing.B) {
	s := apptest.Start(b, apptest.Options{})
	users := s.CreateUsers(b.N)
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for _, user := range users {
		began := time.Now()
		_, err := s.App.Databases.Provision(b.Context(), user)
		took = append(took, time.Since(began))
		require.NoError(b, err)
	}
	percentiles(b, took)
}

// BenchmarkColdOpen is the opening of a closed database up to the first list
// over HTTP.
func BenchmarkColdOpen(b *testing.B) {
	s := apptest.Start(b, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=1"}})
	people := provisioned(s, 2)
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for i := range b.N {
		began := time.Now()
		got := people[i%2].Own(http.MethodGet, "/api/collections/meetings/records?perPage=10", nil)
		took = append(took, time.Since(began))
		require.Equal(b, 200, got.Status)
	}
	percentiles(b, took)
}

// BenchmarkWarmRequest is a list in an open database through the gateway.
func BenchmarkWarmRequest(b *testing.B) {
	s := apptest.Start(b, apptest.Options{})
	people := provisioned(s, 50) // each may make 100 requests a second
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for i := range b.N {
		began := time.Now()
		got := people[i%len(people)].Own(http.MethodGet, "/api/collections/meetings/records?perPage=10", nil)
		took = append(took, time.Since(began))
		require.Equal(b, 200, got.Status)
	}
	percentiles(b, took[min(len(people), len(took)-1):]) // all are open then
}

// provisioned are n users with a database and a session.
func provisioned(s *apptest.Server, n int) []apptest.Person {
	s.T.Helper()
	people := make([]apptest.Person, n)
	for i, user := range s.CreateUsers(n) {
		entry, err := s.App.Databases.Provision(s.T.Context(), user)
		require.NoError(s.T, err)
		connection, err := s.App.Gateway.OpenSession(s.T.Context(), user, entry)
		require.NoError(s.T, err)
		people[i] = apptest.Person{Server: s, ID: user.Id, Name: connection.Name, DatabaseURL: connection.URL, Session: connection.Token}
	}
	return people
}

// BenchmarkEnqueueToClaim is the time from the begin of a job's creation over
// HTTP to its claim by the worker, on an idle queue.
func BenchmarkEnqueueToClaim(b *testing.B) {
	s := apptest.Start(b, apptest.Options{})
	p := s.SignUp("ada@example.com")
	claimed, ended := make(chan time.Time, 1), make(chan struct{}, 1)
	s.App.OnRecordAfterUpdateSuccess("global_queue").BindFunc(func(e *core.RecordEvent) error {
		switch e.Record.GetString("status") {
		case "processing":
			claimed <- time.Now()
		default:
			ended <- struct{}{}
		}
		return e.Next()
	})
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for range b.N {
		began := time.Now()
		require.Equal(b, 200, p.Enqueue("fathom.sync", map[string]any{}).Status) // without a key it is dead at once
		took = append(took, (<-claimed).Sub(began))
		<-ended
	}
	percentiles(b, took)
}
