package loomaccount_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestNoticeSaysWhatALostConnectionMeans(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		setting  string
		readOnly bool
		want     string
	}{
		"uploads":         {"auto", false, "recordings wait for you"},
		"only reads":      {"auto", true, "are not found automatically"},
		"only way":        {"atlassian", false, "Uploads to Loom fail"},
		"never to upload": {"handover", false, "are not found automatically"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := withAtlassian(simulator.AtlassianBehaviour{WriteBlocked: test.readOnly})
			opts.Settings = append(opts.Settings, "LOOM_UPLOADER="+test.setting)
			p := apptest.Start(t, opts).SignUp("ada@example.com")
			connectWithToken(p)
			p.Simulator.RevokeAtlassian(simulator.DemoAtlassianToken)
			require.Equal(t, 400, p.Own("GET", "/api/loom/folders", nil).Status) // any use shows it
			notices := p.ListOwn("notices", "kind = 'connection_failed'")
			require.Len(t, notices, 1)
			assert.Contains(t, notices[0]["text"], test.want)
		})
	}
}
