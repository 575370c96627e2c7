package sse

import (
	"testing"
	"testing/synctest"

	"github.com/pocketbase/pocketbase/tools/subscriptions"
	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

func TestStreamOfASlowClientIsEnded(t *testing.T) {
	for _, c := range []struct {
		name           string
		messages, size int
		ended          bool
	}{
		{"maximum number of messages", maxPending, 10, false},
		{"one message more", maxPending + 1, 10, true},
		{"too many bytes together", 2, maxPendingBytes/2 + 1, true},
		{"one large message", 1, 2 * maxPendingBytes, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var ended bool
				client := NewClient(func() { ended = true }, nil)
				for range c.messages {
					go client.Send(subscriptions.Message{Data: make([]byte, c.size)})
				}
				synctest.Wait() // until each message is refused or waits for a reader
				assert.Equal(t, c.ended, ended)
				client.Discard()
				synctest.Wait()
				assert.Zero(t, client.pending.Load(), "Discard releases every waiting Send")
				assert.Zero(t, client.pendingBytes.Load())
				assert.True(t, client.IsDiscarded())
			})
		})
	}
}

func TestReceivedMessagesAreNotPending(t *testing.T) {
	client := NewClient(func() { t.Error("the stream was ended") }, nil)
	for range 3 * maxPending {
		go client.Send(subscriptions.Message{Name: "one", Data: make([]byte, 10)})
		assert.Equal(t, "one", (<-client.Channel()).Name)
	}
	assert.False(t, client.IsDiscarded())
}

func TestStreamCountsOnceUntilItEnds(t *testing.T) {
	streams := limit.NewConcurrency(1, 1)
	client, second := NewClient(func() {}, nil), NewClient(func() {}, nil)
	assert.True(t, client.CountAgainst(streams, "ada"))
	assert.True(t, client.CountAgainst(streams, "ada"), "the stream is already counted")
	assert.False(t, second.CountAgainst(streams, "ada"))
	client.Discard()
	assert.False(t, client.CountAgainst(streams, "ada"), "a stream that has ended is not counted")
	assert.True(t, second.CountAgainst(streams, "ada"), "the stream that has ended holds nothing")
}
