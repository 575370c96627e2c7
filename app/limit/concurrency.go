package limit

import (
	"net/netip"
	"sync"
)

// Concurrency bounds how much is held at once, in all and by one holder: an address or
// a user. An IPv6 address counts as its /64, which is what one line has, and all
// lines of a /48, which one customer may have, have four times as much together.
// Safe for concurrent use.
type Concurrency struct {
	total, perHolder int

	mu   sync.Mutex
	held int
	by   map[string]int
}

const linesOfACustomer = 4

// NewConcurrency returns so many places, of which one holder may have a part.
func NewConcurrency(total, perHolder int) *Concurrency {
	return &Concurrency{total: total, perHolder: perHolder, by: map[string]int{}}
}

// Acquire takes a place until leave is called, once or more, or reports that there
// is none for this holder.
func (p *Concurrency) Acquire(holder string) (leave func(), ok bool) {
	line, customer := networks(holder)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held >= p.total || p.by[line] >= p.perHolder || customer != "" && p.by[customer] >= linesOfACustomer*p.perHolder {
		return nil, false
	}
	p.held++
	p.by[line]++
	if customer != "" {
		p.by[customer]++
	}
	return sync.OnceFunc(func() { p.leave(line, customer) }), true
}

func (p *Concurrency) leave(line, customer string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held--
	for _, key := range []string{line, customer} {
		if p.by[key]--; p.by[key] <= 0 {
			delete(p.by, key)
		}
	}
}

// networks are what an address counts for; customer is empty for what is no IPv6
// address.
func networks(holder string) (line, customer string) {
	ip, err := netip.ParseAddr(holder)
	if err != nil {
		return holder, ""
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String(), ""
	}
	return netip.PrefixFrom(ip, 64).Masked().String(), netip.PrefixFrom(ip, 48).Masked().String()
}

// Held returns how many units all callers together hold.
func (p *Concurrency) Held() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.held
}
