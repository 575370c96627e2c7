package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/proxytest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// forward returns a handler that forwards requests to a server on this machine. In JSON, it replaces the links to that
// server by links to the hosts behind the proxy.
func forward(t *testing.T, to, links string) http.Handler {
	t.Helper()
	target, err := url.Parse(to)
	require.NoError(t, err)
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // the signatures of S3 contain it
		},
		ModifyResponse: func(res *http.Response) error {
			if links == "" || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
				return nil
			}
			body, err := io.ReadAll(res.Body)
			if err != nil {
				return err
			}
			body = bytes.ReplaceAll(body, []byte(to), []byte(links))
			res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			res.Header.Set("Content-Length", strconv.Itoa(len(body)))
			return nil
		},
	}
}

// None of the hosts' names can be resolved without the proxy.
// Case C19: a proxy is the only way out.
func TestTransferThroughAProxyOnly(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	bucket := s3test.Start(t, s3test.Options{})
	proxy := proxytest.Start(t, proxytest.Options{User: "server", Password: "pass@word"})
	services := proxy.Host(t, forward(t, sim.URL(), "https://files.example.com"), "api.example.com:443", "files.example.com:443", "loom.example.com:443")
	proxy.Host(t, forward(t, bucket.URL, ""), "s3.example.com:443")
	certificate := filepath.Join(t.TempDir(), "certificate.pem")
	require.NoError(t, os.WriteFile(certificate, proxytest.Certificate(services), 0o600))

	in := install(t, sim, append(bucket.Settings(), "S3_ENDPOINT=https://s3.example.com", "SSL_CERT_FILE="+certificate,
		"FATHOM_API_URL=https://api.example.com"+strings.TrimPrefix(sim.FathomURL(), sim.URL()), "LOOM_URL=https://loom.example.com",
		"HTTPS_PROXY="+proxy.WithCredentials("server", "pass@word").String(), "OUTBOUND_PROXY_HOSTS=*.example.com")...)
	server := in.serve()
	who := in.newDemoAccount()
	in.requireCompleted(who, in.transfer(who, 1001))
	truth, _ := sim.Meeting(1001)
	recordings := in.records(who, "recordings", "recording_id = 1001")
	require.Len(t, recordings, 1)
	recording := recordings[0].(object)
	assert.Equal(t, truth.SHA256, recording["sha256"])

	// Loom is asked about the link that the user pastes.
	token := in.mustCall(http.MethodPost, who.database+"/api/files/token", who.session, nil)["token"].(string)
	file, err := httpClient.Get(fmt.Sprintf("%s/api/files/%s/%s/%s?proxy=1&token=%s", who.database, recording["collectionId"], recording["id"], recording["file"], token))
	require.NoError(t, err)
	defer file.Body.Close()
	require.Equal(t, http.StatusOK, file.StatusCode)
	share, err := sim.Upload(t.Context(), recording["file_name"].(string), file.Body)
	require.NoError(t, err)
	share = strings.Replace(share, sim.LoomURL(), "https://loom.example.com", 1)
	transfer := in.records(who, "transfers", "recording_id = 1001")[0].(object)
	in.mustCall(http.MethodPatch, who.recordsURL("transfers")+"/"+transfer["id"].(string), who.session, object{"share_url": share})

	asked := proxy.Asked()
	for _, host := range []string{"api.example.com:443", "files.example.com:443", "loom.example.com:443", "s3.example.com:443"} {
		assert.Contains(t, asked, host)
	}

	proxy.Stop()
	job := in.enqueue(who, "fathom.sync", object{})
	var answer object
	polltest.Until(t, 20*time.Millisecond, func() bool {
		answer = in.mustCall(http.MethodGet, in.url+jobsPath+"/"+job, who.token, nil)
		return answer["error"] != "" && answer["status"] != "processing"
	}, "the job doesn't wait: %v", &answer)
	assert.Equal(t, "pending", answer["status"])
	assert.EqualValues(t, 0, answer["attempts"], "an outage uses up no attempt")
	assert.Contains(t, answer["error"], "HTTPS_PROXY")
	server.stop()
	assert.Contains(t, server.log.String(), "proxy in HTTPS_PROXY can't be reached")
	assert.NotContains(t, server.log.String(), "pass@word")
	assert.NotContains(t, server.log.String(), "pass%40word")
}
