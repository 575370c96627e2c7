package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestFaultsApplyInOrderAndPerRoute(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	s.Inject(simulator.Fault{Path: "/external/v1/teams", Status: 500})
	s.Inject(simulator.Fault{
		Path: "/external/v1/recordings/*/download", Method: http.MethodPost,
		Status: 503, Times: 2, RetryAfter: 1500 * time.Millisecond,
	})
	s.Inject(simulator.Fault{
		Path: "/external/v1/teams", Status: 502, Body: "<h1>Bad gateway</h1>", ContentType: "text/html",
	})

	post := func() response { return s.api(http.MethodPost, "/recordings/1001/download", "") }
	res := post()
	assert.Equal(t, 503, res.StatusCode)
	assert.Equal(t, "2", res.Header.Get("Retry-After"))
	assert.Empty(t, res.body)
	assert.Equal(t, 200, s.get("/users").StatusCode, "the fault is for another path")
	assert.Equal(t, 500, s.get("/teams").StatusCode)
	res = s.get("/teams")
	assert.Equal(t, 502, res.StatusCode)
	assert.Equal(t, "<h1>Bad gateway</h1>", string(res.body))
	assert.Equal(t, "text/html", res.Header.Get("Content-Type"))
	assert.Equal(t, 200, s.get("/teams").StatusCode)
	assert.Equal(t, 503, post().StatusCode)
	assert.Equal(t, 202, post().StatusCode)

	s.Inject(simulator.Fault{Times: -1, Status: 429})
	for range 3 {
		assert.Equal(t, 429, s.get("/teams").StatusCode)
	}
	s.ClearFaults()
	assert.Equal(t, 200, s.get("/teams").StatusCode)

	s.Inject(simulator.Fault{Status: 200, Body: `{"limit":25,"items":null}`, Header: http.Header{"x-extra": {"1"}}})
	res = s.get("/teams")
	assert.Equal(t, "application/json", res.Header.Get("Content-Type"))
	assert.Equal(t, "1", res.Header.Get("X-Extra"))
}

func TestFaultsDistortTheBody(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	f := s.completed(1001)
	groundTruth, _ := s.Meeting(1001)
	fetch := func(fault simulator.Fault) (response, error) {
		s.Inject(fault)
		return s.send(http.MethodGet, f.URL, "")
	}

	res, err := fetch(simulator.Fault{CutAfter: 12_345})
	require.Error(t, err)
	assert.Len(t, res.body, 12_345)
	assert.Equal(t, groundTruth.Size, res.ContentLength)

	res, err = fetch(simulator.Fault{WrongLength: true})
	require.NoError(t, err)
	assert.Less(t, int64(len(res.body)), groundTruth.Size)
	assert.EqualValues(t, len(res.body), res.ContentLength)

	res, err = fetch(simulator.Fault{NoLength: true})
	require.NoError(t, err)
	assert.EqualValues(t, -1, res.ContentLength)
	assert.Equal(t, groundTruth.SHA256, sum(res.body))

	res, err = fetch(simulator.Fault{NoLength: true, CutAfter: 500})
	require.Error(t, err, "the chunked body ends early")
	assert.Len(t, res.body, 500)

	_, err = fetch(simulator.Fault{CloseConnection: true, Times: 5})
	require.Error(t, err)
	s.ClearFaults()

	res, err = fetch(simulator.Fault{BytesPerSecond: 20 * groundTruth.Size, Delay: time.Millisecond})
	require.NoError(t, err)
	assert.Equal(t, groundTruth.SHA256, sum(res.body))
	assert.Empty(t, s.Violations())
}

func TestHoldDelaysOneRequest(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]int64{"before the response": 0, "within the body": 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Config{})
			gate := make(chan struct{})
			s.Inject(simulator.Fault{Path: "/external/v1/teams", Hold: gate, HoldAfter: after})
			done := s.getInBackground("/teams")
			require.NoError(t, s.WaitRequests(t.Context(), "", "/external/v1/teams", 1))
			assert.Equal(t, 200, s.get("/users").StatusCode, "other requests are served")
			assert.Empty(t, done)
			close(gate)
			assert.Equal(t, 200, (<-done).status)
		})
	}
}

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	s.get("/meetings?cursor=x&teams[]=a&teams[]=b")
	_, err := s.send(http.MethodGet, s.URL()+"/media/x", "", "Range", "bytes=5-", "Authorization", "Bearer x")
	require.NoError(t, err)
	log := s.Requests()
	require.Len(t, log, 2)
	assert.Equal(t, http.MethodGet, log[0].Method)
	assert.Equal(t, "/external/v1/meetings", log[0].Path)
	assert.Equal(t, []string{"a", "b"}, log[0].Query["teams[]"])
	assert.Equal(t, 400, log[0].Status)
	assert.True(t, log[0].HasAPIKey)
	assert.False(t, log[0].HasAuthorization)
	assert.Equal(t, "bytes=5-", log[1].Range)
	assert.True(t, log[1].HasAuthorization)
	assert.NotEmpty(t, log[1].Violation)
	s.Reset()
	assert.Empty(t, s.Requests())
}

func TestErrorBodiesDependOnTheStatus(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{AdminKeys: []string{}})
	assert.JSONEq(t, `{"message":"recording not found"}`, string(s.get("/recordings/1/summary").body))
	assert.JSONEq(t, `{"error":"recording has no downloadable media"}`,
		string(s.api(http.MethodPost, "/recordings/1023/download", "").body))
	assert.Contains(t, s.get("/users").Header.Get("Content-Type"), "text/html")
}
