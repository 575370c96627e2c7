package loomupload

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

func parseSchema(t testing.TB, text string) map[string]any {
	t.Helper()
	var schema map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &schema))
	return schema
}

func sampleValues() values {
	recording := loom.Recording{FileName: "Weekly sync's end.mp4", Title: "Weekly", Size: 12345, Duration: 61400 * time.Millisecond}
	return uploadValues(recording, loom.Options{Visibility: loom.VisibilityOwner, Folder: "f1"}).with(values{meansSite: text("site-1")})
}

// fillSample fills a schema with the sample values, and returns the inputs as JSON.
func fillSample(t testing.TB, schema string) (string, error) {
	t.Helper()
	inputs, _, err := fill("createLoomVideoUpload", parseSchema(t, schema), sampleValues(), map[string]any{"uploadid": "u-9", "mimetoken": "x"})
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(inputs)
	require.NoError(t, err)
	return string(raw), nil
}

func TestInputsAreFilledFromTheSchema(t *testing.T) {
	for name, test := range map[string]struct{ schema, want string }{
		"usual names": {
			`{"type":"object","properties":{"title":{"type":"string"},"fileName":{"type":"string"},"fileSize":{"type":"integer"},"contentType":{"type":"string"},"cloudId":{"type":"string"}},"required":["title"]}`,
			`{"title":"Weekly sync's end","fileName":"Weekly sync's end.mp4","fileSize":12345,"contentType":"video/mp4","cloudId":"site-1"}`,
		},
		"other names": {
			`{"properties":{"name":{},"file_name":{"type":["string","null"]},"size-bytes":{"type":"number"},"MIMEType":{"type":"string"}}}`,
			`{"name":"Weekly sync's end","file_name":"Weekly sync's end.mp4","size-bytes":12345,"MIMEType":"video/mp4"}`,
		},
		"a path is a plain base name": {`{"properties":{"localFilePath":{"type":"string"}}}`, `{"localFilePath":"Weekly-sync-s-end.mp4"}`},
		"nested inputs": {
			`{"properties":{"cloudId":{"type":"string"},"inputs":{"type":"object","properties":{"title":{"type":"string"},"file":{"type":"object","properties":{"name":{"type":"string"},"size":{"type":"integer"},"type":{"type":"string"}},"required":["name"]}},"required":["file"]}},"required":["cloudId","inputs"]}`,
			`{"cloudId":"site-1","inputs":{"title":"Weekly sync's end","file":{"name":"Weekly sync's end.mp4","size":12345,"type":"video/mp4"}}}`,
		},
		"unknown optional objects stay away": {
			`{"properties":{"title":{"type":"string"},"owner":{"type":"object","properties":{"name":{"type":"string"},"id":{"type":"string"}},"required":["name"]}}}`,
			`{"title":"Weekly sync's end"}`,
		},
		"an optional group that can't be completed stays away": {
			`{"properties":{"title":{},"metadata":{"type":"object","properties":{"fileName":{},"department":{"type":"string"}},"required":["department"]}}}`,
			`{"title":"Weekly sync's end"}`,
		},
		"size as text":              {`{"properties":{"size":{"type":"string"}}}`, `{"size":"12345"}`},
		"visibility by meaning":     {`{"properties":{"visibility":{"type":"string","enum":["PUBLIC","ONLY_ME","WORKSPACE"]}}}`, `{"visibility":"ONLY_ME"}`},
		"visibility without values": {`{"properties":{"visibility":{"type":"string"}}}`, `{}`},
		"visibility as described":   {`{"properties":{"visibility":{"type":"string","description":"One of owner, workspace, public."}}}`, `{"visibility":"owner"}`},
		"visibility as nobody knows": {
			`{"properties":{"title":{},"visibility":{"type":"string","enum":["PUBLIC","RESTRICTED"]}}}`, `{"title":"Weekly sync's end"}`,
		},
		"type by meaning":            {`{"properties":{"fileType":{"enum":["MOV","MP4"]}}}`, `{"fileType":"MP4"}`},
		"a folder is left for later": {`{"properties":{"folderId":{"type":"string"}}}`, `{}`},
		"a folder that is required":  {`{"properties":{"folderId":{"type":"string"}},"required":["folderId"]}`, `{"folderId":"f1"}`},
		"length in seconds":          {`{"properties":{"durationSeconds":{"type":"integer"},"durationMs":{"type":"integer"},"duration":{"type":"integer"}}}`, `{"durationSeconds":61,"durationMs":61400}`},
		"a long title is shortened":  {`{"properties":{"title":{"type":"string","maxLength":7}}}`, `{"title":"Weekly"}`},
		"earlier values by name":     {`{"properties":{"uploadId":{"type":"string"}},"required":["uploadId"]}`, `{"uploadId":"u-9"}`},
		"the only value":             {`{"properties":{"source":{"const":"api"},"kind":{"enum":["video"]}},"required":["source","kind"]}`, `{"source":"api","kind":"video"}`},
		"the default":                {`{"properties":{"notify":{"type":"boolean","default":false}},"required":["notify"]}`, `{"notify":false}`},
		"null where it is allowed":   {`{"properties":{"teamId":{"type":["string","null"]},"note":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["teamId","note"]}`, `{"teamId":null,"note":null}`},
		"references": {
			`{"$defs":{"name":{"type":"string"},"all":{"properties":{"fileName":{"$ref":"#/$defs/name"}},"required":["fileName"]}},"allOf":[{"$ref":"#/$defs/all"},{"properties":{"title":{"type":"string"}}}]}`,
			`{"fileName":"Weekly sync's end.mp4","title":"Weekly sync's end"}`,
		},
		"alternatives": {
			`{"properties":{"title":{}},"oneOf":[{"properties":{"sourceUrl":{"type":"string"}},"required":["sourceUrl"]},{"properties":{"filePath":{"type":"string"}},"required":["filePath"]}]}`,
			`{"title":"Weekly sync's end","filePath":"Weekly-sync-s-end.mp4"}`,
		},
		"alternative types":       {`{"properties":{"size":{"oneOf":[{"type":"boolean"},{"type":"string"}]}}}`, `{"size":"12345"}`},
		"a list of one":           {`{"properties":{"title":{"type":"array","items":{"type":"string"}}}}`, `{"title":["Weekly sync's end"]}`},
		"nothing is described":    {`{"type":"object"}`, `{}`},
		"no schema":               {`{}`, `{}`},
		"additional properties":   {`{"properties":{"title":{"type":"string"}},"additionalProperties":{"type":"string"}}`, `{"title":"Weekly sync's end"}`},
		"a pattern that Go lacks": {`{"properties":{"title":{"type":"string","pattern":"^(?!x)"}}}`, `{"title":"Weekly sync's end"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := fillSample(t, test.schema)
			require.NoError(t, err)
			assert.JSONEq(t, test.want, got)
		})
	}
}

func TestUnknownRequiredInputsAreNamedAndNeverGuessed(t *testing.T) {
	for name, test := range map[string]struct{ schema, names string }{
		"unknown":                              {`{"properties":{"title":{},"departmentCode":{"type":"string"}},"required":["departmentCode"]}`, `"departmentCode"`},
		"not even described":                   {`{"properties":{"title":{}},"required":["departmentCode"]}`, `"departmentCode"`},
		"nested":                               {`{"properties":{"inputs":{"type":"object","properties":{"checksum":{"type":"string"}},"required":["checksum"]}},"required":["inputs"]}`, `"inputs.checksum"`},
		"an unknown choice":                    {`{"properties":{"region":{"enum":["eu","us"]}},"required":["region"]}`, `"region"`},
		"visibility":                           {`{"properties":{"visibility":{"enum":["OPEN","CLOSED"]}},"required":["visibility"]}`, `"visibility"`},
		"ambiguous visibility":                 {`{"properties":{"visibility":{"enum":["private","only_me"]}},"required":["visibility"]}`, `"visibility"`},
		"a default is no choice of visibility": {`{"properties":{"visibility":{"enum":["OPEN","CLOSED"],"default":"OPEN"}},"required":["visibility"]}`, `"visibility"`},
		"known, but not here":                  {`{"properties":{"videoId":{"type":"string"}},"required":["videoId"]}`, `"videoId"`},
		"a length of unknown unit":             {`{"properties":{"duration":{"type":"integer"}},"required":["duration"]}`, `"duration"`},
		"a form that doesn't fit":              {`{"properties":{"title":{"type":"boolean"}},"required":["title"]}`, `"title"`},
		"a pattern that doesn't fit":           {`{"properties":{"fileName":{"type":"string","pattern":"^[a-z]+$"}},"required":["fileName"]}`, `"fileName"`},
		"no alternative fits":                  {`{"oneOf":[{"properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"string"}},"required":["b"]}]}`, `"a"`},
		"an object":                            {`{"properties":{"owner":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}},"required":["owner"]}`, `"owner"`},
		"a schema that contains itself":        {`{"properties":{"inputs":{"$ref":"#"}},"required":["inputs"]}`, "nested too deeply"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fillSample(t, test.schema)
			require.Error(t, err)
			require.True(t, isKind(err, KindContract), "%v", err)
			assert.Contains(t, err.(*Problem).Message, test.names)
			assert.Contains(t, err.(*Problem).Message, "createLoomVideoUpload")
			assert.Contains(t, err.(*Problem).Advice, "Upload the file at Loom yourself")
		})
	}
}

// A schema may refer to itself in any place.
func TestRecursiveSchemasEnd(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat(`{"$ref":"#/$defs/a"},`, 40), ",")
	for name, of := range map[string]string{
		"alternatives": `{"anyOf":[{"$ref":"#/$defs/a"},{"type":"null"}]}`,
		"elements":     `{"type":"array","items":{"$ref":"#/$defs/a"}}`,
		"many":         `{"anyOf":[` + many + `]}`,
		"allOf":        `{"type":"boolean","allOf":[` + many + `]}`,
	} {
		schema := `{"$defs":{"a":` + of + `},"properties":{"title":{"$ref":"#/$defs/a"}},"required":["title"]}`
		got, err := fillSample(t, schema)
		if name == "alternatives" {
			require.NoError(t, err)
			assert.JSONEq(t, `{"title":null}`, got, "the schema allows that")
			continue
		}
		require.True(t, isKind(err, KindContract), "%s: %v %s", name, err, got)
		assert.Contains(t, err.Error(), "title")
	}
	_, err := fillSample(t, `{"$defs":{"a":{"anyOf":[`+many+`]}},"anyOf":[`+many+`]}`)
	require.Error(t, err, "inputs that are alternatives of themselves")

	got, err := fillSample(t, `{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"string"}]}},"properties":{"title":{"$ref":"#/$defs/a"}},"required":["title"]}`)
	require.NoError(t, err)
	assert.JSONEq(t, `{"title":"Weekly sync's end"}`, got)
}

func TestLimitsOfTheSchemaAreRefusals(t *testing.T) {
	for schema, reason := range map[string]Reason{
		`{"properties":{"fileSize":{"type":"integer","maximum":12344}}}`:                           ReasonSize,
		`{"properties":{"fileSize":{"type":"integer","exclusiveMaximum":12345}}}`:                  ReasonSize,
		`{"properties":{"inputs":{"properties":{"fileSize":{"type":"integer","maximum":1}}}}}`:     ReasonSize,
		`{"properties":{"durationSeconds":{"type":"integer","maximum":60}}}`:                       ReasonLength,
		`{"properties":{"contentType":{"type":"string","enum":["video/webm","video/quicktime"]}}}`: ReasonType,
	} {
		_, err := fillSample(t, schema)
		p, refused := asRefusal(err)
		require.True(t, refused, "%s: %v", schema, err)
		assert.Equal(t, reason, p.Reason, schema)
	}
	got, err := fillSample(t, `{"properties":{"fileSize":{"type":"integer","maximum":12345}}}`)
	require.NoError(t, err)
	assert.JSONEq(t, `{"fileSize":12345}`, got)
}

func TestOperationsMustTakeWhatMatters(t *testing.T) {
	schema := parseSchema(t, `{"properties":{"videoId":{"type":"string"},"level":{"type":"string"}}}`)
	known := values{meansVideo: text("v"), meansVisibility: visibilityValue("owner")}
	_, _, err := fill("updateLoomVideoPermissions", schema, known, nil, meansVisibility)
	require.True(t, isKind(err, KindContract))
	assert.Contains(t, err.(*Problem).Message, "visibility")
}

func TestVideosAreNamedAsTheSchemaWants(t *testing.T) {
	const hex = "0123456789abcdef0123456789abcdef"
	for id, tests := range map[string]map[string]string{
		hex: {
			`{"properties":{"videoId":{"type":"string"}}}`:                                     `{"videoId":"` + hex + `"}`,
			`{"properties":{"videoId":{"type":"string","pattern":"^ari:cloud:loom:"}}}`:        `{"videoId":"ari:cloud:loom::video/` + hex + `"}`,
			`{"properties":{"videoIds":{"type":"array","items":{"type":"string"}}}}`:           `{"videoIds":["` + hex + `"]}`,
			`{"properties":{"video":{"type":"object","properties":{"id":{"type":"string"}}}}}`: `{"video":{"id":"` + hex + `"}}`,
		},
		"ari:cloud:loom:c:video/activation/a/" + hex: {
			`{"properties":{"id":{"type":"string"}}}`:                            `{"id":"ari:cloud:loom:c:video/activation/a/` + hex + `"}`,
			`{"properties":{"id":{"type":"string","pattern":"^[0-9a-f]{32}$"}}}`: `{"id":"` + hex + `"}`,
		},
	} {
		u := &Uploads{}
		u.loom, _ = loom.New(loom.Config{})
		for schema, want := range tests {
			inputs, _, err := fill("getLoomVideo", parseSchema(t, schema), u.videoValues(id), nil)
			require.NoError(t, err)
			raw, err := json.Marshal(inputs)
			require.NoError(t, err)
			assert.JSONEq(t, want, string(raw), schema)
		}
	}
}

func TestPartsAreFilledFromTheSchema(t *testing.T) {
	parts := []values{
		{meansPartNumber: {plain: int64(1)}, meansETag: text(`"a"`), meansSize: {plain: int64(5)}},
		{meansPartNumber: {plain: int64(2)}, meansETag: text(`"b"`), meansSize: {plain: int64(3)}},
	}
	schema := parseSchema(t, `{"properties":{"parts":{"type":"array","items":{"type":"object","properties":{"PartNumber":{"type":"integer"},"ETag":{"type":"string"}},"required":["PartNumber","ETag"]}}},"required":["parts"]}`)
	inputs, _, err := fill("publishLoomVideo", schema, values{meansParts: {plain: parts}}, nil)
	require.NoError(t, err)
	raw, err := json.Marshal(inputs)
	require.NoError(t, err)
	assert.JSONEq(t, `{"parts":[{"PartNumber":1,"ETag":"\"a\""},{"PartNumber":2,"ETag":"\"b\""}]}`, string(raw))

	delete(parts[1], meansETag)
	_, _, err = fill("publishLoomVideo", schema, values{meansParts: {plain: parts}}, nil)
	require.True(t, isKind(err, KindContract))
	assert.Contains(t, err.(*Problem).Message, `"parts[].ETag"`)
}

// Whatever a schema declares, only declared names are sent, and every required one.
func TestOnlyDeclaredInputsAreSent(t *testing.T) {
	names := []string{"title", "fileName", "fileSize", "visibility", "cloudId", "zzz", "folderId", "id", "contentType", "durationMs"}
	testseed.Check(t, func(t *rapid.T) {
		properties, required := map[string]any{}, []any{}
		for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID).Draw(t, "names") {
			properties[name] = map[string]any{"type": rapid.SampledFrom([]any{"string", "integer", []any{"string", "null"}}).Draw(t, "type")}
			if rapid.Bool().Draw(t, "required") {
				required = append(required, name)
			}
		}
		schema := map[string]any{"type": "object", "properties": properties, "required": required}
		inputs, _, err := fill("op", schema, sampleValues(), nil)
		if err != nil {
			require.True(t, isKind(err, KindContract))
			return
		}
		for name := range inputs {
			require.Contains(t, properties, name)
		}
		require.Nil(t, inputs["zzz"], "nothing is known about it")
		for _, name := range required {
			require.Contains(t, inputs, name)
		}
	})
}
