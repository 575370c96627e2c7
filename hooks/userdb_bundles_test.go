package hooks_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// requestBundle requests a bundle and returns the link to it.
func requestBundle(p apptest.Person, selection map[string]any) (link string, answer apptest.Answer) {
	p.T.Helper()
	answer = p.Own("POST", "/api/bundles", selection)
	require.Equal(p.T, 200, answer.Status, answer.Raw)
	return p.DatabaseURL + answer.Text("path"), answer
}

// downloadBundle returns the files in a bundle by their names.
func downloadBundle(p apptest.Person, selection map[string]any) map[string]string {
	p.T.Helper()
	link, _ := requestBundle(p, selection)
	got := p.Call("GET", link, "", nil)
	require.Equal(p.T, 200, got.Status, got.Raw)
	assert.Equal(p.T, "application/zip", got.Header.Get("Content-Type"))
	archive, err := zip.NewReader(bytes.NewReader([]byte(got.Raw)), int64(len(got.Raw)))
	require.NoError(p.T, err)
	files := map[string]string{}
	for _, file := range archive.File {
		require.NotContains(p.T, files, file.Name)
		from, err := file.Open()
		require.NoError(p.T, err)
		content, err := io.ReadAll(from) // also verifies the checksum
		require.NoError(p.T, err)
		files[file.Name] = string(content)
	}
	return files
}

// bundleIndex is a line of index.json.
type bundleIndex struct {
	RecordingID int64 `json:"recording_id"`
	Title       string
	Date        string
	Folder      string
	Note        string
	Video       string
	NotStored   []string `json:"not_stored"`
}

func indexOf(t *testing.T, files map[string]string) (index []bundleIndex) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(files["index.json"]), &index))
	return index
}

// frontMatter decodes the YAML at the start of a note.
func frontMatter(t *testing.T, note string) map[string]any {
	t.Helper()
	head, _, found := strings.Cut(strings.TrimPrefix(note, "---\n"), "\n---\n")
	require.True(t, found, note)
	fields := map[string]any{}
	require.NoError(t, yaml.Unmarshal([]byte(head), &fields), head)
	return fields
}

func TestBundleOfATransferredMeeting(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	p.SaveRecord("preferences", map[string]any{"key": "time_zone", "value": "America/New_York"})
	meeting := p.ListOwn("meetings", apptest.RecordingFilter(1001))[0]
	truth, _ := s.Simulator.Meeting(1001)

	link, answer := requestBundle(p, map[string]any{"recording_ids": []int{1001}})
	assert.EqualValues(t, 1, answer.Get("meetings"))
	assert.EqualValues(t, truth.Size, answer.Get("bytes"))
	assert.Equal(t, "attachment; filename=meeting-1001.zip", p.Call("GET", link, "", nil).Header.Get("Content-Disposition"))

	files := downloadBundle(p, map[string]any{"recording_ids": []int{1001}})
	index := indexOf(t, files)
	require.Len(t, index, 1)
	folder := index[0].Folder
	assert.Contains(t, folder, meeting["title"].(string))
	assert.Equal(t, []string{
		folder + "/" + folder + " transcript.md", folder + "/" + folder + ".md", folder + "/" + folder + ".mp4", folder + "/" + folder + ".srt",
		folder + "/" + folder + ".vtt", folder + "/meeting.json", "index.csv", "index.json", "index.md",
	}, slices.Sorted(maps.Keys(files)))
	assert.Equal(t, index[0].Video, folder+"/"+folder+".mp4")
	assert.Empty(t, index[0].NotStored)
	sum := sha256.Sum256([]byte(files[index[0].Video]))
	assert.Equal(t, truth.SHA256, hex.EncodeToString(sum[:]))

	note := files[index[0].Note]
	fields := frontMatter(t, note)
	assert.Equal(t, meeting["title"], fields["title"])
	assert.EqualValues(t, 1001, fields["recording_id"])
	assert.Equal(t, []any{"meeting"}, fields["tags"])
	assert.Regexp(t, `(?m)^date: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[45]:00$`, note, "in the user's time zone")
	assert.Contains(t, note, "## Summary\n\n"+strings.TrimSpace(meeting["summary"].(string)))
	assert.Contains(t, note, "- [x] ")
	assert.Contains(t, files[folder+"/"+folder+" transcript.md"], "** \\[00:0")
	assert.True(t, strings.HasPrefix(files[folder+"/"+folder+".vtt"], "WEBVTT\n\n00:00:"))
	assert.Contains(t, files[folder+"/"+folder+".srt"], " --> ")

	var raw struct {
		Meeting, Recording, Transfer map[string]any
		Transcript                   []map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(files[folder+"/meeting.json"]), &raw))
	assert.NotContains(t, raw.Meeting, "raw")
	assert.NotContains(t, raw.Recording, "blob")
	assert.Equal(t, truth.SHA256, raw.Recording["sha256"])
	assert.Equal(t, "awaiting_share_url", raw.Transfer["status"])
	assert.NotEmpty(t, raw.Transcript)
}

