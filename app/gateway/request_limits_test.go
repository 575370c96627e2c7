package gateway_test

import (
	"database/sql"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestConcurrentRequestsOfAUserAreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	var request slowRequest
	for range 50 {
		request = startSlowRequest(p, "/api/collections/preferences/records", 10)
	}
	refused := p.Own("GET", "/api/collections/meetings/records", nil)
	assert.Equal(t, 429, refused.Status, refused.Raw)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Equal(t, 200, other.Own("GET", "/api/collections/meetings/records", nil).Status)
	require.NoError(t, request.Close())
	s.Eventually(func() bool { return p.Own("GET", "/api/collections/meetings/records", nil).Status == 200 })
}

func TestRequestRateOfAUserIsLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	var refused atomic.Bool
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for i := 0; i < 150 && !refused.Load(); i++ {
				got, err := apptest.Send(http.MethodGet, p.DatabaseURL+"/api/collections/_none/records", p.Session, nil)
				if !assert.NoError(t, err) {
					return
				}
				if got.Status == 429 {
					refused.Store(true)
				}
			}
		})
	}
	clients.Wait()
	assert.True(t, refused.Load())
	assert.Equal(t, 200, other.Own("GET", "/api/health", nil).Status)
}

func TestLargeBodyIsRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	large := map[string]any{"key": "big", "value": strings.Repeat("x", 2<<20)}
	assert.Equal(t, 413, p.Own("POST", "/api/collections/preferences/records", large).Status)
	assert.Equal(t, 413, s.Call("POST", s.URL+"/api/batch", "", large).Status)

	chunked, err := http.NewRequest("POST", s.URL+"/api/collections/users/records", io.MultiReader(
		strings.NewReader(`{"email":"big@example.com","password":"`+apptest.Password+`","passwordConfirm":"`+apptest.Password+`","padding":"`),
		strings.NewReader(strings.Repeat("x", 3<<20)), strings.NewReader(`"}`)))
	require.NoError(t, err)
	chunked.ContentLength = -1 // the server can't know the length in advance
	chunked.Header.Set("Content-Type", "application/json")
	assert.Equal(t, 400, s.Do(chunked).Status)
	_, err = s.App.FindAuthRecordByEmail("users", "big@example.com")
	assert.ErrorIs(t, err, sql.ErrNoRows)
}
