package doctor_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestClocksAreCompared(t *testing.T) {
	t.Parallel()
	service := httptest.NewServer(http.NotFoundHandler())
	defer service.Close()
	settings := "FATHOM_API_URL=" + service.URL
	ahead := func(d time.Duration) doctor.Config {
		return doctor.Config{Now: func() time.Time { return time.Now().Add(d) }}
	}
	requireFinding(t, examine(t, t.TempDir(), ahead(0), settings), "clock", doctor.OK, "agrees with that of Fathom's API")
	requireFinding(t, examine(t, t.TempDir(), ahead(time.Minute), settings), "clock", doctor.Warn, "the clock is 1m0s ahead")
	requireFinding(t, examine(t, t.TempDir(), ahead(-time.Hour), settings), "clock", doctor.Fail, "the clock is 1h0m0s behind")

	s := apptest.Start(t, apptest.Options{})
	require.NoError(t, s.Stop())
	tomorrow := time.Now().Add(24 * time.Hour)
	require.NoError(t, os.Chtimes(s.GlobalFile(), tomorrow, tomorrow))
	requireFinding(t, examine(t, s.Dir, doctor.Config{}, settings), "clock", doctor.Warn, "which is in the future")
}
