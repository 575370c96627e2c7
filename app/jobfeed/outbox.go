package jobfeed

import (
	"sync"

	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// How much a client may have waiting. One that falls further behind has its stream
// ended, connects again and reads everything anew.
const (
	maxBehind      = 3000 // messages
	maxBehindBytes = 8 << 20
)

// senders send to clients in order, without anybody waiting for a slow one. A
// client has a goroutine only while messages wait for it.
type senders struct {
	drop func(clientID string)

	mu      sync.Mutex
	waiting map[string]*backlog // by client
	sending sync.WaitGroup
}

func (s *senders) send(client subscriptions.Client, message subscriptions.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting = map[string]*backlog{}
	}
	behind, busy := s.waiting[client.Id()]
	if !busy {
		behind = &backlog{}
		s.waiting[client.Id()] = behind
		s.sending.Go(func() { s.drain(client) })
	}
	behind.messages = append(behind.messages, message)
	behind.bytes += len(message.Data)
	if len(behind.messages) > maxBehind || behind.bytes > maxBehindBytes {
		behind.messages, behind.bytes = nil, 0
		go s.drop(client.Id())
	}
}

// backlog is what waits for a client.
type backlog struct {
	messages []subscriptions.Message
	bytes    int
}

func (s *senders) drain(client subscriptions.Client) {
	for {
		s.mu.Lock()
		behind := s.waiting[client.Id()]
		messages := behind.messages
		if len(messages) == 0 || client.IsDiscarded() {
			delete(s.waiting, client.Id())
			s.mu.Unlock()
			return
		}
		behind.messages, behind.bytes = nil, 0
		s.mu.Unlock()
		for _, message := range messages {
			client.Send(message)
		}
	}
}

func (s *senders) wait() { s.sending.Wait() }
