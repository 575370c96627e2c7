package loominspect_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestReplayedReportGivesTheSameAnswers(t *testing.T) {
	t.Parallel()
	for name, behaviour := range map[string]simulator.AtlassianBehaviour{
		"address":    {},
		"form":       {Form: simulator.UploadMultipart, Answers: simulator.AnswerStructured},
		"command":    {Form: simulator.UploadCurl, Answers: simulator.AnswerString, ResourceIDs: true},
		"parts":      {Form: simulator.UploadParts, Visibility: simulator.VisibilityWorkspace},
		"other name": {InputNames: map[string]string{"title": "videoTitle", "fileSize": "sizeInBytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, cfg := startSimulator(t, simulator.AtlassianConfig{Behaviour: behaviour})
			_, err := sim.Upload(t.Context(), "Layoffs.mp4", strings.NewReader("x"))
			require.NoError(t, err)
			cfg.Upload = true
			first, text, err := run(t, cfg)
			require.NoError(t, err)

			recorded := simulator.Config{}
			require.NoError(t, recorded.Replay(strings.NewReader(text)))
			recorded.Atlassian.Behaviour.Visibility = behaviour.Visibility // the report contains its answers, but not its cause
			replaying, cfg := startSimulator(t, *recorded.Atlassian)
			cfg.Upload = true
			second, again, err := run(t, cfg)
			require.NoError(t, err)
			want, got := answers(first), answers(second)
			delete(want, "Steps of the upload") // with their times
			delete(got, "Steps of the upload")
			const done = "The upload of the clip"
			want[done] = strings.Replace(want[done], "0.0 seconds", "2.0 seconds", 1) // the simulator can't measure a file in parts
			assert.Equal(t, want, got)
			assert.Equal(t, encode(t, exchangesOf(first, "tools/list")[0].Body), encode(t, exchangesOf(second, "tools/list")[0].Body))
			require.Len(t, replaying.Uploads(), 1)
			assert.Equal(t, simulator.VisibilityOwner, replaying.Uploads()[0].Visibility)
			assert.Empty(t, replaying.Violations())
			assertPrivate(t, again)
		})
	}
}

func TestReportWithoutAnUploadIsReplayed(t *testing.T) {
	t.Parallel()
	_, cfg := startSimulator(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{ExtraInput: "workspaceKind"}})
	_, text, err := run(t, cfg)
	require.NoError(t, err)
	recorded := simulator.Config{}
	require.NoError(t, recorded.Replay(strings.NewReader(text)))
	replaying, cfg := startSimulator(t, *recorded.Atlassian)
	cfg.Upload = true
	report, _, err := run(t, cfg)
	require.ErrorContains(t, err, "workspaceKind", "the recorded schema is replayed")
	assert.Contains(t, answers(report)["Why it can't upload"], "workspaceKind")
	assert.Empty(t, replaying.AtlassianUploads())
}

func TestReportsThatCantBeReplayed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"format":2,"service":"atlassian"}`: "format 2",
		`{"format":1,"service":"other"}`:     `service "other"`,
		`{"format":1,"service":"atlassian"}`: "no list of operations",
		`{"format":1,"exchanges":[]}`:        "no responses",
		`x`:                                  "read report",
	} {
		recorded := simulator.Config{}
		assert.ErrorContains(t, recorded.Replay(strings.NewReader(text)), want)
	}
}
