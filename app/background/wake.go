package background

// Wake tells a goroutine that there is work. Any number of calls to Signal before the goroutine receives
// count as one.
type Wake struct{ pending chan struct{} }

// NewWake returns a Wake without a pending signal.
func NewWake() Wake { return Wake{make(chan struct{}, 1)} }

// Signal makes C ready. It never blocks.
func (w Wake) Signal() {
	select {
	case w.pending <- struct{}{}:
	default:
	}
}

// C receives once after one or more signals. It is for one receiver.
func (w Wake) C() <-chan struct{} { return w.pending }
