package blob_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// get sends a request without credentials.
func get(t *testing.T, method, link string, headers ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, link, nil)
	require.NoError(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

func TestALinkServesTheBlobToAnybody(t *testing.T) {
	e := newS3(t)
	s3 := openS3(t, e.server, nil)
	key := put(t, s3, target("1", "a"), []byte("0123456789"))
	disposition := `attachment; filename="a b.mp4"; filename*=UTF-8''%C3%A4%20%2B.mp4`
	headers := blob.Headers{ContentType: "video/mp4", ContentDisposition: disposition}
	link, err := s3.Link(t.Context(), key, headers, 15*time.Minute)
	require.NoError(t, err)
	parsed, err := url.Parse(link)
	require.NoError(t, err)
	assert.Equal(t, s3.Origin(), parsed.Scheme+"://"+parsed.Host)
	assert.NotContains(t, link, url.QueryEscape(s3test.DefaultSecretKey))

	e.server.AllowOrigin("https://app.example.com")
	response, body := get(t, "GET", link, "Origin", "https://app.example.com")
	assert.Equal(t, 200, response.StatusCode)
	assert.Equal(t, "0123456789", body)
	assert.Equal(t, "video/mp4", response.Header.Get("Content-Type"))
	assert.Equal(t, disposition, response.Header.Get("Content-Disposition"))
	assert.Equal(t, "https://app.example.com", response.Header.Get("Access-Control-Allow-Origin"))
	response, _ = get(t, "GET", link, "Origin", "https://evil.example.com")
	assert.Empty(t, response.Header.Get("Access-Control-Allow-Origin"))
	response, body = get(t, "GET", link, "Range", "bytes=3-5")
	assert.Equal(t, 206, response.StatusCode)
	assert.Equal(t, "345", body)
	assert.Equal(t, "bytes 3-5/10", response.Header.Get("Content-Range"))

	response, _ = get(t, "HEAD", link)
	assert.Equal(t, 403, response.StatusCode)
	response, body = get(t, "GET", link, "Authorization", "Bearer token")
	assert.Equal(t, 400, response.StatusCode)
	assert.Contains(t, body, "Only one auth mechanism allowed")
	response, body = get(t, "GET", link+"&x=y")
	assert.Equal(t, 403, response.StatusCode)
	assert.Contains(t, body, "SignatureDoesNotMatch")
	e.server.SetSkew(14 * time.Minute)
	response, _ = get(t, "GET", link)
	assert.Equal(t, 200, response.StatusCode)
	e.server.SetSkew(16 * time.Minute)
	response, body = get(t, "GET", link)
	assert.Equal(t, 403, response.StatusCode)
	assert.Contains(t, body, "Request has expired")
}

func TestOriginsOfLinks(t *testing.T) {
	for _, test := range []struct {
		endpoint, region string
		pathStyle        bool
		want             string
	}{
		{"https://s3.example.com", "", true, "https://s3.example.com"},
		{"https://s3.example.com:443", "", true, "https://s3.example.com"},
		{"https://s3.example.com", "", false, "https://recordings.s3.example.com"},
		{"http://127.0.0.1:9000", "", false, "http://127.0.0.1:9000"},
		{"https://s3.eu-central-1.amazonaws.com", "", false, "https://recordings.s3.dualstack.eu-central-1.amazonaws.com"},
		{"https://s3.amazonaws.com", "eu-west-1", false, "https://recordings.s3.dualstack.eu-west-1.amazonaws.com"},
	} {
		s3, err := blob.NewS3(blob.S3Config{
			Endpoint: test.endpoint, Region: test.region, PathStyle: test.pathStyle,
			Bucket: "recordings", AccessKey: "a", SecretKey: "b",
		})
		require.NoError(t, err)
		assert.Equal(t, test.want, s3.Origin(), test.endpoint)
		s3.Close()
	}
}

func TestThousandsOfObjectsAreDeletedInBatches(t *testing.T) {
	e := newS3(t)
	for i := range 2001 {
		e.server.Put(t, fmt.Sprintf("some/prefix/%s/%d/a-0123456789abcdef", database, i), []byte("x"))
	}
	e.server.Put(t, "some/other", []byte("x"))
	for i := range 1001 {
		begin(t, e.store(), target(fmt.Sprint(i), "a"))
	}
	e.server.Fail(s3test.DeleteObjects, 1, 503, "SlowDown")
	require.NoError(t, e.store().DeleteAll(t.Context(), database))
	assert.Equal(t, []string{"some/other"}, e.server.Keys())
	assert.Empty(t, e.server.Uploads())
	assert.LessOrEqual(t, e.server.Count(s3test.DeleteObjects), 6)
	assert.Empty(t, list(t, e.store(), database))
}

func TestLargeRecordingsHaveLargerParts(t *testing.T) {
	server := s3test.Start(t, s3test.Options{})
	s3 := openS3(t, server, func(c *blob.S3Config) { c.PartSize = 0 })
	for size, want := range map[int64]int64{
		0: 16 << 20, 1: 16 << 20, 9500 * 16 << 20: 16 << 20, 9500*16<<20 + 1: 17 << 20, 5 << 40: 552 << 20,
	} {
		for _, target := range []blob.Target{
			{Database: database, Recording: "1", Source: "a", Size: size},
			{Database: database, Recording: "1", Source: "a", MaxSize: size},
		} {
			upload, err := s3.Begin(t.Context(), target)
			require.NoError(t, err)
			assert.Equal(t, want, upload.PartSize, size)
		}
	}
}

func TestStoresFindTheEngineOfARecord(t *testing.T) {
	disk := blob.NewDisk(t.TempDir())
	stores := blob.Stores{Disk: disk}
	assert.Equal(t, blob.Store(disk), stores.Default())
	found, err := stores.Of(blob.EngineDisk)
	require.NoError(t, err)
	assert.Equal(t, blob.EngineDisk, found.Engine())
	_, err = stores.Of(blob.EngineS3)
	failure := expectKind(t, blob.KindNotConfigured, err)
	assert.False(t, failure.Temporary())
	assert.Contains(t, failure.Message(), "S3_ENDPOINT")

	stores.S3 = openS3(t, s3test.Start(t, s3test.Options{}), nil)
	assert.Equal(t, blob.EngineS3, stores.Default().Engine())
	found, err = stores.Of(blob.EngineS3)
	require.NoError(t, err)
	assert.Equal(t, blob.EngineS3, found.Engine())
}
