package fathom_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

func TestGlobalBudgetIsSharedByKey(t *testing.T) {
	s := newScript(respond(200, emptyPage))
	server := httptest.NewServer(s)
	defer server.Close()
	clk := newClock()
	client := newClient(t, fathom.Config{BaseURL: server.URL, Now: clk.Now, Sleep: clk.Sleep})

	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			account := client.Account(testKey)
			for range 10 {
				assert.NoError(t, account.Check(t.Context()))
			}
		})
	}
	wg.Wait()
	assert.Zero(t, clk.Slept(), "sixty calls need no wait")

	require.NoError(t, client.Account("another").Check(t.Context()))
	assert.Zero(t, clk.Slept(), "each key has its own budget")

	require.NoError(t, client.Account(testKey).Check(t.Context()))
	assert.Equal(t, time.Minute, clk.Slept(), "the next call waits for a full window")
	assert.Equal(t, 62, s.Calls())
}

func TestBudgetsFollowTheSettings(t *testing.T) {
	server := httptest.NewServer(newScript(respond(200, `{"items":[],"summary":null,"download_id":"d","status":"processing"}`)))
	defer server.Close()
	clk := newClock()
	client := newClient(t, fathom.Config{
		BaseURL: server.URL, Now: clk.Now, Sleep: clk.Sleep, Limits: fathom.Limits{Calls: 90, Texts: 5, Downloads: 2},
	})
	account := client.Account(testKey)
	for range 85 {
		require.NoError(t, account.Check(t.Context()))
	}
	for range 5 {
		_, err := account.Summary(t.Context(), 1)
		require.NoError(t, err)
	}
	for range 2 {
		_, err := account.RequestDownload(t.Context(), 1, "")
		require.NoError(t, err)
	}
	assert.Zero(t, clk.Slept())
	_, err := account.RequestDownload(t.Context(), 1, "")
	require.NoError(t, err)
	assert.Equal(t, time.Minute, clk.Slept())
}

func TestHeavyAndDownloadBudgetsAreSeparate(t *testing.T) {
	account, clk := newAccount(t, respond(200, `{"summary":null,"transcript":[],"items":[],"download_id":"d","status":"processing"}`))
	for i := range 15 {
		_, err := account.Summary(t.Context(), 1)
		require.NoError(t, err)
		if i%2 == 0 {
			_, err = account.Transcript(t.Context(), 1)
		} else {
			_, err = account.ListMeetings(t.Context(), fathom.MeetingQuery{IncludeSummary: true}, "")
		}
		require.NoError(t, err)
	}
	for range 30 {
		_, err := account.RequestDownload(t.Context(), 1, "")
		require.NoError(t, err)
		_, err = account.PollDownload(t.Context(), 1, "d")
		require.NoError(t, err)
	}
	assert.Zero(t, clk.Slept(), "30 heavy calls, 30 requests and 30 polls need no wait")
	_, err := account.Summary(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, time.Minute, clk.Slept())
}

func TestBudgetWaitBeyondDeadlineIsAnError(t *testing.T) {
	account, clk := newAccount(t, respond(200, emptyPage))
	for range 60 {
		require.NoError(t, account.Check(t.Context()))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var failure *fathom.Error
	require.ErrorAs(t, account.Check(ctx), &failure)
	assert.Equal(t, fathom.KindRateLimited, failure.Kind)
	assert.Equal(t, time.Minute, failure.RetryAfter)
	assert.Zero(t, clk.Slept())

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, account.Check(cancelled), context.Canceled)
	require.NoError(t, account.Check(t.Context()), "the reservations were cancelled")
	assert.Equal(t, time.Minute, clk.Slept())
}

func TestBudgetFollowsRateLimitHeaders(t *testing.T) {
	s := newScript(respond(200, emptyPage, "RateLimit-Limit", "60", "RateLimit-Remaining", "0", "RateLimit-Reset", "25"), respond(200, emptyPage))
	account, clk := newAccount(t, s.ServeHTTP)
	require.NoError(t, account.Check(t.Context()))
	require.NoError(t, account.Check(t.Context()))
	assert.Equal(t, 25*time.Second, clk.Slept())

	account, clk = newAccount(t, respond(200, `{"summary":null,"items":[]}`, "RateLimit-Limit", "5", "RateLimit-Remaining", "4"))
	for range 5 {
		_, err := account.Summary(t.Context(), 1)
		require.NoError(t, err)
	}
	assert.Zero(t, clk.Slept())
	_, err := account.Summary(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, time.Minute, clk.Slept(), "fathom may lower the heavy limit to 5")
}

func TestBudgetsOfIdleKeysAreRemoved(t *testing.T) {
	server := httptest.NewServer(newScript(respond(200, emptyPage)))
	defer server.Close()
	clk := newClock()
	client := newClient(t, fathom.Config{BaseURL: server.URL, Now: clk.Now, Sleep: clk.Sleep})
	require.NoError(t, client.Account("one").Check(t.Context()))
	require.NoError(t, client.Account("two").Check(t.Context()))
	assert.Equal(t, 2, client.BudgetCount())
	require.NoError(t, clk.Sleep(t.Context(), 11*time.Minute))
	require.NoError(t, client.Account("two").Check(t.Context()))
	assert.Equal(t, 1, client.BudgetCount())
}

func TestBudgetsThatAreLeftAreThoseOfAllKeys(t *testing.T) {
	s := newScript(respond(200, emptyPage))
	server := httptest.NewServer(s)
	defer server.Close()
	clk := newClock()
	calls := map[string]int{}
	client := newClient(t, fathom.Config{
		BaseURL: server.URL, Now: clk.Now, Sleep: clk.Sleep, Limits: fathom.Limits{Calls: 10, Texts: 5, Downloads: 2},
		OnCall: func(operation string, problem fathom.Kind) {
			assert.Empty(t, problem)
			calls[operation]++
		},
	})
	for range 4 {
		require.NoError(t, client.Account(testKey).Check(t.Context()))
	}
	for range 10 {
		require.NoError(t, client.Account("another").Check(t.Context()))
	}
	assert.Equal(t, []fathom.Budget{
		{Name: "calls", Keys: 2, Left: 6, Limit: 20, Exhausted: 1}, {Name: "texts", Keys: 2, Left: 10, Limit: 10}, {Name: "downloads", Keys: 2, Left: 4, Limit: 4},
	}, client.Budgets())
	assert.Equal(t, map[string]int{"check key": 14}, calls)
	clk.Advance(time.Minute)
	assert.Equal(t, 20, client.Budgets()[0].Left)
	clk.Advance(time.Hour)
	assert.Zero(t, client.Budgets()[0].Keys, "keys that nobody uses don't count")
}
