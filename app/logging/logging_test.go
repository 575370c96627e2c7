package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
)

// newLog returns a log at the level info and what it writes.
func newLog(format logging.Format) (*logging.Log, *bytes.Buffer) {
	out := new(bytes.Buffer)
	return logging.New(format, slog.LevelInfo, out), out
}

// withoutTime returns a line of text without its time.
func withoutTime(line string) string {
	_, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	return rest
}

func TestLinesHaveTheAttributesOfTheirContext(t *testing.T) {
	t.Parallel()
	log, out := newLog(logging.Text)
	ctx := logging.With(t.Context(), slog.String(logging.RequestKey, "r1"))
	inner := logging.With(ctx, slog.String(logging.JobKey, "j1"), slog.String(logging.DatabaseKey, "d1"))
	logging.Add(inner, slog.String(logging.UserKey, "u1")) // becomes known later, also for the outer context
	for _, c := range []struct {
		ctx  context.Context
		want string
	}{
		{t.Context(), `level=INFO msg=hello n=1`},
		{ctx, `level=INFO msg=hello n=1 request=r1 user=u1`},
		{inner, `level=INFO msg=hello n=1 request=r1 user=u1 job=j1 database=d1`},
		{logging.With(inner, slog.String(logging.JobKey, "j2")), `level=INFO msg=hello n=1 request=r1 user=u1 database=d1 job=j2`},
	} {
		out.Reset()
		log.Logger().InfoContext(c.ctx, "hello", "n", 1)
		assert.Equal(t, c.want, withoutTime(out.String()))
	}
}

func TestALineHasEachAttributeOnce(t *testing.T) {
	t.Parallel()
	log, out := newLog(logging.Text)
	ctx := logging.With(t.Context(), slog.String("database", "context"), slog.String("user", "context"), slog.String("job", "context"))
	log.Logger().With("component", "worker", "job", "logger").InfoContext(ctx, "hello", "database", "line")
	assert.Equal(t, `level=INFO msg=hello component=worker job=logger database=line user=context`, withoutTime(out.String()))
}

func TestAddWithoutARequestDoesNothing(t *testing.T) {
	t.Parallel()
	log, out := newLog(logging.Text)
	logging.Add(t.Context(), slog.String("user", "u1"))
	log.Logger().InfoContext(t.Context(), "hello")
	assert.Equal(t, `level=INFO msg=hello`, withoutTime(out.String()))
}

func TestJSONHasAnObjectPerLine(t *testing.T) {
	t.Parallel()
	log, out := newLog(logging.JSON)
	ctx := logging.With(t.Context(), slog.String("request", "r1"))
	log.Logger().InfoContext(ctx, "hello", "took", 1500*time.Millisecond, "error", errors.New("a\nb"), "bytes", 7)
	require.Equal(t, 1, strings.Count(out.String(), "\n"))
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	delete(line, "time")
	assert.Equal(t, map[string]any{"level": "INFO", "msg": "hello", "request": "r1", "took": 1.5, "error": "a\nb", "bytes": 7.0}, line)
}

func TestLevelChangesAtRuntime(t *testing.T) {
	t.Parallel()
	log, out := newLog(logging.Text)
	logger := log.Logger().With("component", "queue") // exists before the change
	logger.Debug("before")
	log.SetLevel(slog.LevelDebug)
	assert.Equal(t, slog.LevelDebug, log.Level())
	logger.Debug("during")
	log.SetLevel(slog.LevelError)
	logger.Warn("after")
	assert.Equal(t, `level=DEBUG msg=during component=queue`, withoutTime(out.String()))
}

func TestSecretsAreRemovedFromLines(t *testing.T) {
	t.Parallel()
	const secret = "c2VjcmV0LXRva2Vu"
	echoed := errors.New(`GET https://u:` + secret + `@files.example.com/x?X-Amz-Signature=` + secret + `: unexpected "password":"` + secret + `"`)
	for _, format := range []logging.Format{logging.Text, logging.JSON} {
		log, out := newLog(format)
		logger := log.Logger().With("url", "https://api.example.com/?token="+secret)
		ctx := logging.With(t.Context(), slog.String("note", "Bearer "+secret))
		logger.WarnContext(ctx, "called https://example.com/?code="+secret, "error", echoed, "list", []string{"access_token=" + secret},
			slog.Group("cause", "error", echoed))
		assert.NotContains(t, out.String(), secret)
		assert.Contains(t, out.String(), "files.example.com/x")
		assert.Equal(t, 8, strings.Count(out.String(), "[redacted]"), out.String())
	}
}

func TestLinesThatAreNotLoggedCostNothing(t *testing.T) {
	log, _ := newLog(logging.Text)
	logger := log.Logger().With("component", "gateway")
	ctx := logging.With(t.Context(), slog.String("request", "r1"))
	assert.Zero(t, testing.AllocsPerRun(100, func() { logger.DebugContext(ctx, "hello") }))
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	assert.NotEqual(t, logging.NewRequestID(), logging.NewRequestID())
	for id, ok := range map[string]bool{
		logging.NewRequestID():                 true,
		"0123456789abcdef0123456789ABCDEF":     true,
		"123e4567-e89b-12d3-a456-426614174000": true,
		"":                                     false,
		"short":                                false,
		"two words":                            false,
		"line\nbreak":                          false,
		`quoted"=x`:                            false,
		"größer-als-ascii":                     false,
		strings.Repeat("a", 64):                true,
		strings.Repeat("a", 65):                false,
	} {
		assert.Equal(t, ok, logging.IsRequestID(id), "%q", id)
	}
}
