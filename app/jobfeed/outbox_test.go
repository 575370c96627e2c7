package jobfeed

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/tools/subscriptions"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOutboxKeepsTheOrderAndWaitsForNobody(t *testing.T) {
	t.Parallel()
	var o outbox
	slow, fast := NewTestClient(), NewTestClient()
	for i := range 1000 { // nobody reads yet
		o.send(slow, subscriptions.Message{Name: fmt.Sprint(i)})
	}
	o.send(fast, subscriptions.Message{Name: "fast"})
	assert.Equal(t, "fast", (<-fast.Channel()).Name, "a slow client doesn't delay another")
	for i := range 1000 {
		require.Equal(t, fmt.Sprint(i), (<-slow.Channel()).Name)
	}
	require.NoError(t, o.wait(t.Context()))
	assert.Empty(t, o.backlogs)
}

func TestClientThatFallsBehindIsDisconnected(t *testing.T) {
	t.Parallel()
	for name, message := range map[string]subscriptions.Message{
		"messages": {Name: "small"},
		"bytes":    {Name: "large", Data: make([]byte, maxBacklogBytes/10)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const most = 10 // times the limit
			disconnected := make(chan string, most)
			o := outbox{disconnect: func(clientID string) { disconnected <- clientID }}
			client := NewTestClient()
			limit := maxBacklog
			if len(message.Data) > 0 {
				limit = maxBacklogBytes / len(message.Data)
			}
			// Up to that many messages may already be on their way to the client.
			sent := 0
			for ; len(disconnected) == 0 && sent < most*limit; sent++ {
				o.send(client, message)
			}
			select {
			case id := <-disconnected:
				assert.Equal(t, client.Id(), id)
			case <-time.After(20 * time.Second):
				t.Fatal("the client is still connected")
			}
			assert.Greater(t, sent, limit)
			client.Discard()
			require.NoError(t, o.wait(t.Context()))
		})
	}
}
