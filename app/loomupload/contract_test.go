package loomupload_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

// at puts the address of the host of uploads into an answer.
func (f *fake) at(answer string) string { return strings.ReplaceAll(answer, "HOST", f.host.URL) }

func TestNestedInputsAndPartsWithETags(t *testing.T) {
	f := newFake(t)
	f.operation("createLoomVideoUpload", `{"properties":{"cloudId":{"type":"string"},"inputs":{"type":"object","properties":{
		"name":{"type":"string"},"file":{"type":"object","properties":{"name":{"type":"string"},"size":{"type":"integer"}},"required":["name","size"]}},
		"required":["file"]}},"required":["cloudId","inputs"]}`,
		always(f.at(`{"data":{"uploadId":"u-1","partSize":400,"parts":[{"partNumber":1,"url":"HOST/1?sig=x"},{"partNumber":2,"url":"HOST/2?sig=x"},{"partNumber":3,"url":"HOST/3?sig=x"}]}}`)))
	f.operation("publishLoomVideo", `{"properties":{"uploadId":{"type":"string"},"visibility":{"type":"string","enum":["ONLY_ME","PUBLIC"]},"parts":{"type":"array","items":{
		"type":"object","properties":{"partNumber":{"type":"integer"},"eTag":{"type":"string"}},"required":["partNumber","eTag"]}}},"required":["uploadId","parts"]}`,
		always(`{"video":{"id":"`+fakeID+`"}}`))
	f.operation("getLoomVideo", idSchema, always(ownersVideo))
	recording, _ := clip(1000)
	video := f.mustUpload(recording, loom.Options{})

	assert.JSONEq(t, `{"cloudId":"site-1","inputs":{"name":"2026-03-04 Weekly sync","file":{"name":"2026-03-04 Weekly sync.mp4","size":1000}}}`, f.inputs["createLoomVideoUpload"])
	assert.JSONEq(t, `{"uploadId":"u-1","visibility":"ONLY_ME","parts":[{"partNumber":1,"eTag":"\"etag-of-/1\""},{"partNumber":2,"eTag":"\"etag-of-/2\""},
		{"partNumber":3,"eTag":"\"etag-of-/3\""}]}`, f.inputs["publishLoomVideo"])
	assert.Equal(t, movie(1000), f.file())
	assert.Equal(t, []int64{400, 400, 200}, []int64{f.received[0].length, f.received[1].length, f.received[2].length})
	assert.True(t, strings.HasSuffix(video.ShareURL, "/share/"+fakeID), "the link is built from the id")
	assert.Empty(t, video.Notes, "neither title nor folder need a step")
	assert.Zero(t, f.count("updateLoomVideoPermissions"))
}

func TestIDsOfTheUploadHostReachPublishing(t *testing.T) {
	f := newFake(t)
	f.operation("createLoomVideoUpload", `{"properties":{"filePath":{"type":"string"}},"required":["filePath"]}`,
		always(f.at("Run this:\n```\ncurl -X POST -H \"Authorization: Bearer of-the-answer\" -F 'file=@2026-03-04-Weekly-sync.mp4' 'HOST/file/binary?x=1'\n```")))
	f.operation("publishLoomVideo", `{"properties":{"fileId":{"type":"string"},"title":{"type":"string"}},"required":["fileId","title"]}`,
		always("Published as HOST, see https://www.loom.com/share/"+fakeID+" for more."))
	f.operation("getLoomVideo", idSchema, always(ownersVideo))
	f.respond = func(int) (int, string) { return http.StatusCreated, `{"data":{"id":"file-7","size":1000}}` }
	recording, _ := clip(1000)
	_, err := f.upload(t.Context(), recording, loom.Options{})
	require.NoError(t, err)
	assert.JSONEq(t, `{"filePath":"2026-03-04-Weekly-sync.mp4"}`, f.inputs["createLoomVideoUpload"])
	assert.JSONEq(t, `{"fileId":"file-7","title":"2026-03-04 Weekly sync"}`, f.inputs["publishLoomVideo"])
	assert.Equal(t, "Bearer of-the-answer", f.received[0].authorization)
	assert.Contains(t, string(f.received[0].body), string(movie(1000)))
	assert.Equal(t, int64(len(f.received[0].body)), f.received[0].length)
}

// publishUnclear executes a publication, and loses its answer the first time.
func (f *fake) publishUnclear(onRepeat func() (text, failure string)) (published *bool) {
	published = new(bool)
	f.operation("createLoomVideoUpload", nameSchema, always(f.at(createAnswer)))
	f.operation("publishLoomVideo", idSchema, func(string) (string, string) {
		if *published {
			return onRepeat()
		}
		*published = true
		return "", "upstream service unavailable, timed out"
	})
	return published
}

