package loomupload

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// Video is a video at Loom. Fields that Loom's answer doesn't have are zero.
type Video struct {
	ID         string // as Loom names it: 32 hex digits, or an Atlassian resource name that ends with them
	ShareURL   string // canonical
	Title      string
	Duration   time.Duration
	Visibility string // loom.VisibilityOwner, VisibilityWorkspace or VisibilityPublic; blank if unknown
	Complete   bool   // Loom has processed it
	CreatedAt  time.Time

	// Notes are sentences for the user about what Upload couldn't do.
	Notes []string
}

// answered is a video with what else an answer says about it.
type answered struct {
	Video
	folder        string
	knowsComplete bool // whether the answer says if the video is complete
	failed        bool // processing has failed
	unpublished   bool // the answer says that the video isn't published yet
}

// isPublished reports whether an answer shows that a video has been published.
func (a answered) isPublished() bool { return !a.unpublished && (a.Complete || a.Duration > 0) }

const maxTitle = 500 // characters

var (
	videoIDKeys  = []string{"videoid", "loomvideoid", "loomid", "videoari", "ari"}
	statusKeys   = []string{"status", "state", "processingstatus", "uploadstatus", "videostatus", "lifecyclestate"}
	sharingKeys  = []string{"visibility", "privacy", "accesslevel", "privacylevel", "permission", "permissions", "access", "sharing", "linkaccess"}
	createdKeys  = []string{"createdat", "created", "createddate", "creationdate", "datecreated", "recordedat"}
	secondsKeys  = []string{"duration", "durationseconds", "durationinseconds", "sourceduration", "playableduration", "length", "lengthseconds"}
	millisKeys   = []string{"durationms", "durationmillis", "durationinmilliseconds", "durationmilliseconds"}
	completeness = []string{"iscomplete", "complete", "isprocessed", "processed", "isready", "ready"}

	completeWords    = []string{"complete", "completed", "ready", "processed", "done", "available", "playable"}
	failedWords      = []string{"failed", "error", "errored", "processingfailed"}
	processingWords  = []string{"processing", "transcoding", "encoding", "inprogress", "published"}
	unpublishedWords = []string{
		"draft", "uploading", "pending", "pendingupload", "awaitingupload", "created", "initialized", "unpublished", "uploaded", "waitingforupload",
	}
)

// videoIDOf returns the id of the only video that an answer is about, or a blank string.
func videoIDOf(answer any) string {
	objects := objectsOf(answer, requestParts...)
	for _, o := range objects {
		if id := o.id(videoIDKeys...); id != "" {
			return id
		}
	}
	for _, o := range objects {
		if slices.Contains([]string{"", "data", "result", "video", "loom", "loomvideo"}, o.key) {
			if id := o.id("id"); id != "" {
				return id
			}
		}
	}
	return ""
}

// readVideo returns the first video in an answer.
func (u *Uploads) readVideo(answer any) (answered, bool) {
	for _, o := range objectsOf(answer, requestParts...) {
		if video, ok := u.readVideoObject(o); ok {
			return video, true
		}
	}
	return answered{}, false
}

// readVideoObject reads an object that has an id and something else of a video.
func (u *Uploads) readVideoObject(o object) (answered, bool) {
	var video answered
	video.ID = o.id(append(slices.Clone(videoIDKeys), "id")...)
	video.Title = sanitize.Truncate(sanitize.SingleLine(o.text("title", "name", "videotitle")), maxTitle)
	video.ShareURL = u.shareURLIn(o)
	video.Duration = o.duration()
	video.Visibility = o.visibility()
	video.CreatedAt = o.time(createdKeys...)
	video.folder = o.id("folderid")
	o.readState(&video)
	known := video.Title != "" || video.ShareURL != "" || video.Duration > 0 || video.knowsComplete
	if video.ID == "" {
		video.ID = hexID(video.ShareURL)
	}
	return video, video.ID != "" && known
}

// readState reads how far the video is.
func (o object) readState(video *answered) {
	for _, key := range completeness {
		if complete, ok := o.get(key).(bool); ok {
			video.Complete, video.knowsComplete = complete, true
			break
		}
	}
	word := simplify(o.text(statusKeys...))
	switch {
	case slices.Contains(completeWords, word):
		video.Complete, video.knowsComplete = true, true
	case slices.Contains(failedWords, word):
		video.failed, video.knowsComplete = true, true
	case slices.Contains(processingWords, word):
		video.knowsComplete = true
	case slices.Contains(unpublishedWords, word):
		video.unpublished = true
	}
	if published, ok := o.get("ispublished", "published").(bool); ok && !published {
		video.unpublished = true
	}
}

// visibility reads who may see the video, a word or an object with one.
func (o object) visibility() string {
	for _, key := range sharingKeys {
		switch value := o.get(key).(type) {
		case string:
			if visibility := visibilityOf(value); visibility != "" {
				return visibility
			}
		case map[string]any:
			if visibility := visibilityOf(object{fields: value}.text("visibility", "level", "value", "type", "access")); visibility != "" {
				return visibility
			}
		}
	}
	return ""
}

// duration reads the length of a video, in seconds unless the key says milliseconds.
func (o object) duration() time.Duration {
	read := func(keys []string, unit time.Duration) time.Duration {
		for _, key := range keys {
			n, ok := number(o.get(key))
			if ok && n > 0 && n*float64(unit) < float64(31*24*time.Hour) {
				return time.Duration(math.Round(n * float64(unit)))
			}
		}
		return 0
	}
	if length := read(millisKeys, time.Millisecond); length > 0 {
		return length
	}
	return read(secondsKeys, time.Second)
}

func number(value any) (float64, bool) {
	switch value := value.(type) {
	case json.Number:
		n, err := value.Float64()
		return n, err == nil
	case string:
		n, err := strconv.ParseFloat(value, 64)
		return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
	}
	return 0, false
}

// time reads a time as RFC 3339, or as seconds or milliseconds since 1970.
func (o object) time(keys ...string) time.Time {
	for _, key := range keys {
		value := o.get(key)
		if text, ok := value.(string); ok {
			if t, err := time.Parse(time.RFC3339, text); err == nil {
				return t
			}
		}
		switch n, ok := number(value); {
		case ok && n > 1e9 && n < 1e11:
			return time.Unix(int64(n), 0).UTC()
		case ok && n > 1e12 && n < 1e14:
			return time.UnixMilli(int64(n)).UTC()
		}
	}
	return time.Time{}
}

var hexPattern = regexp.MustCompile(`(?i)(?:^|[/:-])([0-9a-f]{32})$`)

// hexID returns the 32 hex digits that a video's id, resource name or share link ends with, or a blank string.
func hexID(id string) string {
	match := hexPattern.FindStringSubmatch(strings.TrimSpace(id))
	if match == nil {
		return ""
	}
	return strings.ToLower(match[1])
}

// sameVideo reports whether two ids, resource names or links are those of the same video.
func sameVideo(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	if hex := hexID(a); hex != "" {
		return hex == hexID(b)
	}
	return a == b
}

// shareURLIn returns the only share link among the texts of an object, or a blank string.
func (u *Uploads) shareURLIn(o object) string {
	var found []loom.ShareURL
	for _, value := range o.fields {
		text, ok := value.(string)
		if !ok || len(text) > maxScalar {
			continue
		}
		for _, share := range u.loom.FindShareURLs(text) {
			if !slices.Contains(found, share) {
				found = append(found, share)
			}
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0].String()
}
