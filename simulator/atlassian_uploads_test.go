package simulator_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// clip returns the bytes of a small video.
func clip(t *testing.T) []byte {
	t.Helper()
	s := start(t, simulator.Config{})
	return s.getURL(s.completed(1002).URL).body
}

// createUpload runs step 1 for a file and returns its answer.
func (s *session) createUpload(raw []byte) map[string]any {
	s.t.Helper()
	return s.mustCall("createLoomVideoUpload", map[string]any{"title": "Weekly", "fileName": "weekly.mp4", "fileSize": len(raw)})
}

// put sends a file to the address in an answer of UploadPut.
func (s *sim) put(answer map[string]any, raw []byte) (response, error) {
	upload := answer["upload"].(map[string]any)
	var header []string
	for name, value := range upload["headers"].(map[string]any) {
		header = append(header, name, value.(string))
	}
	return s.send(upload["method"].(string), upload["url"].(string), string(raw), header...)
}

// mustPut is put, and requires success.
func (s *sim) mustPut(answer map[string]any, raw []byte) {
	s.t.Helper()
	res, err := s.put(answer, raw)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, res.StatusCode, "%s", res.body)
}

func TestVideoCanBeUploadedWithAnAddress(t *testing.T) {
	t.Parallel()
	s, raw := startAtlassian(t, simulator.AtlassianConfig{}), clip(t)
	session := s.mustConnect()
	created := session.createUpload(raw)
	session.refusedCall("has not been uploaded", "publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	s.mustPut(created, raw)
	assert.Empty(t, s.Uploads(), "nothing is on Loom before step 2")

	published := session.mustCall("publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	id := created["videoId"].(string)
	assert.Equal(t, map[string]any{"id": id, "url": s.URL() + "/share/" + id, "isComplete": false}, published)
	require.Len(t, s.Uploads(), 1)
	v := s.Uploads()[0]
	assert.Equal(t, id, v.ID)
	assert.Equal(t, "Weekly", v.Title)
	assert.Equal(t, sum(raw), v.SHA256)
	assert.NotZero(t, v.Duration)
	assert.Equal(t, simulator.DemoAtlassianEmail, v.Owner)
	truth := s.AtlassianUploads()
	require.Len(t, truth, 1)
	assert.True(t, truth[0].Sent && truth[0].Published)
	assert.Equal(t, int64(len(raw)), truth[0].Size)
	assert.Equal(t, 2, truth[0].Publishes)
	assert.Equal(t, 1, truth[0].Requests)
	assert.Equal(t, 2, s.AtlassianStats().Calls["publishLoomVideo"])
	assert.Equal(t, 1, s.AtlassianStats().MaxParallel)
	assert.Empty(t, s.Violations())

	session.refusedCall("already been published", "publishLoomVideo", map[string]any{"videoId": id})
	assert.Len(t, s.Uploads(), 1)
	assert.Len(t, s.Violations(), 1, "a client must look up what happened before it repeats step 2")
	res, err := s.put(created, raw)
	require.NoError(t, err)
	assert.Equal(t, http.StatusConflict, res.StatusCode)
}

func TestVideoCanBeUploadedWithAForm(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{Form: simulator.UploadMultipart}})
	session := s.mustConnect()
	created := session.createUpload([]byte("abc"))
	upload := created["upload"].(map[string]any)
	send := func(withFields bool) int {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		if withFields {
			for name, value := range upload["fields"].(map[string]any) {
				require.NoError(t, w.WriteField(name, value.(string)))
			}
		}
		part, err := w.CreateFormFile(upload["fileField"].(string), "weekly.mp4")
		require.NoError(t, err)
		_, _ = part.Write([]byte("abc"))
		require.NoError(t, w.Close())
		res, err := s.send(http.MethodPost, upload["url"].(string), form.String(), "Content-Type", w.FormDataContentType())
		require.NoError(t, err)
		return res.StatusCode
	}
	assert.Equal(t, http.StatusBadRequest, send(false))
	assert.Equal(t, http.StatusNoContent, send(true))
	session.mustCall("publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	assert.Equal(t, sum([]byte("abc")), s.Uploads()[0].SHA256)
}

func TestVideoCanBeUploadedWithACurlCommand(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{Form: simulator.UploadCurl, HideUploadID: true}})
	session := s.mustConnect()
	session.refusedCall(`"filePath" is required`, "createLoomVideoUpload", map[string]any{"title": "x"})
	created := session.mustCall("createLoomVideoUpload", map[string]any{"filePath": `C:\clips\it is.mp4`})
	assert.NotContains(t, created, "videoId")
	command := created["uploadCommand"].(string)
	assert.Contains(t, command, "--data-binary '@it is.mp4'")
	url := regexp.MustCompile(`POST '([^']+)'`).FindStringSubmatch(command)[1]
	bearer := regexp.MustCompile(`Authorization: ([^']+)'`).FindStringSubmatch(command)[1]
	for _, header := range []string{"", demoBasic()} {
		res, err := s.send(http.MethodPost, url, "abc", "Authorization", header)
		require.NoError(t, err)
		assert.Equal(t, http.StatusBadRequest, res.StatusCode, header)
	}
	res, err := s.send(http.MethodPost, url, "abc", "Authorization", bearer)
	require.NoError(t, err)
	var uploaded struct{ Data struct{ ID string } }
	res.decode(t, &uploaded)
	session.mustCall("publishLoomVideo", map[string]any{"videoId": uploaded.Data.ID})
	assert.Equal(t, "it is", s.Uploads()[0].Title)
	assert.Len(t, s.Violations(), 1, "the credentials of the MCP server must not arrive at the host of uploads")
}

