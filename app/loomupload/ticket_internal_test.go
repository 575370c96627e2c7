package loomupload

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	signed = "https://b.s3.amazonaws.com/k?X-Amz-Signature=s"
	hexA   = "0123456789abcdef0123456789abcdef"
)

var sampleFile = file{name: "Weekly.mp4", size: 100, contentType: "video/mp4"}

// summary describes a ticket for comparison.
func (t *ticket) summary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "video=%s", t.video)
	for _, r := range t.requests {
		fmt.Fprintf(&b, " | %d %s %s %d+%d %v", r.number, r.method, r.url.String(), r.offset, r.size, map[string][]string(r.header))
		if r.form != nil {
			fmt.Fprintf(&b, " form %v %s=@%s;%s %v", r.form.fields, r.form.fileField, r.form.fileName, r.form.fileType, r.form.after)
		}
	}
	return b.String()
}

func TestTicketsInEveryForm(t *testing.T) {
	quote := func(s string) string { raw, _ := json.Marshal(s); return string(raw) }
	curl := `curl -X PUT -H "Content-Type: video/mp4" -T "Weekly.mp4" '` + signed + `'`
	for name, test := range map[string]struct{ answer, want string }{
		"address only": {`{"videoId":"v","uploadUrl":"` + signed + `"}`, "video=v | 0 PUT " + signed + " 0+100 map[]"},
		"method and headers": {
			`{"id":7,"upload":{"url":"` + signed + `","method":"post","headers":{"Content-Type":"video/mp4","x-amz-acl":["private"],"Content-Length":100}}}`,
			"video=7 | 0 POST " + signed + " 0+100 map[Content-Type:[video/mp4] X-Amz-Acl:[private]]",
		},
		"headers as a list": {
			`{"data":{"video":{"id":"v"},"request":{"href":"` + signed + `","verb":"PUT","headers":[{"name":"A-B","value":"c"}]}}}`,
			"video=v | 0 PUT " + signed + " 0+100 map[A-B:[c]]",
		},
		"a share link is no upload": {
			`{"url":"https://www.loom.com/share/` + hexA + `","uploadUrl":"` + signed + `","id":"` + hexA + `"}`,
			"video=" + hexA + " | 0 PUT " + signed + " 0+100 map[]",
		},
		"form": {
			`{"videoId":"v","upload":{"url":"https://b.s3.amazonaws.com/","fields":{"key":"k","policy":"p"},"fileField":"f"}}`,
			"video=v | 0 POST https://b.s3.amazonaws.com/ 0+100 map[] form [{key k} {policy p}] f=@Weekly.mp4;video/mp4 []",
		},
		"form as a list, in its order": {
			`{"postUrl":"` + signed + `","formFields":[{"name":"z","value":1},{"name":"a","value":true},{"name":"file","value":"<your file>"}]}`,
			"video= | 0 POST " + signed + " 0+100 map[] form [{z 1} {a true}] file=@Weekly.mp4;video/mp4 []",
		},
		"form by its type": {
			`{"uploadUrl":"` + signed + `","headers":{"Content-Type":"multipart/form-data"}}`,
			"video= | 0 POST " + signed + " 0+100 map[] form [] file=@Weekly.mp4;video/mp4 []",
		},
		"parts with a size": {
			`{"uploadId":"u","partSize":40,"parts":[{"partNumber":2,"url":"https://x/2"},{"partNumber":1,"url":"https://x/1"},{"partNumber":3,"url":"https://x/3"}]}`,
			"video= | 1 PUT https://x/1 0+40 map[] | 2 PUT https://x/2 40+40 map[] | 3 PUT https://x/3 80+20 map[]",
		},
		"parts with own sizes": {
			`{"upload":{"method":"PUT","headers":{"A":"b"},"parts":[{"url":"https://x/1","size":70},{"url":"https://x/2","size":30,"method":"POST","headers":{"C":"d"}}]}}`,
			"video= | 1 PUT https://x/1 0+70 map[A:[b]] | 2 POST https://x/2 70+30 map[C:[d]]",
		},
		"addresses": {`{"chunkSize":"60","urls":["https://x/1","https://x/2"]}`, "video= | 1 PUT https://x/1 0+60 map[] | 2 PUT https://x/2 60+40 map[]"},
		"one part":  {`{"parts":[{"url":"https://x/1"}]}`, "video= | 1 PUT https://x/1 0+100 map[]"},
		"curl":      {quote(curl), "video= | 0 PUT " + signed + " 0+100 map[Content-Type:[video/mp4]]"},
		"curl in a text": {
			quote("Upload the file:\n\n```bash\n" + curl + "\n```\nThen publish it."), "video= | 0 PUT " + signed + " 0+100 map[Content-Type:[video/mp4]]",
		},
		"curl in an object": {
			`{"videoId":"v","uploadCommand":` + quote(curl) + `,"instructions":"Run it."}`, "video=v | 0 PUT " + signed + " 0+100 map[Content-Type:[video/mp4]]",
		},
		"curl completes a bare address": {
			`{"uploadUrl":"` + signed + `","command":` + quote(curl) + `}`, "video= | 0 PUT " + signed + " 0+100 map[Content-Type:[video/mp4]]",
		},
		"curl in a text beside an address": {
			`{"uploadUrl":"https://x/1","video":{"title":` + quote("Notes:\n"+curl) + `}}`, "video= | 0 PUT https://x/1 0+100 map[]",
		},
		"curl beside an address that can't be read": {
			`{"uploadUrl":"https://x/1","instructions":"curl -T \"$FILE\" https://x/1","other":` + quote(curl+"\n"+curl) + `}`, "video= | 0 PUT https://x/1 0+100 map[]",
		},
		"JSON in a string":      {quote(`{"videoId":"v","uploadUrl":"` + signed + `"}`), "video=v | 0 PUT " + signed + " 0+100 map[]"},
		"JSON in a list":        {`[{"videoId":"v","uploadUrl":"` + signed + `"}]`, "video=v | 0 PUT " + signed + " 0+100 map[]"},
		"fragments are removed": {`{"uploadUrl":"` + signed + `#x"}`, "video= | 0 PUT " + signed + " 0+100 map[]"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readTicket(json.RawMessage(test.answer), sampleFile)
			require.NoError(t, err)
			assert.Equal(t, test.want, got.summary())
			assert.Equal(t, "[redacted] [redacted]", fmt.Sprintf("%v %+v", got, got.requests[0]))
		})
	}
}

