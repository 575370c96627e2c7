package loominspect_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
	"github.com/fathom-to-loom/fathom-to-loom/app/loominspect"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// exchangesOf returns the exchanges of a report whose call ends with a name.
func exchangesOf(report inspect.Report, call string) (found []inspect.Exchange) {
	for _, e := range report.Exchanges {
		if strings.HasSuffix(e.Call, call) {
			found = append(found, e)
		}
	}
	return found
}

func encode(t *testing.T, value any) string {
	t.Helper()
	raw, err := json.Marshal(value)
	require.NoError(t, err)
	return string(raw)
}

func TestReportShowsWhatIsUnpublished(t *testing.T) {
	t.Parallel()
	sim, cfg := startSimulator(t, simulator.AtlassianConfig{})
	cfg.Upload = true
	report, text, err := run(t, cfg)
	require.NoError(t, err)
	got := answers(report)
	for question, want := range map[string]string{
		"How to sign in with a browser":           "38 scopes, registration true, revocation true",
		"Without a credential":                    "status 401",
		"Sites":                                   "1",
		"The check of the connection":             "the account can upload",
		"A list of videos after discover":         "answered, with executeRead",
		"Who could see the clip after publishing": "public",
		"Who can see the clip now":                "owner",
		"Sending the clip":                        "PUT to 127.0.0.1, 7331 bytes: status 200",
		"The upload of the clip":                  "done, complete true, 2.0 seconds, share link true",
		"An unknown video, with 1 inputs":         "call getLoomVideo: not found at atlassian: Loom video not found",
	} {
		assert.Equal(t, want, got[question], question)
	}
	assert.Contains(t, got["Operations in the list of all"], "of which 17 are for loom")

	initialize := exchangesOf(report, "initialize")[1]
	assert.Contains(t, encode(t, initialize.Body), `"protocolVersion":"2025-06-18"`)
	assert.Equal(t, "present", initialize.Headers["mcp-session-id"])
	lists := encode(t, exchangesOf(report, "tools/list"))
	assert.Contains(t, lists, `"fileSize":{"description":"Size in bytes","type":"integer"}`, "the schemas of Loom's operations are complete")
	assert.Contains(t, lists, `{"name":"createJiraIssue"}`, "of other operations there is the name")
	created := encode(t, exchangesOf(report, "createLoomVideoUpload")[0].Body)
	assert.Contains(t, created, `"method":"PUT"`)
	assert.Contains(t, created, `"Content-Type":"video/mp4"`)
	assert.Contains(t, created, `"url":"http://127.0.0.1/atlassian-upload/0000`, "the host of uploads remains, the address doesn't")
	at, err := time.Parse(time.RFC3339, exchangesOf(report, "createLoomVideoUpload")[0].At)
	require.NoError(t, err)
	assert.Contains(t, created, `"expiresAt":"`+at.Add(5*time.Minute).Format(time.RFC3339)+`"`, "the address expires after 5 minutes")

	uploads := sim.Uploads()
	require.Len(t, uploads, 1)
	assert.Equal(t, "owner", uploads[0].Visibility)
	assert.Equal(t, loominspect.ClipTitle, uploads[0].Title)
	assert.InDelta(t, 2, uploads[0].Duration.Seconds(), 0.01)
	assert.Empty(t, sim.Violations(), "the credential is sent to the MCP server only")
	assert.Equal(t, 1, sim.AtlassianStats().MaxParallel)
	var read inspect.Report
	require.NoError(t, json.Unmarshal([]byte(text), &read), "the report is JSON")
	assert.Equal(t, report.Answers, read.Answers)
}

func TestNothingIsUploadedUnlessRequested(t *testing.T) {
	t.Parallel()
	sim, cfg := startSimulator(t, simulator.AtlassianConfig{})
	report, _, err := run(t, cfg)
	require.NoError(t, err)
	assert.Empty(t, sim.AtlassianUploads())
	assert.NotContains(t, answers(report), "The upload of the clip")
	for name := range sim.AtlassianStats().Calls {
		assert.NotRegexp(t, "^(create|update|publish|move|share|recover)", name)
	}
}

func TestReportContainsNothingPrivate(t *testing.T) {
	t.Parallel()
	for form, answer := range map[simulator.UploadForm]simulator.AnswerForm{
		simulator.UploadPut: simulator.AnswerText, simulator.UploadMultipart: simulator.AnswerStructured,
		simulator.UploadCurl: simulator.AnswerString, simulator.UploadParts: simulator.AnswerArray,
	} {
		t.Run(string(form), func(t *testing.T) {
			t.Parallel()
			sim, cfg := startSimulator(t, simulator.AtlassianConfig{
				Behaviour: simulator.AtlassianBehaviour{Form: form, Answers: answer, ResourceIDs: answer == simulator.AnswerText},
			})
			video, err := sim.Upload(t.Context(), "Layoffs at Böhme & Söhne.mp4", strings.NewReader("x"))
			require.NoError(t, err)
			lower, err := sim.Upload(t.Context(), "what we pay everybody from march on.mp4", strings.NewReader("x"))
			require.NoError(t, err)
			const says = `Zoe Quillfeather <zoe.quillfeather@northwind.example> can't open "secret plans for march" of Ottokar on ` +
				`https://quillfeather-labs.atlassian.net/browse/SECRET-1?token=f00dface, trace 4bf92f3577b34da6a3ce929d0e0e4736`
			sim.InjectAtlassian(simulator.AtlassianFault{Operation: "atlassianUserInfo", Message: says})
			sim.InjectAtlassian(simulator.AtlassianFault{Operation: "getLoomVideo", Message: says, IsError: true, Plain: true})
			cfg.Upload = true
			report, text, err := run(t, cfg)
			require.NoError(t, err)
			assertPrivate(t, text, video, lower)
			assertPrivate(t, fmt.Sprint(report.Answers), video, lower)
			assert.Contains(t, text, `can't open \"`, "the server's own words remain")
			for _, upload := range sim.AtlassianUploads() {
				assert.NotContains(t, text, upload.ID)
			}
		})
	}
}

