package loomupload_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Faults that an upload survives without anyone noticing.
func TestUploadSurvivesFaults(t *testing.T) {
	type fault = simulator.AtlassianFault
	for name, test := range map[string]struct {
		faults    []fault
		behaviour simulator.AtlassianBehaviour
		creates   int // 0 means 1
		publishes int // 0 means 1
	}{
		"too many requests at connect":     {faults: []fault{{Operation: "initialize", Status: 429, RetryAfter: 7 * time.Second}}},
		"server error at connect":          {faults: []fault{{Operation: "initialize", Status: 503}}},
		"server error at list":             {faults: []fault{{Operation: "tools/list", Status: 500}}},
		"connection cut at list":           {faults: []fault{{Operation: "tools/list", CloseConnection: true}}},
		"too many requests on creating":    {faults: []fault{{Operation: "createLoomVideoUpload", Status: 429, RetryAfter: 7 * time.Second}}, creates: 2},
		"too many requests on publishing":  {faults: []fault{{Operation: "publishLoomVideo", Status: 429, RetryAfter: 7 * time.Second}}, publishes: 2},
		"limit in the answer":              {faults: []fault{{Operation: "publishLoomVideo", Message: "Rate limit exceeded"}}},
		"lost session on creating":         {faults: []fault{{Operation: "createLoomVideoUpload", LoseSessions: true}}, creates: 2},
		"lost session on publishing":       {faults: []fault{{Operation: "publishLoomVideo", LoseSessions: true}}, publishes: 2},
		"expired address":                  {faults: []fault{{Operation: simulator.FaultUpload, Status: 403, Body: "Request has expired"}}, creates: 2},
		"expired address as a bad request": {faults: []fault{{Operation: simulator.FaultUpload, Status: 400, Body: "<Code>ExpiredToken</Code>"}}, creates: 2},
		"upload host is busy":              {faults: []fault{{Operation: simulator.FaultUpload, Status: 503, RetryAfter: 3 * time.Second}, {Operation: simulator.FaultUpload, Status: 429}}},
		"upload is cut":                    {faults: []fault{{Operation: simulator.FaultUpload, CutAfter: 50_000}}},
		"upload arrives, answer is cut":    {faults: []fault{{Operation: simulator.FaultUpload, AfterDone: true, CloseConnection: true}}},
		"unclear publication, executed":    {faults: []fault{{Operation: "publishLoomVideo", AfterDone: true, Status: 502}}},
		"cut publication, executed":        {faults: []fault{{Operation: "publishLoomVideo", AfterDone: true, CloseConnection: true}}},
		"unclear publication, not executed": {
			faults: []fault{{Operation: "publishLoomVideo", Status: 502}}, publishes: 2,
		},
		"unclear publication, look-up fails at first": {
			faults: []fault{{Operation: "publishLoomVideo", AfterDone: true, Status: 504}, {Operation: "getLoomVideo", Status: 500}},
		},
		"upload is gone at Loom":     {faults: []fault{{Operation: "publishLoomVideo", Message: "Upload not found"}}, creates: 2},
		"blank answer of publishing": {behaviour: simulator.AtlassianBehaviour{PublishBlank: true}},
		"id comes from the upload":   {behaviour: simulator.AtlassianBehaviour{HideUploadID: true}},
		"id comes from the upload, which is a command": {
			behaviour: simulator.AtlassianBehaviour{HideUploadID: true, Form: simulator.UploadCurl, PublishBlank: true},
		},
		"resource names":       {behaviour: simulator.AtlassianBehaviour{ResourceIDs: true}},
		"slow processing":      {behaviour: simulator.AtlassianBehaviour{ProcessingReads: 6}},
		"isError with failure": {faults: []fault{{Operation: "publishLoomVideo", Message: "Internal server error, try again", IsError: true}}, behaviour: simulator.AtlassianBehaviour{FlagErrors: true}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.behaviour)
			for _, f := range test.faults {
				w.sim.InjectAtlassian(f)
			}
			recording, sum := clip(100_000)
			video := w.mustUpload(recording, loom.Options{})
			assert.Equal(t, sum, w.only().SHA256)
			assert.Equal(t, w.only().ShareURL, video.ShareURL)
			assert.Equal(t, simulator.VisibilityOwner, w.only().Visibility)
			assert.Empty(t, video.Notes)
			assert.True(t, video.Complete)
			if test.creates > 0 {
				assert.Equal(t, test.creates, w.sim.AtlassianStats().Calls["createLoomVideoUpload"])
			}
			if test.publishes > 0 {
				assert.Equal(t, test.publishes, w.sim.AtlassianStats().Calls["publishLoomVideo"])
			}
		})
	}
}