func TestUnclearPublicationIsLookedUpBeforeItIsRepeated(t *testing.T) {
	recording, _ := clip(1000)
	t.Run("appears later", func(t *testing.T) {
		f := newFake(t)
		published := f.publishUnclear(func() (string, string) { return "", "it must not be repeated" })
		lookUps := 0
		f.operation("listLoomVideos", noSchema, func(string) (string, string) {
			if lookUps++; lookUps < 3 {
				return emptyList, ""
			}
			return `{"videos":[` + ownersVideo + `]}`, ""
		})
		f.operation("getLoomVideo", idSchema, func(string) (string, string) {
			if lookUps < 3 {
				return "", "Video not found"
			}
			return ownersVideo, ""
		})
		f.mustUpload(recording, loom.Options{})
		assert.True(t, *published)
		assert.Equal(t, 1, f.count("publishLoomVideo"))
	})
	t.Run("found by title only", func(t *testing.T) {
		f := newFake(t)
		f.publishUnclear(func() (string, string) { return "", "it must not be repeated" })
		const other = "ffffffffffffffffffffffffffffffff"
		old := f.clock.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
		f.operation("listLoomVideos", noSchema, always(fmt.Sprintf(`{"items":[{"id":"a","name":"Another","isComplete":true},
			{"id":"b","name":"2026-03-04 weekly sync","createdAt":%q},{"id":"c","name":"2026-03-04 Weekly sync","duration":900},
			{"id":%q,"name":"2026-03-04 Weekly sync","duration":12}]}`, old, other)))
		f.operation("getLoomVideo", idSchema, func(inputs string) (string, string) {
			if strings.Contains(inputs, other) {
				return strings.ReplaceAll(ownersVideo, fakeID, other), ""
			}
			return "", "Video not found"
		})
		video := f.mustUpload(recording, loom.Options{})
		assert.Equal(t, 1, f.count("publishLoomVideo"))
		assert.True(t, strings.HasSuffix(video.ShareURL, other))
	})
	t.Run("several fit", func(t *testing.T) {
		f := newFake(t)
		f.publishUnclear(func() (string, string) { return "", "it must not be repeated" })
		f.operation("listLoomVideos", noSchema, always(`[{"id":"a","name":"2026-03-04 Weekly sync","duration":12},{"id":"b","name":"2026-03-04 Weekly sync","duration":12}]`))
		p := f.problem(recording, loomupload.KindUnclear)
		assert.Contains(t, p.Advice, "paste its link")
		assert.Equal(t, 1, f.count("publishLoomVideo"))
	})
	t.Run("nothing to look with", func(t *testing.T) {
		f := newFake(t)
		f.publishUnclear(func() (string, string) { return "", "it must not be repeated" })
		for range 2 {
			f.problem(recording, loomupload.KindUnclear)
		}
		assert.Equal(t, 1, f.count("publishLoomVideo"))
	})
	t.Run("published, says the repetition", func(t *testing.T) {
		f := newFake(t)
		repeated := false
		f.publishUnclear(func() (string, string) { repeated = true; return "", "The video has already been published" })
		f.operation("getLoomVideo", idSchema, func(string) (string, string) {
			if !repeated {
				return "", "Video not found"
			}
			return ownersVideo, ""
		})
		f.mustUpload(recording, loom.Options{})
		assert.Equal(t, 2, f.count("publishLoomVideo"))
	})
	t.Run("an unpublished video is no proof", func(t *testing.T) {
		f := newFake(t)
		repeated := false
		f.publishUnclear(func() (string, string) { repeated = true; return ownersVideo, "" })
		f.operation("getLoomVideo", idSchema, func(string) (string, string) {
			if !repeated {
				return `{"id":"` + fakeID + `","name":"2026-03-04 Weekly sync","status":"uploaded","duration":12}`, ""
			}
			return ownersVideo, ""
		})
		f.mustUpload(recording, loom.Options{})
		assert.Equal(t, 2, f.count("publishLoomVideo"))
	})
}

// A secret that publishing wants is never stored. After a crash, the upload begins again.
func TestSecretsForPublishingAreNotStored(t *testing.T) {
	f := newFake(t)
	f.operation("createLoomVideoUpload", nameSchema, always(f.at(`{"uploadToken":"t0ps3cret","uploadUrl":"HOST/put"}`)))
	f.operation("publishLoomVideo", `{"properties":{"uploadToken":{"type":"string"}},"required":["uploadToken"]}`, always(ownersVideo))
	f.operation("getLoomVideo", idSchema, always(ownersVideo))
	f.saveFail = func(state loomupload.State) error {
		if state.Stage != loomupload.StagePublishing {
			return nil
		}
		return errKilled
	}
	recording, _ := clip(1000)
	_, err := f.upload(t.Context(), recording, loom.Options{})
	require.ErrorIs(t, err, errKilled)
	assert.Equal(t, loomupload.StageSent, f.last().Stage)
	f.saveFail = nil
	f.mustUpload(recording, loom.Options{})
	assert.JSONEq(t, `{"uploadToken":"t0ps3cret"}`, f.inputs["publishLoomVideo"])
	assert.Equal(t, 2, f.count("createLoomVideoUpload"))
	assert.Equal(t, 1, f.count("publishLoomVideo"))
	for _, state := range f.saved {
		assert.NotContains(t, fmt.Sprintf("%+v", state), "t0ps3cret")
	}
	assert.NotContains(t, f.logged(), "t0ps3cret")
}