func TestTicketsThatAreNotClearAreRefused(t *testing.T) {
	for name, answer := range map[string]string{
		"nothing":                  `{}`,
		"null":                     `null`,
		"text":                     `"The upload was created."`,
		"only a share link":        `{"id":"1","url":"https://www.loom.com/share/` + hexA + `"}`,
		"several addresses":        `{"a":{"uploadUrl":"https://x/1"},"b":{"uploadUrl":"https://x/2"}}`,
		"another method":           `{"uploadUrl":"https://x/1","method":"DELETE"}`,
		"a method that is no text": `{"uploadUrl":"https://x/1","method":1}`,
		"no host":                  `{"uploadUrl":"https:///x"}`,
		"a file address":           `{"uploadUrl":"file:///etc/passwd"}`,
		"a user in the address":    `{"uploadUrl":"https://u:p@x/1"}`,
		"headers of another form":  `{"uploadUrl":"https://x/1","headers":"A: b"}`,
		"a header with a newline":  `{"uploadUrl":"https://x/1","headers":{"A":"b\r\nC: d"}}`,
		"a malformed header name":  `{"uploadUrl":"https://x/1","headers":{"A b":"c"}}`,
		"another host":             `{"uploadUrl":"https://x/1","headers":{"Host":"y"}}`,
		"another size":             `{"uploadUrl":"https://x/1","headers":{"Content-Length":"99"}}`,
		"chunked":                  `{"uploadUrl":"https://x/1","headers":{"Transfer-Encoding":"chunked"}}`,
		"a cookie":                 `{"uploadUrl":"https://x/1","headers":{"Cookie":"a=b"}}`,
		"a header twice":           `{"uploadUrl":"https://x/1","headers":[{"name":"A","value":"b"},{"name":"a","value":"c"}]}`,
		"fields of another form":   `{"uploadUrl":"https://x/1","fields":{"a":{"b":1}}}`,
		"parts without sizes":      `{"urls":["https://x/1","https://x/2"]}`,
		"parts that are too small": `{"partSize":40,"urls":["https://x/1","https://x/2"]}`,
		"too many parts":           `{"partSize":60,"urls":["https://x/1","https://x/2","https://x/3"]}`,
		"parts with a gap":         `{"partSize":50,"parts":[{"number":1,"url":"https://x/1"},{"number":3,"url":"https://x/3"}]}`,
		"parts from 0":             `{"partSize":50,"parts":[{"number":0,"url":"https://x/1"},{"number":1,"url":"https://x/3"}]}`,
		"a part without address":   `{"partSize":50,"parts":[{"number":1,"url":"https://x/1"},{"number":2}]}`,
		"several commands":         `"curl -T a https://x/1\ncurl -T b https://x/2"`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readTicket(json.RawMessage(answer), sampleFile)
			require.True(t, isKind(err, KindContract), "%v", err)
			assert.NotContains(t, err.Error(), "//x", "addresses may be secret")
		})
	}
}