func TestLongWaitsAreLeftToTheCaller(t *testing.T) {
	const longest = 15 * time.Minute
	w := newWorld(t, simulator.AtlassianBehaviour{})
	w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: "createLoomVideoUpload", Status: 429, RetryAfter: time.Hour})
	recording, _ := clip(1000)
	p := w.problem(recording, loomupload.KindBusy)
	assert.True(t, p.Temporary())
	assert.Equal(t, longest, p.RetryAfter, "the server says an hour")

	calls := w.sim.AtlassianStats().Calls
	_, err := w.uploads.Folders(t.Context(), w.account)
	p = requireProblem(t, err, loomupload.KindBusy)
	assert.InDelta(t, longest.Seconds(), p.RetryAfter.Seconds(), 1)
	assert.Equal(t, calls, w.sim.AtlassianStats().Calls, "nothing is asked before")

	other := w.account
	other.Key = "another"
	_, err = w.uploads.Folders(t.Context(), other)
	require.NoError(t, err, "the wait is that of one connection")

	w.clock.Advance(longest)
	w.mustUpload(recording, loom.Options{})
	w.only()
}

func TestUploadHostsMayPostponeForALimitedTime(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{})
	w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, Status: 503, RetryAfter: 30 * time.Hour})
	recording, _ := clip(1000)
	p := w.problem(recording, loomupload.KindUnavailable)
	assert.Equal(t, 15*time.Minute, p.RetryAfter)
}

func TestOutagesEndInTemporaryProblems(t *testing.T) {
	for name, f := range map[string]simulator.AtlassianFault{
		"connect":  {Operation: "initialize", Status: 500, Times: -1},
		"create":   {Operation: "createLoomVideoUpload", Status: 500, Times: -1},
		"upload":   {Operation: simulator.FaultUpload, Status: 500, Times: -1},
		"expired":  {Operation: simulator.FaultUpload, Status: 403, Times: -1},
		"publish":  {Operation: "publishLoomVideo", Status: 500, Times: -1},
		"look up":  {Operation: "getLoomVideo", Status: 500, Times: -1},
		"cut":      {Operation: simulator.FaultUpload, CutAfter: 1000, Times: -1},
		"get lost": {Operation: "publishLoomVideo", AfterDone: true, CloseConnection: true, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, simulator.AtlassianBehaviour{})
			w.sim.InjectAtlassian(f)
			recording, sum := clip(100_000)
			if name == "get lost" {
				w.mustUpload(recording, loom.Options{})
			} else {
				p := w.problem(recording, loomupload.KindUnavailable)
				assert.True(t, p.Temporary())
				assert.NotContains(t, p.Message, "automatically", "the job says so")
				w.sim.ClearFaults()
				w.mustUpload(recording, loom.Options{})
			}
			assert.Equal(t, sum, w.only().SHA256)
		})
	}
}

