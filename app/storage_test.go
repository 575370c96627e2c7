package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestServerStartsAlthoughS3DoesNotAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fail func(*s3test.Server)
		says string
	}{
		"stalls":  {func(s *s3test.Server) { s.Stall(s3test.PutObject, s3test.Always) }, "too slow or doesn't answer"},
		"is down": {func(s *s3test.Server) { s.Disconnect(s3test.PutObject, s3test.Always) }, "can't be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := s3test.Start(t, s3test.Options{})
			test.fail(bucket)
			began := time.Now()
			s := apptest.Start(t, apptest.Options{Settings: bucket.Settings()})
			assert.Less(t, time.Since(began), 20*time.Second, "10 seconds and the rest of the start")
			assert.Contains(t, s.Log.String(), "storage for recordings isn't available")
			assert.Contains(t, s.Log.String(), test.says, "the log says what to do")
			assert.Equal(t, 200, s.Call("GET", s.URL+"/api/health", "", nil).Status)
		})
	}
}
