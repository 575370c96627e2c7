package loom_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/filename"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

func TestVerifyComparesLengthAndTitle(t *testing.T) {
	const hour = 3600
	exact := func(title string, seconds float64) loom.Expectation {
		return loom.Expectation{Title: title, FileName: "2026-01-02 09.01 " + title + ".mp4", Duration: time.Duration(seconds * float64(time.Second)), Measured: true}
	}
	estimated := loom.Expectation{Title: "x", Duration: time.Hour}
	for _, c := range []struct {
		name            string
		title           string
		seconds         float64
		want            loom.Expectation
		length, differs bool
	}{
		{"named by the file", "2026-01-02 09.01 Weekly sync", 1680, exact("Weekly sync", 1680), false, false},
		{"named by the meeting", "weekly - SYNC!", 1680, exact("Weekly: sync", 1680), false, false},
		{"renamed with the title in it", "Weekly sync with Anna (final)", 1680, exact("Weekly sync", 1680), false, false},
		{"another title", "For Anna", 1680, exact("Weekly sync", 1680), false, true},
		{"within 3 s", "x", 103, exact("x", 100), false, false},
		{"beyond 3 s", "x", 103.5, exact("x", 100), true, false},
		{"within 0.2 %", "x", hour + 7, exact("x", hour), false, false},
		{"beyond 0.2 %", "x", hour + 8, exact("x", hour), true, false},
		{"two calls of a day", "Impromptu Google Meet Meeting", 1810, exact("Impromptu Google Meet Meeting", 1800), true, false},
		{"estimated, within 1 %", "x", hour + 35, estimated, false, false},
		{"estimated, beyond 1 %", "x", hour - 37, estimated, true, false},
		{"length of recording unknown", "Weekly sync", 1680, loom.Expectation{Title: "Weekly sync"}, false, false},
		{"length of video unknown", "Weekly sync", 0, exact("Weekly sync", hour), false, false},
		{"lengths unknown, another title", "For Anna", 0, loom.Expectation{Title: "Weekly sync"}, false, true},
		{"both differ", "For Anna", 5, exact("Weekly sync", hour), true, true},
		{"title of the video unknown", "", 1680, exact("Weekly sync", 1680), false, false},
		{"title cut", "A very long meeting ti", 0, loom.Expectation{Title: "A very long meeting title indeed"}, false, false},
		{"too short to identify", "A", 0, loom.Expectation{Title: "A very long meeting title indeed"}, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.want.Verify(loom.Video{Title: c.title, Duration: time.Duration(c.seconds * float64(time.Second))})
			if !c.length && !c.differs {
				require.NoError(t, err)
				return
			}
			var mismatch *loom.MismatchError
			require.ErrorAs(t, err, &mismatch)
			assert.Equal(t, c.want, mismatch.Want)
			assert.Equal(t, c.title, mismatch.Got.Title)
			assert.Equal(t, c.length, mismatch.Length == loom.Differs, "length")
			assert.Equal(t, c.differs, mismatch.Title == loom.Differs, "title")
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

func TestTitleOfUploadedFileMatchesAnyMeeting(t *testing.T) {
	testseed.Check(t, func(t *rapid.T) {
		title := rapid.StringMatching(`[A-Za-z][A-Za-z0-9 /:?*.,'-]{0,200}`).Draw(t, "title")
		name := filename.Template{}.Name(filename.Recording{Title: title, Start: time.Unix(1_770_000_000, 0)}, time.UTC, ".mp4")
		_, agreement := loom.Expectation{Title: title, FileName: name}.Compare(loom.Video{Title: strings.TrimSuffix(name, ".mp4")})
		assert.Equal(t, loom.Agrees, agreement, "%q", title)
	})
}

func TestHandoverChecksFileAndAwaitsLink(t *testing.T) {
	var uploader loom.Uploader = loom.Handover{}
	assert.Equal(t, "handover", uploader.Name())
	good := loom.Recording{FileName: "Weekly sync.MP4", Title: "Weekly sync", Size: loom.MaxUploadSize - 1, Duration: time.Minute}
	outcome, err := uploader.Upload(t.Context(), loom.Delivery{Recording: good})
	require.NoError(t, err)
	assert.Equal(t, loom.Outcome{AwaitShareURL: true}, outcome)
	assert.Equal(t, loom.Expectation{Title: "Weekly sync", FileName: "Weekly sync.MP4", Duration: time.Minute}, good.Expectation())

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
			_, err := uploader.Upload(t.Context(), loom.Delivery{Recording: bad})
			var rejected *loom.RejectedError
			require.ErrorAs(t, err, &rejected)
		})
	}
}
