package loom_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

func TestVerifyComparesLengthThenTitle(t *testing.T) {
	const hour = 3600
	for _, c := range []struct {
		name     string
		title    string
		seconds  float64
		want     loom.Expectation
		mismatch bool
	}{
		{"same", "Weekly sync 2026-01-02", 1680, loom.Expectation{Title: "Weekly sync", Duration: 1680 * time.Second}, false},
		{"punctuation", "weekly   SYNC!", 1680, loom.Expectation{Title: "Weekly: sync", Duration: 1680 * time.Second}, false},
		{"within 3 s", "x", 103, loom.Expectation{Title: "x", Duration: 100 * time.Second}, false},
		{"beyond 3 s", "x", 103.5, loom.Expectation{Title: "x", Duration: 100 * time.Second}, true},
		{"within 1 %", "x", hour + 35, loom.Expectation{Title: "x", Duration: time.Hour}, false},
		{"beyond 1 %", "x", hour + 37, loom.Expectation{Title: "x", Duration: time.Hour}, true},
		{"shorter", "x", hour - 37, loom.Expectation{Title: "x", Duration: time.Hour}, true},
		{"renamed", "For Anna", 1680, loom.Expectation{Title: "Weekly sync", Duration: 1680 * time.Second}, false},
		{"length of recording unknown", "Weekly sync", 1680, loom.Expectation{Title: "Weekly sync"}, false},
		{"length of video unknown", "Weekly sync", 0, loom.Expectation{Title: "Weekly sync", Duration: time.Hour}, false},
		{"lengths unknown, different title", "For Anna", 0, loom.Expectation{Title: "Weekly sync"}, true},
		{"title truncated by file name", "A very long meeting ti 2026-01-02", 0, loom.Expectation{Title: "A very long meeting title indeed"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, link := fakeLoom(t, respond(200, fmt.Sprintf(`{"type":"video","title":%q,"duration":%g}`, c.title, c.seconds)))
			share, err := client.Verify(t.Context(), " "+link+" ", c.want)
			assert.Equal(t, videoID, share.ID)
			if !c.mismatch {
				require.NoError(t, err)
				return
			}
			var mismatch *loom.MismatchError
			require.ErrorAs(t, err, &mismatch)
			assert.Equal(t, c.want, mismatch.Want)
			assert.Equal(t, c.title, mismatch.Got.Title)
			assert.InDelta(t, c.seconds, mismatch.Got.Duration.Seconds(), 0.001)
		})
	}
}

func TestMismatchErrorDescribesBothVideos(t *testing.T) {
	err := &loom.MismatchError{
		Got:  loom.Video{Title: "Lunch", Duration: 75 * time.Second},
		Want: loom.Expectation{Title: "Weekly sync", Duration: 3723 * time.Second},
	}
	assert.Equal(t, `this link leads to another video: Loom has "Lunch" of 1 min 15 s, the recording is "Weekly sync" of 1 h 2 min 3 s`, err.Error())
	err = &loom.MismatchError{Want: loom.Expectation{Title: "Weekly sync"}}
	assert.Equal(t, `this link leads to another video: Loom has an untitled video, the recording is "Weekly sync"`, err.Error())
}

func TestVerifyRejectsBadLink(t *testing.T) {
	_, err := realLoom(t).Verify(t.Context(), "https://example.com", loom.Expectation{})
	var reason *loom.ShareURLError
	require.ErrorAs(t, err, &reason)
}

func TestTitleOfUploadedFileMatchesAnyMeeting(t *testing.T) {
	testseed.Check(t, func(t *rapid.T) {
		title := rapid.StringMatching(`[A-Za-z][A-Za-z0-9 /:?*.,'-]{0,200}`).Draw(t, "title")
		assert.True(t, loom.TitlesAgree(loom.FileName(title, day, ""), title), "%q", title)
	})
}

func TestHandoverChecksFileAndAwaitsLink(t *testing.T) {
	var uploader loom.Uploader = loom.Handover{}
	assert.Equal(t, "handover", uploader.Name())
	good := loom.Recording{FileName: "Weekly sync.MP4", Title: "Weekly sync", Size: loom.MaxUploadSize - 1, Duration: time.Minute}
	outcome, err := uploader.Upload(t.Context(), good)
	require.NoError(t, err)
	assert.Equal(t, loom.Outcome{AwaitShareURL: true}, outcome)
	assert.Equal(t, loom.Expectation{Title: "Weekly sync", Duration: time.Minute}, good.Expectation())

	for name, spoil := range map[string]func(*loom.Recording){
		"too large": func(r *loom.Recording) { r.Size = loom.MaxUploadSize },
		"empty":     func(r *loom.Recording) { r.Size = 0 },
		"audio":     func(r *loom.Recording) { r.FileName = "x.m4a" },
		"format":    func(r *loom.Recording) { r.FileName = "x.mkv" },
		"no format": func(r *loom.Recording) { r.FileName = "" },
	} {
		t.Run(name, func(t *testing.T) {
			bad := good
			spoil(&bad)
			_, err := uploader.Upload(t.Context(), bad)
			var rejected *loom.RejectedError
			require.ErrorAs(t, err, &rejected)
		})
	}
}