// Each start may leave an empty video at Loom, so that one that leads nowhere isn't repeated for ever.
func TestUploadsThatCanNotBeginEndAfterThreeStarts(t *testing.T) {
	for name, test := range map[string]struct {
		fault   simulator.AtlassianFault
		retries int // runs that end in a temporary problem
		kind    loomupload.Kind
		message string
	}{
		"no address is accepted": {
			simulator.AtlassianFault{Operation: simulator.FaultUpload, Status: 403, Times: -1}, 1, loomupload.KindHost, "refused the file (status 403)",
		},
		"no answer arrives": {
			simulator.AtlassianFault{Operation: "createLoomVideoUpload", AfterDone: true, CloseConnection: true, Times: -1}, 2, loomupload.KindUnclear, "3 times",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, simulator.AtlassianBehaviour{})
			w.sim.InjectAtlassian(test.fault)
			recording, sum := clip(1000)
			for i := range test.retries {
				wait := w.problem(recording, loomupload.KindUnavailable).RetryAfter
				if test.kind == loomupload.KindUnclear {
					assert.Equal(t, time.Duration(i+1)*5*time.Minute, wait, "an outage may last")
				}
			}
			p := w.problem(recording, test.kind)
			assert.False(t, p.Temporary())
			assert.Contains(t, p.Message, test.message)
			assert.Contains(t, p.Advice, "Upload the file at Loom yourself")
			assert.Equal(t, 3, w.sim.AtlassianStats().Calls["createLoomVideoUpload"])
			w.problem(recording, test.kind)
			assert.Equal(t, 4, w.sim.AtlassianStats().Calls["createLoomVideoUpload"], "a person may try it again, once")

			w.sim.ClearFaults()
			w.mustUpload(recording, loom.Options{})
			assert.Equal(t, sum, w.only().SHA256)
			assert.Zero(t, w.last().FailedStarts)
		})
	}
}

func TestRefusalsAreExplained(t *testing.T) {
	for name, test := range map[string]struct {
		fault     simulator.AtlassianFault
		behaviour simulator.AtlassianBehaviour
		reason    loomupload.Reason
		message   string
	}{
		"plan":       {fault: simulator.AtlassianFault{Operation: "createLoomVideoUpload", Message: simulator.RefusalPlan}, reason: loomupload.ReasonPlan, message: "plan"},
		"quota":      {fault: simulator.AtlassianFault{Operation: "createLoomVideoUpload", Message: simulator.RefusalQuota, IsError: true}, reason: loomupload.ReasonQuota, message: "limit"},
		"size":       {behaviour: simulator.AtlassianBehaviour{MaxSize: 1000}, reason: loomupload.ReasonSize, message: "larger"},
		"length":     {fault: simulator.AtlassianFault{Operation: "publishLoomVideo", Message: "The video is longer than 5 minutes, the maximum duration"}, reason: loomupload.ReasonLength, message: "longer"},
		"type":       {fault: simulator.AtlassianFault{Operation: "createLoomVideoUpload", Message: simulator.RefusalType, Plain: true, IsError: true}, reason: loomupload.ReasonType, message: "type"},
		"host: size": {fault: simulator.AtlassianFault{Operation: simulator.FaultUpload, Status: 413}, reason: loomupload.ReasonSize, message: "larger"},
		"host: type": {fault: simulator.AtlassianFault{Operation: simulator.FaultUpload, Status: 415}, reason: loomupload.ReasonType, message: "type"},
		"other":      {fault: simulator.AtlassianFault{Operation: "publishLoomVideo", Message: "The moon is full."}, reason: loomupload.ReasonOther, message: "The moon is full."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.behaviour)
			if test.fault.Operation != "" {
				w.sim.InjectAtlassian(test.fault)
			}
			recording, _ := clip(5000)
			p := w.problem(recording, loomupload.KindRefused)
			assert.Equal(t, test.reason, p.Reason)
			assert.Contains(t, p.Message, test.message)
			assert.Contains(t, p.Advice, "Upload the file at Loom yourself")
			assert.NotEmpty(t, p.Link)
			assert.False(t, p.Temporary())
			assert.Empty(t, w.videos())
		})
	}
}

