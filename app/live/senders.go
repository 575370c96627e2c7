package live

import (
	"sync"

	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// maxBehind is how many messages a client may have waiting. One that falls
// further behind has its stream ended, connects again and reads everything anew.
const maxBehind = 3000

// senders send to clients in order, without anybody waiting for a slow one. A
// client has a goroutine only while messages wait for it.
type senders struct {
	drop func(clientID string)

	mu      sync.Mutex
	waiting map[string][]subscriptions.Message // by client
	sending sync.WaitGroup
}

func (s *senders) send(client subscriptions.Client, message subscriptions.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting = map[string][]subscriptions.Message{}
	}
	queued, busy := s.waiting[client.Id()]
	if len(queued) >= maxBehind {
		s.waiting[client.Id()] = queued[:0:0]
		go s.drop(client.Id())
		return
	}
	s.waiting[client.Id()] = append(queued, message)
	if !busy {
		s.sending.Go(func() { s.drain(client) })
	}
}

func (s *senders) drain(client subscriptions.Client) {
	for {
		s.mu.Lock()
		messages := s.waiting[client.Id()]
		if len(messages) == 0 || client.IsDiscarded() {
			delete(s.waiting, client.Id())
			s.mu.Unlock()
			return
		}
		s.waiting[client.Id()] = []subscriptions.Message{}
		s.mu.Unlock()
		for _, message := range messages {
			client.Send(message)
		}
	}
}

func (s *senders) wait() { s.sending.Wait() }