func TestVideoCanBeUploadedInParts(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{Form: simulator.UploadParts, PartSize: 4}})
	session := s.mustConnect()
	created := session.createUpload([]byte("0123456789"))
	upload := created["upload"].(map[string]any)
	parts := upload["parts"].([]any)
	require.Len(t, parts, 3)
	send := func(number int, content string) int {
		res, err := s.send(http.MethodPut, parts[number-1].(map[string]any)["url"].(string), content)
		require.NoError(t, err)
		return res.StatusCode
	}
	assert.Equal(t, 400, send(1, "012"))
	assert.Equal(t, 200, send(1, "0123"))
	assert.Equal(t, 200, send(2, "xxxx"))
	session.refusedCall("has not been uploaded", "publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	assert.Equal(t, 200, send(2, "4567"), "a part can be sent again")
	assert.Equal(t, 200, send(3, "89"))
	session.mustCall("publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	assert.Equal(t, sum([]byte("0123456789")), s.Uploads()[0].SHA256)
	assert.Equal(t, int64(10), s.Uploads()[0].Size)
}

func TestHostOfUploadsIsStrict(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	created := session.createUpload([]byte("abc"))
	upload := created["upload"].(map[string]any)
	res, err := s.send(http.MethodPut, upload["url"].(string), "abc")
	require.NoError(t, err)
	assert.Equal(t, 400, res.StatusCode, "the headers are missing")
	res, err = s.put(created, []byte("ab"))
	require.NoError(t, err)
	assert.Equal(t, 400, res.StatusCode, "the size differs from the announced one")
	res, err = s.send(http.MethodPut, s.URL()+"/atlassian-upload/unknown", "abc")
	require.NoError(t, err)
	assert.Equal(t, 404, res.StatusCode)
}

func TestAddressesOfUploadsExpire(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, simulator.Config{Meetings: -1, Now: clock.Now, Atlassian: &simulator.AtlassianConfig{}})
	session := s.mustConnect()
	created := session.createUpload([]byte("abc"))
	clock.Advance(simulator.DefaultUploadExpiry + time.Second)
	res, err := s.put(created, []byte("abc"))
	require.NoError(t, err)
	assert.Equal(t, http.StatusForbidden, res.StatusCode)
	assert.Contains(t, string(res.body), "expired")

	created = session.createUpload([]byte("abc"))
	s.ExpireAtlassianUploads()
	res, err = s.put(created, []byte("abc"))
	require.NoError(t, err)
	assert.Equal(t, http.StatusForbidden, res.StatusCode)
	s.mustPut(session.createUpload([]byte("abc")), []byte("abc"))
}