func TestPermissionProblems(t *testing.T) {
	for message, kind := range map[string]loomupload.Kind{
		"You do not have permission to upload videos": loomupload.KindForbidden,
		"insufficient scopes":                         loomupload.KindWrongToken,
		"No Loom workspace for site":                  loomupload.KindNoWorkspace,
		"Authentication failed: {code:401}":           loomupload.KindReconnect,
	} {
		w := newWorld(t, simulator.AtlassianBehaviour{})
		w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: "createLoomVideoUpload", Message: message, Times: -1})
		recording, _ := clip(1000)
		p := w.problem(recording, kind)
		assert.NotEmpty(t, p.Advice)
		assert.NotEmpty(t, p.Link)
	}
}

func TestFilesThatLoomDoesNotAcceptAreRejectedFirst(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{}, func(cfg *loomupload.Config) { cfg.MaxSize = 2000 })
	recording, _ := clip(1000)
	recording.FileName = "audio.mp3"
	_, err := w.upload(t.Context(), recording, loom.Options{})
	require.ErrorIs(t, err, loom.ErrAudioOnly)
	large, _ := clip(2001)
	p := w.problem(large, loomupload.KindRefused)
	assert.Equal(t, loomupload.ReasonSize, p.Reason)
	assert.Empty(t, w.sim.AtlassianStats().Calls)
}

func TestRecordingErrorsEndTheUpload(t *testing.T) {
	broken := errors.New("disk is broken")
	for name, open := range map[string]func(context.Context) (io.ReadSeekCloser, error){
		"open": func(context.Context) (io.ReadSeekCloser, error) { return nil, broken },
		"read": func(ctx context.Context) (io.ReadSeekCloser, error) {
			recording, _ := clip(100_000)
			file, err := recording.Open(ctx)
			return &brokenFile{file, broken, 60_000}, err
		},
	} {
		w := newWorld(t, simulator.AtlassianBehaviour{})
		recording, _ := clip(100_000)
		recording.Open = open
		_, err := w.upload(t.Context(), recording, loom.Options{})
		require.ErrorIs(t, err, broken, name)
		assert.Equal(t, 1, w.sim.AtlassianStats().Calls["createLoomVideoUpload"], "it isn't tried again")
	}
	w := newWorld(t, simulator.AtlassianBehaviour{})
	recording, _ := clip(100_000)
	recording.Size++
	_, err := w.upload(t.Context(), recording, loom.Options{})
	require.ErrorContains(t, err, "100000 bytes instead of 100001")
}

type brokenFile struct {
	io.ReadSeekCloser
	err  error
	left int
}

func (f *brokenFile) Read(p []byte) (int, error) {
	if f.left == 0 {
		return 0, f.err
	}
	n, err := f.ReadSeekCloser.Read(p[:min(len(p), f.left)])
	f.left -= n
	return n, err
}

func TestIdleUploadHostIsGivenUp(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{}, func(cfg *loomupload.Config) { cfg.IdleTimeout = 50 * time.Millisecond })
	hold := make(chan struct{})
	defer close(hold)
	w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, HoldAfter: 1000, Hold: hold, Times: -1})
	recording, _ := clip(20 << 20) // more than fits into the buffers of a connection
	p := w.problem(recording, loomupload.KindUnavailable)
	assert.ErrorContains(t, p, "idle timeout")
}

func TestRedirectsOfUploadHostsAreNotFollowed(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{})
	w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, Status: http.StatusTemporaryRedirect})
	recording, _ := clip(1000)
	p := w.problem(recording, loomupload.KindHost)
	assert.Contains(t, p.Message, "elsewhere")
}

func TestHostsThatAreNotAllowedGetNothing(t *testing.T) {
	for name, change := range map[string]func(*loomupload.Config){
		"not listed": func(cfg *loomupload.Config) { cfg.Hosts = []string{"uploads.example.com"} },
		"not https":  func(cfg *loomupload.Config) { cfg.AllowHTTP = false },
		"defaults":   func(cfg *loomupload.Config) { cfg.Hosts = nil },
	} {
		w := newWorld(t, simulator.AtlassianBehaviour{}, change)
		recording, _ := clip(1000)
		w.problem(recording, loomupload.KindHost)
		for _, upload := range w.sim.AtlassianUploads() {
			assert.Zero(t, upload.Requests, name)
		}
	}
}

