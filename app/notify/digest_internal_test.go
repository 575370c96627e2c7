package notify

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDigestTimeIsMondayMorningInTheZone(t *testing.T) {
	for _, test := range []struct{ now, zone, want string }{
		{"2026-11-27T12:00:00Z", "UTC", "2026-11-23T08:00:00Z"},
		{"2026-11-23T07:59:59Z", "UTC", "2026-11-16T08:00:00Z"},
		{"2026-11-23T08:00:00Z", "UTC", "2026-11-23T08:00:00Z"},
		{"2026-11-22T23:30:00Z", "Asia/Tokyo", "2026-11-22T23:00:00Z"},          // 08:30 on Monday
		{"2026-11-23T12:00:00Z", "America/Los_Angeles", "2026-11-16T16:00:00Z"}, // 04:00 on Monday
		{"2026-10-26T07:30:00Z", "Europe/Berlin", "2026-10-26T07:00:00Z"},       // the day after summer time
		{"2026-03-30T06:30:00Z", "Europe/Berlin", "2026-03-30T06:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		require.NoError(t, err)
		zone, err := time.LoadLocation(test.zone)
		require.NoError(t, err)
		assert.Equal(t, test.want, digestTime(now, zone).UTC().Format(time.RFC3339), "%s in %s", test.now, test.zone)
	}
}
