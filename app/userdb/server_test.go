package userdb_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// runCron starts a job of the server's cron now. It doesn't wait for the job.
func runCron(s *apptest.Server, id string) {
	s.T.Helper()
	require.Equal(s.T, 204, s.Call("POST", s.URL+"/api/crons/"+id, s.SuperuserToken(), nil).Status)
}

func waitUntilAllClosed(s *apptest.Server) {
	s.T.Helper()
	s.Eventually(func() bool { return s.OpenDatabases() == 0 })
}

// acquire opens a person's database inside the server. The caller releases it.
func acquire(p apptest.Person) *userdb.Handle {
	p.T.Helper()
	handle, err := p.App.Databases.Acquire(p.T.Context(), p.Name)
	require.NoError(p.T, err)
	return handle
}

// listMeetings returns the status of a request for the person's meetings.
func listMeetings(p apptest.Person) int {
	p.T.Helper()
	return p.Own("GET", "/api/collections/meetings/records", nil).Status
}

func deleteAccount(p apptest.Person) {
	p.T.Helper()
	deleted := p.Call("DELETE", p.URL+"/api/collections/users/records/"+p.ID, p.Token, nil)
	require.Equal(p.T, 204, deleted.Status, deleted.Raw)
}

// archiveDatabase archives one database and returns the error that was reported, or "".
func archiveDatabase(s *apptest.Server, name string) string {
	s.T.Helper()
	return reportedError(s.T, func(report func(userdb.Outcome)) error {
		return s.App.Databases.Archive(s.T.Context(), []string{name}, report)
	})
}

// restoreDatabase restores one database and returns the error that was reported, or "".
func restoreDatabase(s *apptest.Server, name string) string {
	s.T.Helper()
	return reportedError(s.T, func(report func(userdb.Outcome)) error {
		return s.App.Databases.Restore(s.T.Context(), []string{name}, report)
	})
}

// reportedError runs an operation on one database and returns the error that it reports, or "".
func reportedError(t testing.TB, run func(report func(userdb.Outcome)) error) string {
	t.Helper()
	var outcomes []userdb.Outcome
	require.NoError(t, run(func(o userdb.Outcome) { outcomes = append(outcomes, o) }))
	require.Len(t, outcomes, 1)
	return outcomes[0].Error
}