func TestUnknownContractsStopTheUpload(t *testing.T) {
	for name, test := range map[string]struct {
		behaviour simulator.AtlassianBehaviour
		names     string
	}{
		"required input": {simulator.AtlassianBehaviour{ExtraInput: "departmentCode"}, "departmentCode"},
		"renamed input":  {simulator.AtlassianBehaviour{InputNames: map[string]string{"fileName": "blobLabel"}}, "blobLabel"},
	} {
		w := newWorld(t, test.behaviour)
		recording, _ := clip(1000)
		p := w.problem(recording, loomupload.KindContract)
		assert.Contains(t, p.Message, test.names, name)
		assert.Zero(t, w.sim.AtlassianStats().Calls["createLoomVideoUpload"])
		assert.Empty(t, w.saved)
	}
	w := newWorld(t, simulator.AtlassianBehaviour{Renamed: map[string]string{"publishLoomVideo": "finishLoomVideo"}})
	recording, _ := clip(1000)
	p := w.problem(recording, loomupload.KindBlocked)
	assert.Contains(t, p.Message, "publishLoomVideo")

	w = newWorld(t, simulator.AtlassianBehaviour{Renamed: map[string]string{"publishLoomVideo": "finishLoomVideo"}}, func(cfg *loomupload.Config) {
		cfg.Names = map[string][]string{"publishLoomVideo": {"publishLoomVideo", "finish_loom_video"}}
	})
	w.mustUpload(recording, loom.Options{})
	w.only()
}

func TestStepsThatFailLeaveNotes(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{
		FixedSharing: true, NeverComplete: true, Form: simulator.UploadCurl, InputNames: map[string]string{"title": "unknownTitle"},
	})
	w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: "updateLoomVideoTitle", Message: "Titles are locked", Times: -1})
	recording, sum := clip(1000)
	video := w.mustUpload(recording, loom.Options{Folder: "gone"})
	assert.Equal(t, sum, w.only().SHA256)
	assert.Equal(t, []string{
		"At Loom, everyone with the link can see this video instead of only you. Please change it there.",
		"The title of this video could not be set at Loom.",
		"The video is not in a folder, because Loom doesn't have the chosen one any more.",
		"Loom was still processing this video when it was checked last.",
	}, video.Notes)
	assert.False(t, video.Complete)
	assert.Equal(t, loom.VisibilityPublic, video.Visibility)
	assert.Less(t, w.slept, 5*time.Minute)
}

func TestTemporaryFailuresOfStepsAreTriedAgainLater(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{})
	w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: "updateLoomVideoPermissions", Status: 503, Times: -1})
	recording, _ := clip(1000)
	for range 5 {
		w.problem(recording, loomupload.KindUnavailable)
		assert.True(t, w.last().IsPublished())
		assert.NotEmpty(t, w.last().ShareURL)
	}
	video := w.mustUpload(recording, loom.Options{})
	require.Len(t, video.Notes, 1, "at some time it is enough")
	assert.Contains(t, video.Notes[0], "only you")
	w.only()

	w = newWorld(t, simulator.AtlassianBehaviour{})
	w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: "updateLoomVideoPermissions", Status: 503, Times: 3})
	w.problem(recording, loomupload.KindUnavailable)
	assert.Empty(t, w.mustUpload(recording, loom.Options{}).Notes)
	assert.Equal(t, simulator.VisibilityOwner, w.only().Visibility)
}

// The error of the checkpoint ends the upload.
func TestFailedSavesEndTheUpload(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{})
	full := errors.New("disk is full")
	w.saveFail = func(loomupload.State) error { return full }
	recording, _ := clip(1000)
	_, err := w.upload(t.Context(), recording, loom.Options{})
	require.ErrorIs(t, err, full)
	assert.Zero(t, w.sim.AtlassianStats().Calls["createLoomVideoUpload"], "nothing is done that isn't recorded")
}
