package e2e

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestPocketBaseSDKThroughNginx(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serveBehindNginx()
	runNodeTests(t, "pocketbase_sdk.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey)
}

func TestServerBehindNginx(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{RecordingSize: 3e6}))
	proxy, server := in.serveBehindNginx()

	client := &http.Client{Transport: httpClient.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(link string, header http.Header) (*http.Response, []byte) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
		require.NoError(t, err)
		request.Header = header
		response, err := client.Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response, body
	}

	response, _ := get("http://127.0.0.1:"+strconv.Itoa(proxy.httpPort)+"/db/x?y=1", http.Header{})
	assert.Equal(t, http.StatusPermanentRedirect, response.StatusCode)
	assert.Equal(t, "https://localhost/db/x?y=1", response.Header.Get("Location"), "never to a host that the client names")

	response, page := get(in.url+"/", http.Header{})
	assert.Equal(t, 2, response.ProtoMajor, "HTTP/2")
	assert.Contains(t, string(page), "Fathom-to-Loom")
	assert.NotEmpty(t, response.Header.Get("Strict-Transport-Security"))
	assert.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'", "the headers of the server pass through")
	assert.NotContains(t, response.Header.Get("Server"), "/", "no version")

	who := in.newDemoAccount()
	require.True(t, strings.HasPrefix(who.database, in.url+"/db/"), who.database)
	in.requireCompleted(who, in.transfer(who, 1001))
	recording := in.records(who, "recordings", "")[0].(object)
	token := in.mustCall(http.MethodPost, who.database+"/api/files/token", who.session, nil)["token"].(string)
	file := fmt.Sprintf("%s/api/files/%s/%s/%s?token=%s", who.database, recording["collectionId"], recording["id"], recording["file"], token)
	_, whole := get(file, http.Header{})
	sum := sha256.Sum256(whole)
	assert.Equal(t, recording["sha256"], hex.EncodeToString(sum[:]))
	response, part := get(file, http.Header{"Range": {"bytes=1000000-1999999"}})
	assert.Equal(t, http.StatusPartialContent, response.StatusCode)
	assert.Equal(t, whole[1_000_000:2_000_000], part)

	for _, folder := range []string{"client", "proxy"} {
		left, err := filepath.Glob(filepath.Join(proxy.dir, folder, "*"))
		require.NoError(t, err)
		assert.Empty(t, left, "nginx must not store what passes through it")
	}
	for _, secret := range []string{"/api/fathom/path-secret", "/api/unsubscribe/path-secret", "/s/path-secret", "/s/path-secret/video?g=query-secret", "/api/unsubscribe?token=query-secret", "/atlassian-callback?code=query-secret"} {
		get(in.url+secret, http.Header{"Referer": {in.url + "/?from=header-secret"}})
	}
	polltest.Until(t, 10*time.Millisecond, func() bool {
		logged, err := os.ReadFile(proxy.accessLog)
		require.NoError(t, err)
		return strings.Contains(string(logged), "/atlassian-callback")
	}, "nginx did not log the request")
	logged, err := os.ReadFile(proxy.accessLog)
	require.NoError(t, err)
	assert.Contains(t, string(logged), `"GET /api/fathom/***" `)
	assert.Contains(t, string(logged), `"GET /api/unsubscribe/***" `)
	for _, secret := range []string{"path-secret", "query-secret", "header-secret", token} {
		assert.NotContains(t, string(logged)+proxy.log.String(), secret)
	}
	assert.NotContains(t, server.log.String(), "TRUSTED_PROXY_HEADERS", "no warning about a proxy that isn't trusted")
}

// Events must reach the browser when they happen, although the stream continues.
func TestNginxPassesEventsOnAtOnce(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	in.serveBehindNginx()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, in.url+"/api/realtime", nil)
	require.NoError(t, err)
	response, err := (&http.Client{Transport: httpClient.Transport}).Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	line, err := bufio.NewReader(response.Body).ReadString('\n')
	require.NoError(t, err, "the first event arrives before the stream ends")
	assert.NotEmpty(t, strings.TrimSpace(line))
}

