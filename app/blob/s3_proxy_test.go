package blob_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/internal/proxytest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestFailuresOfTheProxyNameItsSetting(t *testing.T) {
	for name, breakIt := range map[string]func(*proxytest.Proxy){
		"down":                    func(p *proxytest.Proxy) { p.Stop() },
		"refuses the host":        func(p *proxytest.Proxy) { p.Refuse("s3.example.com:443", http.StatusForbidden) },
		"can't connect":           func(*proxytest.Proxy) {}, // it doesn't know the host
		"requires authentication": func(p *proxytest.Proxy) { p.Refuse("s3.example.com:443", http.StatusProxyAuthRequired) },
	} {
		t.Run(name, func(t *testing.T) {
			proxy := proxytest.Start(t, proxytest.Options{})
			breakIt(proxy)
			s3 := openS3(t, s3test.Start(t, s3test.Options{MinPart: part}), func(cfg *blob.S3Config) {
				cfg.Endpoint, cfg.Network = "https://s3.example.com", outbound.Network{Proxy: proxy.WithCredentials("ada", "http://topsecret")}
			})
			failure := expectKind(t, blob.KindUnreachable, s3.Check(t.Context(), time.Minute))
			assert.True(t, failure.Temporary())
			assert.Contains(t, failure.Message(), "HTTPS_PROXY")
			require.Contains(t, failure.Error(), "HTTPS_PROXY")
			assert.NotContains(t, failure.Error(), "topsecret")
		})
	}
}