func TestUploadsAreRefused(t *testing.T) {
	t.Parallel()
	s, raw := startAtlassian(t, simulator.AtlassianConfig{}), clip(t)
	session := s.mustConnect()
	behave := func(change func(*simulator.AtlassianBehaviour)) {
		s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { *b = simulator.AtlassianBehaviour{}; change(b) })
	}
	session.refusedCall(simulator.RefusalType, "createLoomVideoUpload", map[string]any{"fileName": "a.txt", "fileSize": 1})
	session.refusedCall(simulator.RefusalSize, "createLoomVideoUpload", map[string]any{"fileName": "a.mp4", "fileSize": 5 << 30})
	behave(func(b *simulator.AtlassianBehaviour) { b.MaxSeconds = 1 })
	created := session.createUpload(raw)
	s.mustPut(created, raw)
	session.refusedCall(simulator.RefusalDuration, "publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	behave(func(b *simulator.AtlassianBehaviour) { b.MaxVideos = 1 })
	session.mustCall("publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	session.refusedCall(simulator.RefusalQuota, "createLoomVideoUpload", map[string]any{"fileName": "a.mp4", "fileSize": 1})

	behave(func(b *simulator.AtlassianBehaviour) { b.ExtraInput = "workspaceKind" })
	session.refusedCall(`"workspaceKind" is required`, "createLoomVideoUpload", map[string]any{"fileName": "a.mp4", "fileSize": 1})
	behave(func(b *simulator.AtlassianBehaviour) {
		b.InputNames = map[string]string{"title": "name", "fileSize": "contentLength"}
	})
	session.refusedCall(`unrecognized key`, "createLoomVideoUpload", map[string]any{"fileName": "a.mp4", "contentLength": 1, "title": "x"})
	created = session.mustCall("createLoomVideoUpload", map[string]any{"fileName": "a.mp4", "contentLength": 1, "name": "Named"})
	uploads := s.AtlassianUploads()
	assert.Equal(t, "Named", uploads[len(uploads)-1].Title)
	assert.NotEmpty(t, created["videoId"])
}

func TestOperationsCanBeRenamedOrBlocked(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) {
		b.Renamed = map[string]string{"createLoomVideoUpload": "startLoomUpload"}
	})
	assert.Contains(t, session.toolNames(), "startLoomUpload")
	assert.NotContains(t, session.toolNames(), "createLoomVideoUpload")
	_, err := session.call("createLoomVideoUpload", nil)
	require.ErrorContains(t, err, "unknown tool")
	session = s.mustConnect()
	assert.Contains(t, session.mustCall("startLoomUpload", map[string]any{"fileName": "a.mp4", "fileSize": 1}), "upload")
	assert.Equal(t, 2, s.AtlassianStats().Calls["createLoomVideoUpload"])

	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.WriteBlocked = true })
	names := session.toolNames()
	assert.Contains(t, names, "listLoomVideos")
	for _, name := range []string{"startLoomUpload", "publishLoomVideo", "updateLoomVideoTitle", "createLoomFolder", "recoverLoomVideo"} {
		assert.NotContains(t, names, name)
	}
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.ReadBlocked = true })
	assert.NotContains(t, strings.Join(session.toolNames(), " "), "Loom")
}