// A large upload passes through nginx without being stored there, and another request over the server's limit is refused
// as the server would do.
func TestNginxPassesLargeUploadsOn(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	in.serveBehindNginx()
	admin := in.superuserToken(in.keys.AdminEmail)

	content := make([]byte, testsize.Of(24, 300)<<20) // zeros, stored without compression
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	field, err := form.CreateFormFile("file", "uploaded.zip")
	require.NoError(t, err)
	archive := zip.NewWriter(field)
	entry, err := archive.CreateHeader(&zip.FileHeader{Name: "data.db", Method: zip.Store})
	require.NoError(t, err)
	_, err = entry.Write(content)
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	require.NoError(t, form.Close())
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, in.url+"/api/backups/upload", &body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Authorization", admin)
	response, err := httpClient.Do(request)
	require.NoError(t, err)
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNoContent, response.StatusCode, string(answer))
	info, err := os.Stat(filepath.Join(in.dataDir(), "backups", "uploaded.zip"))
	require.NoError(t, err)
	assert.Greater(t, info.Size(), int64(len(content)))

	var refused object
	status, err := call(http.MethodPost, in.url+"/api/collections/users/records", "", object{"name": strings.Repeat("x", 2<<20)}, &refused)
	require.NoError(t, err)
	assert.Equal(t, http.StatusRequestEntityTooLarge, status)
	assert.NotEmpty(t, refused["message"], "JSON, as from the server")
}

// The limits apply to the address that nginx sees, whatever the client claims.
func TestLimitsSeeTheClientBehindNginx(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	in.serveBehindNginx("SIGNUP_LIMITS=1,1,100")
	signUp := func(email, from string, header http.Header) int {
		body := fmt.Sprintf(`{"email":%q,"password":%q,"passwordConfirm":%q}`, email, password, password)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, in.url+"/api/collections/users/records", strings.NewReader(body))
		require.NoError(t, err)
		request.Header = header
		request.Header.Set("Content-Type", "application/json")
		transport := testAuthority.transport(from)
		defer transport.CloseIdleConnections()
		response, err := transport.RoundTrip(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	assert.Equal(t, http.StatusOK, signUp("ada@example.com", "127.0.0.1", http.Header{}))
	for _, name := range []string{"X-Real-IP", "X-Forwarded-For", "Forwarded"} {
		assert.Equal(t, http.StatusTooManyRequests, signUp("bob@example.com", "127.0.0.1", http.Header{name: {"203.0.113.7"}}), name)
	}
	assert.Equal(t, http.StatusOK, signUp("eve@example.com", "127.9.0.1", http.Header{}), "another network")
}

// A request with two lengths could be read as one request by the proxy and as two by the server.
func TestNginxRefusesAmbiguousRequests(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	proxy, _ := in.serveBehindNginx()
	for name, headers := range map[string]string{
		"both":       "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
		"two":        "Content-Length: 6\r\nContent-Length: 5\r\n",
		"unknown":    "Transfer-Encoding: gzip, chunked\r\n",
		"with space": "Content-Length : 5\r\n",
	} {
		config := httpClient.Transport.(*http.Transport).TLSClientConfig.Clone()
		config.ServerName, config.NextProtos = "localhost", []string{"http/1.1"}
		connection, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", proxy.address(), config)
		require.NoError(t, err)
		require.NoError(t, connection.SetDeadline(time.Now().Add(30*time.Second)))
		_, err = io.WriteString(connection, "POST /api/collections/users/auth-with-password HTTP/1.1\r\nHost: localhost\r\n"+headers+"\r\n0\r\n\r\nG")
		require.NoError(t, err)
		response, err := http.ReadResponse(bufio.NewReader(connection), nil)
		require.NoError(t, err, name)
		assert.Contains(t, []int{http.StatusBadRequest, http.StatusNotImplemented}, response.StatusCode, name)
		assert.True(t, response.Close, "%s: the connection ends", name)
		require.NoError(t, response.Body.Close())
		require.NoError(t, connection.Close())
	}
}
