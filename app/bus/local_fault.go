package bus

import "time"

// Fault is what happens to a message on its way to one receiver. The zero value is nothing.
type Fault struct {
	Lose   bool
	Repeat int           // further deliveries
	Delay  time.Duration // of all deliveries
}

// SetFaults makes a function decide what happens to each message and to each answer to a request, whose subject is that of
// the request. The function must not use the connection. Nil ends all faults.
func (l *Local) SetFaults(faults func(subject string, answer bool) Fault) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.hub.faults = faults
}

// deliver calls receive, which must not block, as often and as late as a fault says. The hub must be locked and open.
func (h *hub) deliver(subject string, answer bool, receive func()) {
	var fault Fault
	if h.faults != nil {
		fault = h.faults(subject, answer)
	}
	if fault.Lose {
		return
	}
	deliverAll := func() {
		for range 1 + fault.Repeat {
			receive()
		}
	}
	if fault.Delay <= 0 {
		deliverAll()
		return
	}
	h.running.Go(func() {
		timer := time.NewTimer(fault.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
			deliverAll()
		case <-h.done:
		}
	})
}
