package background

// Wake notifies a goroutine that there is work. Calls of Signal that the goroutine has not received yet
// count as one. It must be created with NewWake.
type Wake struct{ pending chan struct{} }

// NewWake returns a Wake without a pending signal.
func NewWake() Wake { return Wake{make(chan struct{}, 1)} }

// Signal notifies the receiver of C. It never blocks.
func (w Wake) Signal() {
	select {
	case w.pending <- struct{}{}:
	default:
	}
}

// C returns a channel that delivers one value after one or more signals. It is for a single receiver.
func (w Wake) C() <-chan struct{} { return w.pending }
