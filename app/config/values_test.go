package config_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"5": 5 * time.Second, "5s": 5 * time.Second, "1h30m": 90 * time.Minute, "0": 0, "250ms": 250 * time.Millisecond, "90d": 90 * 24 * time.Hour, "0d": 0} {
		var d config.Duration
		require.NoError(t, d.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, d.Std())
		back, err := d.MarshalText()
		require.NoError(t, err)
		var again config.Duration
		require.NoError(t, again.UnmarshalText(back))
		assert.Equal(t, d, again)
	}
	for _, text := range []string{"", "-5", "-5s", "-1d", "soon", "5 s", "1.5", "1.5d", "9223372036854775807", "99999999999999999999", "9223372036854775807d"} {
		d := config.Duration(7)
		assert.Error(t, d.UnmarshalText([]byte(text)), text)
		assert.Equal(t, config.Duration(7), d, "unchanged after an error")
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "5": 5, "10GB": 10e9, "500 MB": 500e6, "2kB": 2000, "1tb": 1e12, "7B": 7, "10 000 MB": 10e9, "2GiB": 2 << 30,
		"9007199254740993": 1<<53 + 1, "9223372036854775807": math.MaxInt64,
	} {
		var s config.Size
		require.NoError(t, s.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, s.Bytes(), text)
	}
	for _, text := range []string{"", "GB", "-1GB", "1.5GB", "1,5GB", "10XB", "9999999999TB", "9223372036854775808", "ten"} {
		s := config.Size(7)
		assert.Error(t, s.UnmarshalText([]byte(text)), text)
		assert.Equal(t, config.Size(7), s, "unchanged after an error")
	}
}

func TestSizePrintsWithAUnit(t *testing.T) {
	t.Parallel()
	for size, want := range map[config.Size]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 262_144: "262 kB", 1_500_000_000: "1.5 GB", 10e9: "10 GB", -1: "0 B"} {
		assert.Equal(t, want, size.String())
	}
}

func TestPortRange(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]config.PortRange{"9000-9999": {First: 9000, Last: 9999}, " 1 - 1 ": {First: 1, Last: 1}} {
		var r config.PortRange
		require.NoError(t, r.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, r)
	}
	for _, text := range []string{"9000", "9000-", "-9999", "a-b", "9000-9001-9002"} {
		var r config.PortRange
		assert.Error(t, r.UnmarshalText([]byte(text)), text)
		assert.Zero(t, r, "unchanged after an error")
	}
}

func TestKindLimits(t *testing.T) {
	t.Parallel()
	var limits config.KindLimits
	require.NoError(t, limits.UnmarshalText([]byte("fathom.sync=1, recording.transfer = 3")))
	assert.Equal(t, config.KindLimits{"fathom.sync": 1, "recording.transfer": 3}, limits)
	for _, text := range []string{"", "fathom.sync", "=1", "fathom.sync=many", "fathom.sync=1,", "fathom.sync=1,fathom.sync=2"} {
		var limits config.KindLimits
		assert.Error(t, limits.UnmarshalText([]byte(text)), text)
		assert.Nil(t, limits, "unchanged after an error")
	}
}

func TestFilesAreSentToASimulatorOnThisMachineOnly(t *testing.T) {
	t.Parallel()
	for address, local := range map[string]string{
		"https://mcp.atlassian.com/v2/mcp": "", "https://127.0.0.1.example.com/mcp": "",
		"http://127.0.0.1:8091/v2/mcp": "127.0.0.1:8091", "http://localhost:8091/v2/mcp/": "localhost:8091", "http://[::1]:1/mcp": "[::1]:1",
	} {
		c := config.Config{AtlassianMCPURL: address, AtlassianMCPUploadHosts: []string{"*.loom.com"}}
		if local == "" {
			assert.Nil(t, c.LocalAtlassian(), address)
			assert.Equal(t, []string{"*.loom.com"}, c.AtlassianUploadHosts())
			continue
		}
		require.NotNil(t, c.LocalAtlassian(), address)
		assert.Equal(t, []string{"*.loom.com", local}, c.AtlassianUploadHosts())
		assert.Equal(t, []string{"*.loom.com"}, c.AtlassianMCPUploadHosts, "the setting itself is unchanged")
	}
}

func TestNoWaitForProcessing(t *testing.T) {
	t.Parallel()
	assert.Negative(t, (&config.Config{}).AtlassianProcessingWait())
	assert.Equal(t, time.Minute, (&config.Config{AtlassianMCPProcessingWait: config.Duration(time.Minute)}).AtlassianProcessingWait())
}
