package fathom_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

func TestRetryHonorsServerWait(t *testing.T) {
	start := newClock().Now()
	for name, c := range map[string]struct {
		headers  []string
		min, max time.Duration
	}{
		"seconds":             {[]string{"Retry-After", "7"}, 7 * time.Second, 7 * time.Second},
		"seconds with spaces": {[]string{"Retry-After", " 7 "}, 7 * time.Second, 7 * time.Second},
		"fraction":            {[]string{"Retry-After", "1.5"}, 1500 * time.Millisecond, 1500 * time.Millisecond},
		"date":                {[]string{"Retry-After", start.Add(30 * time.Second).Format(http.TimeFormat)}, 30 * time.Second, 30 * time.Second},
		"past date":           {[]string{"Retry-After", start.Add(-time.Hour).Format(http.TimeFormat)}, 500 * time.Millisecond, time.Second},
		"zero":                {[]string{"Retry-After", "0"}, 500 * time.Millisecond, time.Second},
		"negative":            {[]string{"Retry-After", "-5"}, 500 * time.Millisecond, time.Second},
		"nonsense":            {[]string{"Retry-After", "soon"}, 500 * time.Millisecond, time.Second},
		"nonsense and reset":  {[]string{"Retry-After", "soon", "RateLimit-Reset", "9"}, 9 * time.Second, 9 * time.Second},
		"reset":               {[]string{"RateLimit-Reset", "12"}, 12 * time.Second, 12 * time.Second},
		"reset as moment":     {[]string{"RateLimit-Reset", strconv.FormatInt(start.Add(20*time.Second).Unix(), 10)}, 20 * time.Second, 20 * time.Second},
		"both":                {[]string{"Retry-After", "3", "RateLimit-Reset", "12"}, 3 * time.Second, 3 * time.Second},
		"none":                {nil, 500 * time.Millisecond, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(respond(429, "", c.headers...), respond(200, emptyPage))
			account, clk := newAccount(t, s.ServeHTTP)
			require.NoError(t, account.Check(t.Context()))
			assert.Equal(t, 2, s.Calls())
			assert.GreaterOrEqual(t, clk.Slept(), c.min)
			assert.LessOrEqual(t, clk.Slept(), c.max)
		})
	}
}

func TestLongWaitIsReturnedToCaller(t *testing.T) {
	s := newScript(respond(429, "", "Retry-After", "300"), respond(200, emptyPage))
	account, clk := newAccount(t, s.ServeHTTP)
	var failure *fathom.Error
	require.ErrorAs(t, account.Check(t.Context()), &failure)
	assert.Equal(t, 300*time.Second, failure.RetryAfter)
	assert.Equal(t, 1, s.Calls())
	assert.Zero(t, clk.Slept())

	require.ErrorAs(t, account.Check(t.Context()), &failure, "no request is sent before that")
	assert.Equal(t, fathom.KindRateLimited, failure.Kind)
	assert.Equal(t, 300*time.Second, failure.RetryAfter)
	assert.Equal(t, 1, s.Calls())

	require.NoError(t, clk.Sleep(t.Context(), 300*time.Second))
	require.NoError(t, account.Check(t.Context()))
}

func TestBackoffGrowsWithinRetryFor(t *testing.T) {
	s := newScript(respond(503, ""))
	account, clk := newAccount(t, s.ServeHTTP)
	var failure *fathom.Error
	require.ErrorAs(t, account.Check(t.Context()), &failure)
	require.GreaterOrEqual(t, len(clk.waits), 4)
	for i, d := range clk.waits {
		full := time.Second << min(i, 6)
		assert.True(t, d > full/2-1 && d <= full, "wait %d is %s", i, d)
	}
	assert.LessOrEqual(t, clk.Slept(), time.Minute)
}

func TestNegativeRetryForDisablesRetries(t *testing.T) {
	s := newScript(respond(429, ""))
	server := httptest.NewServer(s)
	defer server.Close()
	client := newClient(t, fathom.Config{BaseURL: server.URL, RetryFor: -1})
	var failure *fathom.Error
	require.ErrorAs(t, client.Account(testKey).Check(t.Context()), &failure)
	assert.Equal(t, 1, s.Calls())
	assert.Positive(t, failure.RetryAfter, "the queue needs the time of the retry")
}

func TestInterruptedCallsAreRetried(t *testing.T) {
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`{"items":`))
		panic(http.ErrAbortHandler)
	}
	s := newScript(disconnect, cut, respond(200, emptyPage))
	account, _ := newAccount(t, s.ServeHTTP)
	require.NoError(t, account.Check(t.Context()))
	assert.Equal(t, 3, s.Calls())
}

const download = `{"download_id":"dl_1","recording_id":1001,"status":"processing"}`

func TestOnlyRepeatableCallsAreRetried(t *testing.T) {
	for name, c := range map[string]struct {
		first   http.HandlerFunc
		webhook int // calls
	}{
		"cut":          {disconnect, 1},
		"500":          {respond(500, ""), 1},
		"502":          {respond(502, ""), 1},
		"503":          {respond(503, ""), 2},
		"rate limited": {respond(429, "", "Retry-After", "1"), 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(c.first, respond(202, download))
			account, _ := newAccount(t, s.ServeHTTP)
			_, err := account.RequestDownload(t.Context(), 1001, "")
			require.NoError(t, err)
			assert.Equal(t, 2, s.Calls())

			s = newScript(c.first, respond(201, `{"id":"w","secret":"whsec_x"}`))
			account, _ = newAccount(t, s.ServeHTTP)
			_, err = account.CreateWebhook(t.Context(), fathom.WebhookRequest{})
			assert.Equal(t, c.webhook, s.Calls())
			assert.Equal(t, c.webhook == 2, err == nil)
		})
	}
}

func TestWebhookCallIsRetriedIfNothingWasSent(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	clk := newClock()
	client := newClient(t, fathom.Config{BaseURL: server.URL, Now: clk.Now, Sleep: clk.Sleep})
	_, err := client.Account(testKey).CreateWebhook(t.Context(), fathom.WebhookRequest{})
	var failure *fathom.Error
	require.ErrorAs(t, err, &failure)
	assert.NotZero(t, clk.Slept())
}
