package userdb_test

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// lastProgress runs an operation and returns the last progress that it reports of each stage.
func lastProgress(t *testing.T, run func(ctx context.Context) error) map[string]progress.Progress {
	t.Helper()
	last := map[string]progress.Progress{}
	require.NoError(t, run(progress.With(t.Context(), func(p progress.Progress) { last[p.Stage] = p })))
	return last
}

func TestLongOperationsReportTheirProgress(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	s.SignUp("ben@example.com")
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	recording := int64(p.ListOwn("recordings", "")[0]["size"].(float64))

	both := progress.Progress{Done: 2, Total: 2, Unit: progress.Databases}
	reported := lastProgress(t, func(ctx context.Context) error {
		return s.App.Databases.Verify(ctx, nil, 2, func(userdb.Verification) {})
	})
	assert.Equal(t, map[string]progress.Progress{"": both}, reported)
	reported = lastProgress(t, func(ctx context.Context) error {
		return s.App.Databases.VerifyRecordings(ctx, nil, true, func(userdb.Verification) {})
	})
	assert.Equal(t, both, reported[""])
	assert.Equal(t, progress.Progress{Stage: "read " + p.Name, Done: recording, Total: recording, Unit: progress.Bytes}, reported["read "+p.Name])
	reported = lastProgress(t, func(ctx context.Context) error { return s.App.Databases.ExportByName(ctx, p.Name, io.Discard) })
	assert.Greater(t, reported[""].Total, recording)
}
