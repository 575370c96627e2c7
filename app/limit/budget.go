package limit

import "sync"

// Budget limits the sum of the amounts that are held at the same time, in total and by each caller. The zero
// value is not usable. It is safe for concurrent use.
//
// A single hold may exceed both limits while nobody else holds anything, because otherwise it could never
// succeed.
type Budget struct {
	total, perCaller int

	mu       sync.Mutex
	held     int
	byCaller map[Caller]int
}

// NewBudget returns a Budget of total units, of which one caller may hold perCaller.
func NewBudget(total, perCaller int) *Budget {
	return &Budget{total: total, perCaller: perCaller, byCaller: map[Caller]int{}}
}

// Hold is an amount that one caller holds. It is safe for concurrent use.
type Hold struct {
	budget *Budget
	caller Caller
	amount int // protected by the lock of the budget
}

// Open returns a Hold of 0 units.
func (b *Budget) Open(caller Caller) *Hold { return &Hold{budget: b, caller: caller} }

// Held returns the sum of all amounts.
func (b *Budget) Held() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held
}

// Set changes the amount of the hold. It changes nothing and returns false if more would be held than the
// limits allow. A smaller amount is always allowed.
func (h *Hold) Set(amount int) bool {
	b := h.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	return h.set(amount)
}

// Add is Set with the present amount plus n.
func (h *Hold) Add(n int) bool {
	b := h.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	return h.set(h.amount + n)
}

func (h *Hold) set(amount int) bool {
	b := h.budget
	others, ofCaller := b.held-h.amount, b.byCaller[h.caller]-h.amount
	if amount > h.amount && (others > 0 && others+amount > b.total || ofCaller > 0 && ofCaller+amount > b.perCaller) {
		return false
	}
	b.held = others + amount
	if b.byCaller[h.caller] = ofCaller + amount; b.byCaller[h.caller] == 0 {
		delete(b.byCaller, h.caller)
	}
	h.amount = amount
	return true
}

// Close releases the hold, which can be used again.
func (h *Hold) Close() { h.Set(0) }
