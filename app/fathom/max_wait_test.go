package fathom_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

// newImpatientAccount is newAccount for a client that returns instead of waiting for more than a second.
func newImpatientAccount(t *testing.T, handler http.HandlerFunc) (*fathom.Account, *clock) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	clk := newClock()
	return newClient(t, fathom.Config{BaseURL: server.URL, Now: clk.Now, Sleep: clk.Sleep, MaxWait: time.Second}).Account(testKey), clk
}

func listFirstPage(ctx context.Context, account *fathom.Account) error {
	_, err := account.ListMeetings(ctx, fathom.MeetingQuery{}, "")
	return err
}

func TestLongBudgetWaitIsReturned(t *testing.T) {
	account, clk := newImpatientAccount(t, respond(200, emptyPage))
	for range 60 {
		require.NoError(t, listFirstPage(t.Context(), account))
	}
	var failure *fathom.Error
	for range 3 {
		require.ErrorAs(t, listFirstPage(t.Context(), account), &failure)
		assert.Equal(t, fathom.KindRateLimited, failure.Kind)
		assert.Equal(t, time.Minute, failure.RetryAfter, "a call that was not sent reserves nothing")
	}
	assert.Zero(t, clk.Slept())
	require.NoError(t, account.Check(t.Context()), "a check of the key waits")
	assert.Equal(t, time.Minute, clk.Slept())
}

func TestLongRequestedWaitIsReturned(t *testing.T) {
	for name, test := range map[string]struct {
		status  int
		headers []string
		want    time.Duration
		slept   time.Duration
	}{
		"rate limit":              {429, []string{"Retry-After", "7"}, 7 * time.Second, 0},
		"unavailable":             {503, []string{"Retry-After", "40"}, 40 * time.Second, 0},
		"rate limit without time": {429, nil, 15 * time.Second, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			account, clk := newImpatientAccount(t, respond(test.status, "", test.headers...))
			var failure *fathom.Error
			require.ErrorAs(t, listFirstPage(t.Context(), account), &failure)
			assert.Equal(t, test.want, failure.RetryAfter)
			assert.LessOrEqual(t, clk.Slept(), 2*test.slept)
		})
	}
	account, _ := newImpatientAccount(t, newScript(respond(429, "", "Retry-After", "1"), respond(200, emptyPage)).ServeHTTP)
	require.NoError(t, listFirstPage(t.Context(), account), "a short wait costs less than another run")
}
