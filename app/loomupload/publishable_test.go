package loomupload_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

func TestNothingIsSentThatCanNotBePublished(t *testing.T) {
	recording, _ := clip(1000)
	for name, test := range map[string]struct {
		schema, field string
		creates       int
	}{
		"unknown input": {
			`{"properties":{"videoId":{"type":"string"},"departmentCode":{"type":"string"}},"required":["videoId","departmentCode"]}`, "departmentCode", 1,
		},
		"nested": {
			`{"properties":{"inputs":{"type":"object","properties":{"videoId":{},"consent":{"type":"string"}},"required":["consent"]}},"required":["inputs"]}`, "inputs.consent", 1,
		},
		"a visibility that isn't offered": {
			`{"properties":{"videoId":{"type":"string"},"visibility":{"enum":["PUBLIC","STAFF"]}},"required":["visibility"]}`, "visibility", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.operation("createLoomVideoUpload", nameSchema, always(f.at(createAnswer)))
			f.operation("publishLoomVideo", test.schema, always(ownersVideo))
			f.operation("getLoomVideo", idSchema, always(ownersVideo))
			f.operation("listLoomVideos", noSchema, always(emptyList))
			p := f.problem(recording, loomupload.KindContract)
			assert.Contains(t, p.Message, test.field)
			assert.Contains(t, p.Message, "publishLoomVideo")
			assert.Contains(t, p.Advice, "yourself")
			assert.Empty(t, f.received, "no byte is sent")
			assert.Equal(t, test.creates, f.count("createLoomVideoUpload"))
			assert.Zero(t, f.count("publishLoomVideo"))
			check, err := f.uploads.Check(t.Context(), f.account)
			require.NoError(t, err)
			if test.creates == 0 {
				assert.Equal(t, loomupload.AbilityRead, check.Ability, "the check of the connection knows it already")
			}
		})
	}
}

func TestWhatTheUploadHostAnswersIsExpected(t *testing.T) {
	f := newFake(t)
	f.operation("createLoomVideoUpload", nameSchema, always(f.at(`{"uploadUrl":"HOST/put"}`)))
	f.operation("publishLoomVideo", `{"properties":{"uploadId":{"type":"string"},"fileId":{"type":"string"}},"required":["uploadId","fileId"]}`, always(ownersVideo))
	f.operation("getLoomVideo", idSchema, always(ownersVideo))
	f.respond = func(int) (int, string) { return 201, `{"id":"file-7","uploadId":"u-1"}` }
	recording, _ := clip(1000)
	f.mustUpload(recording, loom.Options{})
	assert.JSONEq(t, `{"uploadId":"u-1","fileId":"file-7"}`, f.inputs["publishLoomVideo"])
}
