package sse

import (
	"testing"
	"testing/synctest"

	"github.com/pocketbase/pocketbase/tools/subscriptions"
	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

func TestAStreamThatFallsBehindIsEnded(t *testing.T) {
	for _, c := range []struct {
		messages, size int
		ended          bool
		why            string
	}{
		{maxPending, 10, false, "as many as may wait"},
		{maxPending + 1, 10, true, "one more"},
		{2, maxPendingBytes/2 + 1, true, "too large together"},
		{1, 2 * maxPendingBytes, false, "a single large record is no reason"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var ended bool
			client := NewClient(func() { ended = true }, nil)
			for range c.messages {
				go client.Send(subscriptions.Message{Data: make([]byte, c.size)})
			}
			synctest.Wait() // for each to be refused or to wait for a reader
			assert.Equal(t, c.ended, ended, c.why)
			client.Discard()
			synctest.Wait()
			assert.Zero(t, client.pending.Load(), "all who waited are let go")
			assert.Zero(t, client.bytes.Load())
			assert.True(t, client.IsDiscarded())
		})
	}
}

func TestMessagesThatAreTakenDoNotCount(t *testing.T) {
	client := NewClient(func() { t.Error("ended") }, nil)
	for range 3 * maxPending {
		go client.Send(subscriptions.Message{Name: "one", Data: make([]byte, 10)})
		assert.Equal(t, "one", (<-client.Channel()).Name)
	}
	assert.False(t, client.IsDiscarded())
}

func TestAStreamHoldsOnePlaceAsLongAsItLasts(t *testing.T) {
	places := limit.NewConcurrency(10, 1)
	client, second := NewClient(func() {}, nil), NewClient(func() {}, nil)
	assert.True(t, client.Hold(places, "ada"))
	assert.True(t, client.Hold(places, "ada"), "it has one")
	assert.False(t, second.Hold(places, "ada"))
	client.Discard()
	assert.False(t, client.Hold(places, "ada"), "one that has ended holds nothing")
	assert.Zero(t, places.Held())
	assert.True(t, second.Hold(places, "ada"))
}