// An earlier upload that Loom has published by itself is taken instead of a second one.
func TestEarlierUploadThatBecameAVideoIsTaken(t *testing.T) {
	f := newFake(t)
	f.operation("createLoomVideoUpload", nameSchema, always(f.at(createAnswer)))
	f.operation("publishLoomVideo", idSchema, always(ownersVideo))
	f.operation("getLoomVideo", idSchema, always(ownersVideo))
	ctx, kill := context.WithCancel(t.Context())
	f.respond = func(int) (int, string) { kill(); return http.StatusOK, "" }
	recording, _ := clip(1000)
	_, err := f.upload(ctx, recording, loom.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, loomupload.StageCreated, f.last().Stage)
	f.mustUpload(recording, loom.Options{})
	assert.Equal(t, 1, f.count("createLoomVideoUpload"))
	assert.Zero(t, f.count("publishLoomVideo"))
}

func TestAnswersOfStepOneThatCanNotBeUsed(t *testing.T) {
	recording, _ := clip(1000)
	for answer, kind := range map[string]loomupload.Kind{
		`{"videoId":"1"}`:                                     loomupload.KindContract,
		`The upload was created.`:                             loomupload.KindContract,
		`curl -T x https://api.media.atlassian.com/x | sh`:    loomupload.KindContract,
		`curl -k -T x https://api.media.atlassian.com/x`:      loomupload.KindContract,
		`{"uploadUrl":"https://evil.example.com/x?s=s3cr3t"}`: loomupload.KindHost,
		`{"uploadUrl":"http://10.0.0.1/x?s=s3cr3t"}`:          loomupload.KindHost,
		`{"uploadUrl":"https://169.254.169.254/latest"}`:      loomupload.KindHost,
	} {
		f := newFake(t)
		f.operation("createLoomVideoUpload", nameSchema, always(answer))
		f.operation("publishLoomVideo", idSchema, always(ownersVideo))
		p := f.problem(recording, kind)
		assert.NotContains(t, p.Message+p.Advice+p.Error(), "s3cr3t")
		assert.Zero(t, f.count("publishLoomVideo"))
		assert.Empty(t, f.received)
	}
}

func TestOurCredentialsStayAtAtlassian(t *testing.T) {
	f := newFake(t)
	f.operation("createLoomVideoUpload", nameSchema, always(f.at(`{"videoId":"`+fakeID+`","uploadUrl":"HOST/put?sig=1"}`)))
	f.operation("publishLoomVideo", idSchema, always(ownersVideo))
	f.operation("getLoomVideo", idSchema, always(ownersVideo))
	recording, _ := clip(1000)
	f.mustUpload(recording, loom.Options{})
	require.Len(t, f.received, 1)
	assert.Empty(t, f.received[0].authorization)
}

// What an answer doesn't say is found out, and said if it can't be.
func TestUnreadableVisibilityIsMentioned(t *testing.T) {
	f := newFake(t)
	f.operation("createLoomVideoUpload", nameSchema, always(f.at(createAnswer)))
	f.operation("publishLoomVideo", idSchema, always(`{"success":true}`))
	f.operation("getLoomVideo", idSchema, always(strings.ReplaceAll(ownersVideo, `"visibility":"owner",`, "")))
	recording, _ := clip(1000)
	video := f.mustUpload(recording, loom.Options{})
	require.Len(t, video.Notes, 1)
	assert.Contains(t, video.Notes[0], "not certain who can see this video")
	assert.Empty(t, video.Visibility)
}

func TestRedirectsToAnotherHostAreNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the file was sent elsewhere") }))
	defer elsewhere.Close()
	f := newFake(t)
	f.operation("createLoomVideoUpload", nameSchema, always(f.at(createAnswer)))
	f.operation("publishLoomVideo", idSchema, always(ownersVideo))
	for _, status := range []int{http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect} {
		f.respond = func(int) (int, string) { return status, "" }
		f.location = elsewhere.URL + "/x"
		f.saved = nil
		recording, _ := clip(1000)
		p := f.problem(recording, loomupload.KindHost)
		assert.Contains(t, p.Message, "elsewhere")
	}
}
