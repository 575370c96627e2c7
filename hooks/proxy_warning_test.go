package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestAnUntrustedProxyIsReportedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings []string
		header   string
		want     int
	}{
		"proxy without a setting": {nil, "X-Forwarded-For", 1},
		"another header":          {nil, "Forwarded", 1},
		"trusted proxy":           {[]string{behindProxy}, "X-Forwarded-For", 0},
		"no proxy":                {nil, "X-Unrelated", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{Settings: c.settings})
			for _, path := range []string{"/api/health", "/db/2020-01-01-001-nobody/api/health", "/"} {
				request, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
				require.NoError(t, err)
				request.Header.Set(c.header, "203.0.113.7")
				s.Do(request)
			}
			assert.Equal(t, c.want, strings.Count(s.Log.String(), "TRUSTED_PROXY_HEADERS is not set"))
			link := s.URL + "/api/operator/warnings"
			assert.Equal(t, 401, s.Call(http.MethodGet, link, "", nil).Status)
			got := s.Call(http.MethodGet, link, s.SuperuserToken(), nil)
			warnings, ok := got.Get("warnings").([]any)
			require.True(t, ok, got.Raw)
			require.Len(t, warnings, c.want)
			if c.want > 0 {
				assert.Contains(t, warnings[0], "set TRUSTED_PROXY_HEADERS="+c.header)
			}
		})
	}
}