func TestBundleOfASelection(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	titles := []string{
		"Weekly sync", "weekly SYNC", "=HYPERLINK(\"http://x\")", "ملخص الاجتماع الأسبوعي", "週次定例会議", "a/b\\c: \"d\" <e>|f?*", "CON", "",
		"- [ ] # *bold* [x](y) `z` $a$ %%b%%", strings.Repeat("very long title ", 40), "key: value\n---\nx", "../../etc/passwd",
	}
	for i, title := range titles {
		p.SaveRecord("meetings", map[string]any{
			"recording_id": 100 + i, "title": title, "recorded_at": "2026-03-01 10:00:00.000Z", "duration": 60,
			"summary": map[bool]string{true: "# Summary", false: ""}[i%2 == 0],
		})
	}
	p.SaveRecord("meetings", map[string]any{"recording_id": 7, "title": "Old", "recorded_at": "2020-01-01 10:00:00.000Z"})

	files := downloadBundle(p, map[string]any{"filter": "recorded_at > '2026-01-01'", "video": false})
	index := indexOf(t, files)
	require.Len(t, index, len(titles))
	folders := map[string]bool{}
	for _, entry := range index {
		title := titles[entry.RecordingID-100]
		folders[strings.ToLower(entry.Folder)] = true
		assert.True(t, strings.HasPrefix(entry.Folder, "2026-03-01 10.00"), entry.Folder)
		assert.NotRegexp(t, `[<>:"/\\|?*\x00-\x1f]|[. ]$`, entry.Folder)
		assert.Less(t, len([]rune(entry.Note)), 230, "Windows allows 260 characters for a path")
		assert.Equal(t, []string{"transcript", "summary"}[:1+(entry.RecordingID-100)%2], entry.NotStored)
		assert.Empty(t, entry.Video)
		want := strings.TrimSpace(strings.ReplaceAll(title, "\n", " "))
		if want == "" {
			want = "Untitled meeting"
		}
		assert.Equal(t, want, frontMatter(t, files[entry.Note])["title"])
		assert.Contains(t, files, entry.Folder+"/meeting.json")
	}
	assert.Len(t, folders, len(titles), "names are unique on systems that ignore case")
	assert.Equal(t, slices.IndexFunc(index, func(e bundleIndex) bool { return e.RecordingID == 111 }), 0, "the newest comes first")
	assert.True(t, strings.HasPrefix(files["index.csv"], "\ufeffdate,title,"))
	assert.Contains(t, files["index.csv"], `"'=HYPERLINK(""http://x"")"`)
	assert.Contains(t, files["index.md"], `\- \[ \] \# \*bold\* \[x\](y) \`+"`z\\`"+` \$a\$ \%\%b\%\%`)
	assert.NotContains(t, files["index.json"], `"Old"`)

	assert.Len(t, indexOf(t, downloadBundle(p, map[string]any{})), len(titles)+1, "no selection means all meetings")
	chosen := indexOf(t, downloadBundle(p, map[string]any{"recording_ids": []int{7, 100, 7}}))
	require.Len(t, chosen, 2)
	assert.ElementsMatch(t, []int64{7, 100}, []int64{chosen[0].RecordingID, chosen[1].RecordingID})
}

func TestSelectionsThatCannotBeBundled(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	many := make([]int, 201)
	for name, c := range map[string]struct {
		selection map[string]any
		want      string
	}{
		"unknown meeting":  {map[string]any{"recording_ids": []int{1, 99}}, "There is no meeting with the recording id 99."},
		"both":             {map[string]any{"recording_ids": []int{1}, "filter": "title != ''"}, "not by both"},
		"too many":         {map[string]any{"recording_ids": many}, "You can select 200 meetings at once."},
		"no match":         {map[string]any{"filter": "title = 'x'"}, "No meeting matches the filter."},
		"syntax":           {map[string]any{"filter": "title ="}, "The filter is not valid."},
		"unknown field":    {map[string]any{"filter": "nothing = 1"}, "The filter is not valid."},
		"other collection": {map[string]any{"filter": "@collection.connections.secret ~ 'a'"}, "can't use @collection"},
		"long filter":      {map[string]any{"filter": "title != '" + strings.Repeat("x", 2000) + "'"}, "more than 2000 characters"},
		"long pattern":     {map[string]any{"filter": "title ~ '" + strings.Repeat("x", 300) + "'"}, "more than 254 bytes"},
		"not a number":     {map[string]any{"recording_ids": []string{"x"}}, "must be JSON"},
	} {
		got := p.Own("POST", "/api/bundles", c.selection)
		assert.Equal(t, 400, got.Status, "%s: %s", name, got.Raw)
		assert.Contains(t, got.Text("message"), c.want, name)
	}
}

// A link is for the meetings that it was issued for.
func TestBundleLinkIsBoundToItsSelection(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	link, _ := requestBundle(p, map[string]any{"recording_ids": []int{1}, "video": false})
	require.Equal(t, 200, p.Call("GET", link, "", nil).Status)
	for name, other := range map[string]string{
		"more":          strings.Replace(link, "recording_ids=1", "recording_ids=1,2", 1),
		"video":         strings.Replace(link, "video=false", "video=true", 1),
		"filter":        link + "&filter=" + "title!%3D%27%27",
		"no parameters": strings.SplitN(link, "&", 2)[0],
		"export":        strings.Replace(strings.SplitN(link, "&", 2)[0], "/api/bundles", "/api/export", 1),
	} {
		assert.NotEqual(t, link, other, name)
		assert.Equal(t, 403, p.Call("GET", other, "", nil).Status, name)
	}
}

func TestBundleNamesMissingFiles(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	samples := p.CreateSamples()
	files, err := filepath.Glob(p.FolderPath(p.Name) + "/storage/*/*/" + samples.File)
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.NoError(t, os.Remove(files[0]))
	p.SaveRecord("meetings", map[string]any{"recording_id": 2, "title": "Not transferred"})

	bundle := downloadBundle(p, map[string]any{})
	missing := map[int64][]string{}
	for _, entry := range indexOf(t, bundle) {
		missing[entry.RecordingID] = entry.NotStored
	}
	assert.Equal(t, map[int64][]string{
		1: {"transcript", "summary", "file of the recording"}, 2: {"transcript", "summary", "recording"},
	}, missing)
	for name := range bundle {
		assert.NotContains(t, []string{".mp4", ".vtt", ".srt"}, path.Ext(name))
	}
}

func TestBundleOfRecordingsInS3(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s := apptest.Start(t, apptest.Options{Settings: bucket.Settings()})
	p := s.SignUp("ada@example.com")
	moveSampleToS3(p, bucket, p.CreateSamples())
	bundle := downloadBundle(p, map[string]any{})
	assert.Equal(t, p.Marker(), bundle[indexOf(t, bundle)[0].Video])

	link, _ := requestBundle(p, map[string]any{})
	bucket.Fail(s3test.HeadObject, s3test.Always, http.StatusForbidden, "AccessDenied")
	got := p.Call("GET", link, "", nil)
	assert.Equal(t, 503, got.Status, got.Raw)
	assert.Contains(t, got.Text("message"), "Try again later.")
}

func TestBundlesOfOneUserAreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateLargeRecording()
	other := s.SignUp("bob@example.com")
	other.CreateSamples()
	for range 3 {
		link, _ := requestBundle(p, map[string]any{})
		running := apptest.StartReading(t, link)
		defer running.Close()
	}
	link, _ := requestBundle(p, map[string]any{})
	got := p.Call("GET", link, "", nil)
	assert.Equal(t, 429, got.Status, got.Raw)
	assert.NotEmpty(t, got.Header.Get("Retry-After"))
	require.NotEmpty(t, downloadBundle(other, map[string]any{}), "others aren't affected")
}

// Not parallel: other tests would allocate too.
func TestBundleNeedsLittleMemory(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateLargeRecording()
	link, _ := requestBundle(p, map[string]any{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	response, err := http.Get(link)
	require.NoError(t, err)
	size, err := io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	runtime.ReadMemStats(&after)
	require.Greater(t, size, int64(256<<20))
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16<<20), "allocated while 256 MB were sent")
}
