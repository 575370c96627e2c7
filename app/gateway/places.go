package gateway

import (
	"net/netip"
	"sync"
)

// Places bounds how much is held at once, in all and by one address, so that
// nobody takes everything from the others. An IPv6 address counts as its /64: that
// is what one customer has. Safe for concurrent use.
type Places struct {
	total, perAddress int

	mu   sync.Mutex
	held int
	by   map[string]int // address
}

// NewPlaces returns so many places, of which one address may have a part.
func NewPlaces(total, perAddress int) *Places {
	return &Places{total: total, perAddress: perAddress, by: map[string]int{}}
}

// Take takes a place until leave is called, once or more, or reports that there
// is none for this address.
func (p *Places) Take(address string) (leave func(), ok bool) {
	address = holder(address)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held >= p.total || p.by[address] >= p.perAddress {
		return nil, false
	}
	p.held++
	p.by[address]++
	return sync.OnceFunc(func() { p.leave(address) }), true
}

func (p *Places) leave(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held--
	if p.by[address]--; p.by[address] == 0 {
		delete(p.by, address)
	}
}

func holder(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || !ip.Unmap().Is6() {
		return ip.Unmap().String()
	}
	network, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return network.String()
}
