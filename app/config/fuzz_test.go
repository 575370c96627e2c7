package config_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// Any value of any setting is accepted or reported, and never repeated in a message: it may be a secret in the wrong line.
func FuzzSettings(f *testing.F) {
	fields := config.Fields()
	for i, field := range fields {
		for _, value := range []string{field.Default, "-1", "1e9999", "0x10", "hunter2-hunter2", "\x00", "٣", " ", "1,2,3", "a=1,b=2", "https://[::1", "9999999999999999999GB"} {
			f.Add(i, value)
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, i int, value string) {
		if i < 0 || i >= len(fields) || strings.ContainsAny(value, "\x00\n") {
			return
		}
		field := fields[i]
		c := config.LoadFrom(dir, []string{field.Key + "=" + value})
		err := c.Validate()
		require.Error(t, err, "required settings are missing")
		if trimmed := strings.TrimSpace(value); len(trimmed) >= 12 && !strings.Contains(field.Format+field.Default, trimmed) {
			require.NotContains(t, err.Error(), trimmed)
		}
		c.Warnings()
	})
}

func FuzzDuration(f *testing.F) {
	for _, seed := range []string{"5", "5s", "1h30m", "90d", "-1", "-5s", "106751d", "106752d", "9223372036854775807", "1.5d", "1d1h", "", "d", "٣d", "1e3s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var d config.Duration
		if d.UnmarshalText([]byte(text)) != nil {
			require.Zero(t, d)
			return
		}
		require.GreaterOrEqual(t, d.Std().Nanoseconds(), int64(0))
		var again config.Duration
		require.NoError(t, again.UnmarshalText([]byte(d.String())))
		require.Equal(t, d, again)
	})
}

func FuzzSize(f *testing.F) {
	for _, seed := range []string{"10GB", "10 GiB", "500MB", "0", "-1", "1,5GB", "1.5GB", "99999999999999999999", "8EB", "9EiB", "GB", "1e3", "٣GB", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var size config.Size
		if size.UnmarshalText([]byte(text)) != nil {
			require.Zero(t, size)
			return
		}
		require.GreaterOrEqual(t, size.Bytes(), int64(0))
		var again config.Size
		require.NoError(t, again.UnmarshalText(fmt.Appendf(nil, "%d", size.Bytes())))
		require.Equal(t, size, again)
	})
}

func FuzzPrefixes(f *testing.F) {
	for _, seed := range []string{"127.0.0.1", "::1,198.51.100.7/24", "0.0.0.0/0", "::ffff:1.2.3.4", "fe80::1%eth0", "1.2.3.4/33", ",", "1.2.3.4,,::1", " 1.2.3.4 "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var prefixes config.Prefixes
		if prefixes.UnmarshalText([]byte(text)) != nil {
			require.Empty(t, prefixes)
			return
		}
		var again config.Prefixes
		require.NoError(t, again.UnmarshalText([]byte(strings.Join(prefixes.Strings(), ","))))
		require.Equal(t, []netip.Prefix(prefixes), []netip.Prefix(again))
	})
}