func TestValuesForPublishingAreKeptWithoutSecrets(t *testing.T) {
	ticket, err := readTicket(json.RawMessage(`{"videoId":"v1","upload":{"id":"u1","key":"uploads/a.mp4","url":"`+signed+`","method":"PUT","token":"t"},
		"uploadToken":"secret","expiresAt":"2026-01-01T00:00:00Z","version":3,"other":{"id":"o1"},"file":{"id":"f1"}}`), sampleFile)
	require.NoError(t, err)
	assert.Equal(t, "v1", ticket.video)
	assert.Equal(t, "u1", ticket.named["uploadid"])
	assert.Equal(t, "f1", ticket.named["fileid"])
	assert.Equal(t, "secret", ticket.named["uploadtoken"], "publishing may ask for it, in this process")
	kept := withoutSecrets(ticket.named)
	assert.Equal(t, "u1", kept["uploadid"])
	assert.Equal(t, "uploads/a.mp4", kept["uploadkey"])
	assert.Equal(t, "3", kept["version"])
	for name, value := range kept {
		assert.NotContains(t, name, "token")
		assert.NotContains(t, value, "secret")
		assert.NotContains(t, value, "://")
	}
	_, ambiguous := ticket.named["id"]
	assert.False(t, ambiguous, "three objects have an id")
}

func TestSecretsAreKnownByTheirNamesAndForms(t *testing.T) {
	for _, name := range []string{"authCode", "uploadAuth", "jwt", "bearer", "sasKey", "sessionKey", "grant", "Authorization", "accessKeyId"} {
		assert.Empty(t, withoutSecrets(map[string]any{simplify(name): "v1"}), name)
	}
	for _, secret := range []string{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "ATATT3xFfGF0abcdefghij", "https://b.s3.amazonaws.com/k"} {
		assert.Empty(t, withoutSecrets(map[string]any{"ticket": secret}), secret)
	}
	assert.Equal(t, map[string]string{"fileid": "f1", "etag": hexA}, withoutSecrets(map[string]any{"fileid": "f1", "etag": hexA}))
}

func TestHosts(t *testing.T) {
	u := &Uploads{hosts: []string{"api.media.atlassian.com", "*.loom.com", "[::1]:80", "127.0.0.1:*", "files.example.com:8443"}, allowHTTP: true}
	for address, allowed := range map[string]bool{
		"https://api.media.atlassian.com/x": true, "https://API.media.atlassian.com:443/x": true, "https://api.media.atlassian.com./x": true,
		"https://cdn.loom.com/x": true, "https://a.b.loom.com/x": true, "http://127.0.0.1:1234/x": true, "https://127.0.0.1/x": true,
		"https://files.example.com:8443/x": true, "http://[::1]:80/x": true,
		"https://loom.com/x": false, "https://evilloom.com/x": false, "https://api.media.atlassian.com.evil.test/x": false,
		"https://api.media.atlassian.com:8443/x": false, "http://api.media.atlassian.com/x": false, "https://files.example.com/x": false,
		"https://evil.test/api.media.atlassian.com": false, "http://cdn.loom.com/x": false, "https://[::2]/x": false, "https://169.254.169.254/": false,
	} {
		target, err := url.Parse(address)
		require.NoError(t, err)
		err = u.checkHost(target)
		assert.Equal(t, allowed, err == nil, "%s: %v", address, err)
		if err != nil {
			assert.True(t, isKind(err, KindHost))
		}
	}
	u.allowHTTP = false
	assert.Error(t, u.checkHost(&url.URL{Scheme: "http", Host: "127.0.0.1:1"}))
	u.hosts = DefaultHosts
	assert.NoError(t, u.checkHost(&url.URL{Scheme: "https", Host: "api.media.atlassian.com"}))
	err := u.checkHost(&url.URL{Scheme: "https", Host: "uploads.example.com", Path: "/secret"})
	assert.Contains(t, err.(*Problem).Message, "uploads.example.com")
	assert.NotContains(t, err.(*Problem).Message, "secret")
	assert.Contains(t, err.(*Problem).Advice, "ATLASSIAN_MCP_UPLOAD_HOSTS")
}

func TestHeadersOfTheClientAreLeftToIt(t *testing.T) {
	header := http.Header{}
	target := &url.URL{Scheme: "https", Host: "x"}
	for _, name := range []string{"host", "connection", "Expect", "User-Agent", "content-length"} {
		value := map[string]string{"host": "X", "content-length": "5"}[name]
		require.NoError(t, addHeader(header, name, value, target, 5))
	}
	assert.Empty(t, header)
	require.NoError(t, addHeader(header, "authorization", "Bearer of-the-answer", target, 5))
	assert.Equal(t, "Bearer of-the-answer", header.Get("Authorization"))
}