// published uploads and publishes a small file and returns the id of its video.
func (s *sim) published(session *session) string {
	s.t.Helper()
	created := session.createUpload([]byte("abc"))
	s.mustPut(created, []byte("abc"))
	session.mustCall("publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	return created["videoId"].(string)
}

func TestVideosInTheLibrary(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	s.AddAtlassianToken(simulator.AtlassianToken{Email: "b@example.com", Token: "b"})
	session := s.mustConnect()
	ids := []string{s.published(session), s.published(session), s.published(session)}

	var listed []string
	after := ""
	for page := range 2 {
		inputs := map[string]any{"first": 2}
		if after != "" {
			inputs["after"] = after
		}
		answer := session.mustCall("listLoomVideos", inputs)
		for _, v := range answer["videos"].([]any) {
			listed = append(listed, v.(map[string]any)["id"].(string))
		}
		info := answer["pageInfo"].(map[string]any)
		assert.Equal(t, page == 0, info["hasNextPage"])
		after, _ = info["endCursor"].(string)
	}
	assert.Equal(t, []string{ids[2], ids[1], ids[0]}, listed, "newest first")

	other, err := s.connect(basic("b@example.com", "b"), true)
	require.NoError(t, err)
	assert.Empty(t, other.mustCall("listLoomVideos", nil)["videos"])
	other.refusedCall("not found", "getLoomVideo", map[string]any{"videoId": ids[0]})
	_, err = s.Upload(t.Context(), "by hand.mp4", strings.NewReader("x"))
	require.NoError(t, err)
	byHand := other.mustCall("listLoomVideos", nil)["videos"].([]any)[0].(map[string]any)
	assert.Equal(t, "by hand", byHand["name"])
	assert.Equal(t, true, byHand["isComplete"])

	for _, id := range []string{ids[0], s.URL() + "/share/" + ids[0], fmt.Sprintf("ari:cloud:loom:%s:video/activation/x/%s", northwind, ids[0])} {
		assert.Equal(t, ids[0], session.mustCall("getLoomVideo", map[string]any{"videoId": id})["id"])
	}
	session.mustCall("updateLoomVideoTitle", map[string]any{"videoId": ids[0], "title": "Renamed"})
	folders := session.mustCall("listLoomFolders", nil)["folders"].([]any)
	folder := folders[0].(map[string]any)["id"]
	session.mustCall("moveLoomVideoToFolder", map[string]any{"videoId": ids[0], "folderId": folder})
	session.refusedCall("folder not found", "moveLoomVideoToFolder", map[string]any{"videoId": ids[0], "folderId": "x"})
	read := session.mustCall("getLoomVideo", map[string]any{"videoId": ids[0]})
	assert.Equal(t, "Renamed", read["name"])
	assert.Equal(t, folder, read["folderId"])
	made := session.mustCall("createLoomFolder", map[string]any{"name": "New"})
	assert.Contains(t, fmt.Sprint(session.mustCall("listLoomFolders", nil)["folders"]), made["id"])
}

func TestVisibilityDecidesWhoSeesAVideo(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	id := s.published(session)
	share := s.URL() + "/share/" + id
	visibility := func() any { return session.mustCall("getLoomVideo", map[string]any{"videoId": id})["visibility"] }
	assert.Equal(t, "public", visibility())
	assert.Equal(t, http.StatusOK, s.oembed(share).StatusCode)
	for _, value := range []string{"owner", "workspace"} {
		session.mustCall("updateLoomVideoPermissions", map[string]any{"videoId": id, "visibility": value})
		assert.Equal(t, value, visibility())
		assert.Equal(t, http.StatusNotFound, s.oembed(share).StatusCode)
		assert.Equal(t, http.StatusNotFound, s.getURL(share).StatusCode)
	}
	session.refusedCall("not valid", "updateLoomVideoPermissions", map[string]any{"videoId": id, "visibility": "everyone"})
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.FixedSharing = true })
	session.mustCall("updateLoomVideoPermissions", map[string]any{"videoId": id, "visibility": "owner"})
	assert.Equal(t, "workspace", visibility(), "success was reported, but nothing has changed")
}

func TestProcessingEndsOrDoesNot(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	id := s.published(session)
	complete := func() any { return session.mustCall("getLoomVideo", map[string]any{"videoId": id})["isComplete"] }
	assert.Equal(t, false, complete())
	assert.Equal(t, true, complete())
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.NeverComplete = true })
	assert.Equal(t, false, complete())
}

func TestIDsCanBeResourceIdentifiersAndPublishingCanBeBlank(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{ResourceIDs: true}})
	session := s.mustConnect()
	created := session.createUpload([]byte("abc"))
	assert.Regexp(t, `^ari:cloud:loom:`+northwind+`:video/activation/[0-9a-f-]{36}/[0-9a-f]{32}$`, created["videoId"])
	s.mustPut(created, []byte("abc"))
	published := session.mustCall("publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	assert.Regexp(t, `^ari:cloud:loom::video/[0-9a-f]{32}$`, published["id"])
	assert.Equal(t, created["videoId"], session.mustCall("getLoomVideo", map[string]any{"videoId": published["id"]})["id"])

	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { *b = simulator.AtlassianBehaviour{PublishBlank: true} })
	created = session.createUpload([]byte("abc"))
	s.mustPut(created, []byte("abc"))
	assert.Equal(t, map[string]any{"success": true}, session.mustCall("publishLoomVideo", map[string]any{"videoId": created["videoId"]}))
}