func assertPrivate(t *testing.T, text string, shareURLs ...string) {
	t.Helper()
	for _, private := range []string{
		token, email, siteID, "quillfeather", "zoe", "northwind", "layoffs", "böhme", "söhne", "everybody", "ottokar", "secret plans", "secret-1", "f00dface",
		"4bf92f3577b34da6a3ce929d0e0e4736", "em9lLnF1aWxsZmVhdGhlckBub3J0aHdpbmQuZXhhbXBsZ", "2026-11-03",
	} {
		assert.NotContains(t, strings.ToLower(text), strings.ToLower(private))
	}
	for _, share := range shareURLs {
		assert.NotContains(t, text, path.Base(share))
	}
}

func TestServiceAccountsAreInspected(t *testing.T) {
	t.Parallel()
	_, cfg := startSimulator(t, simulator.AtlassianConfig{ServiceKeys: []string{"the-key-of-a-service-account"}})
	cfg.Email, cfg.Token, cfg.Key = "", "", "the-key-of-a-service-account"
	_, text, err := run(t, cfg)
	require.NoError(t, err)
	assert.NotContains(t, text, cfg.Key)
}

func TestReportIsWrittenAfterFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		behaviour simulator.AtlassianBehaviour
		fault     simulator.AtlassianFault
		change    func(*loominspect.Config)
		want      string // in the error
		contains  string // in the report
	}{
		"wrong token": {
			change: func(c *loominspect.Config) { c.Token = "ATATT3xFfGF0-another" },
			want:   "atlassian rejected the credential", contains: `"status": 401`,
		},
		"blocked tokens": {
			behaviour: simulator.AtlassianBehaviour{APITokensOff: true},
			want:      "permission to connect via API token", contains: "permission to connect via API token",
		},
		"no upload operations": {
			behaviour: simulator.AtlassianBehaviour{WriteBlocked: true},
			want:      "createLoomVideoUpload", contains: "listLoomVideos",
		},
		"unknown required input": {
			behaviour: simulator.AtlassianBehaviour{ExtraInput: "workspaceKind"},
			want:      "workspaceKind", contains: `"workspaceKind": {`,
		},
		"refused upload": {
			fault: simulator.AtlassianFault{Operation: "createLoomVideoUpload", Message: simulator.RefusalPlan},
			want:  "The upload of the clip: ", contains: simulator.RefusalPlan,
		},
		"forbidden host": {
			change: func(c *loominspect.Config) { c.Hosts = []string{"uploads.example"} },
			want:   "not among the allowed hosts", contains: `"method": "PUT"`,
		},
		"refused file": {
			fault: simulator.AtlassianFault{Operation: simulator.FaultUpload, Status: 400, Body: "<Error><Code>EntityTooSmall</Code></Error>", Times: -1},
			want:  "The upload of the clip: ", contains: `"status": 400`,
		},
		"refused publication": {
			fault: simulator.AtlassianFault{Operation: "publishLoomVideo", Message: simulator.RefusalQuota},
			want:  "The upload of the clip: ", contains: simulator.RefusalQuota,
		},
		"broken list": {
			fault: simulator.AtlassianFault{Operation: "tools/list", Status: 500, Body: "<html>zoe.quillfeather@northwind.example</html>", Times: -1},
			want:  "The check of the connection: ", contains: `"status": 500`,
		},
		"unreachable": {
			change: func(c *loominspect.Config) { c.Endpoint = "http://127.0.0.1:1/v2/mcp" },
			want:   "The check of the connection: ", contains: `"failure": "no complete response"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, cfg := startSimulator(t, simulator.AtlassianConfig{Behaviour: test.behaviour})
			if test.fault.Operation != "" {
				sim.InjectAtlassian(test.fault)
			}
			if test.change != nil {
				test.change(&cfg)
			}
			cfg.Upload = true
			report, text, err := run(t, cfg)
			var incomplete *loominspect.IncompleteError
			require.ErrorAs(t, err, &incomplete)
			assert.Contains(t, err.Error(), test.want)
			assert.Contains(t, text, test.contains)
			assertPrivate(t, text+err.Error()+fmt.Sprint(report.Answers))
			assert.NotContains(t, text+err.Error(), cfg.Token)
			var read inspect.Report
			require.NoError(t, json.Unmarshal([]byte(text), &read))
		})
	}
}

func TestReportIsWrittenWhenTheRunIsInterrupted(t *testing.T) {
	t.Parallel()
	_, cfg := startSimulator(t, simulator.AtlassianConfig{})
	ctx, cancel := context.WithCancel(t.Context())
	cfg.Upload = true
	cfg.Progress = func(line string) {
		if strings.Contains(line, "createLoomVideoUpload") {
			cancel()
		}
	}
	var out bytes.Buffer
	_, err := loominspect.Run(ctx, cfg, &out)
	require.ErrorIs(t, err, context.Canceled)
	assert.Contains(t, out.String(), "createLoomVideoUpload")
	assertPrivate(t, out.String())
}

func TestRunNeedsACredential(t *testing.T) {
	t.Parallel()
	_, cfg := startSimulator(t, simulator.AtlassianConfig{})
	cfg.Email = ""
	var out bytes.Buffer
	_, err := loominspect.Run(t.Context(), cfg, &out)
	require.ErrorContains(t, err, "no credential")
	assert.Empty(t, out.String())
}
