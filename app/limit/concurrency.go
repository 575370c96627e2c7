// Package limit limits how much of a shared resource one caller may use, so that no caller can starve
// the others. Concurrency limits how many units are held at the same time, Rate limits how often
// something happens.
//
// A caller is a user id or an IP address. Both types are safe for concurrent use and keep state in
// memory only, while a caller is active. The package must not depend on HTTP or PocketBase: its users
// decide how to respond to a caller over the limit.
package limit

import (
	"math"
	"net/netip"
	"sync"
)

// Unlimited is the total of a Concurrency that only limits each caller.
const Unlimited = math.MaxInt

// siteFactor times the limit of one caller is the limit of an IPv6 site (a /48 subnet).
const siteFactor = 4

// Concurrency limits how many units are held at the same time, in total and by each caller. An IPv6
// address counts as its /64 subnet, which is what one connection to the Internet is assigned. All
// subnets of a /48, which a single customer can own, together hold at most four times the limit of
// one caller.
type Concurrency struct {
	total, perCaller int

	mu       sync.Mutex
	held     int
	byCaller map[string]int
}

// NewConcurrency returns a Concurrency that allows total units, of which one caller may hold
// perCaller.
func NewConcurrency(total, perCaller int) *Concurrency {
	return &Concurrency{total: total, perCaller: perCaller, byCaller: map[string]int{}}
}

// Acquire holds one unit for a caller until release is called. Calling release again has no effect.
// It never waits: ok is false, and release nil, if the caller or all callers together are at their
// limit.
func (c *Concurrency) Acquire(caller string) (release func(), ok bool) {
	subnet, site := networks(caller)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held >= c.total || c.byCaller[subnet] >= c.perCaller {
		return nil, false
	}
	if site != "" && c.byCaller[site] >= siteFactor*c.perCaller {
		return nil, false
	}
	c.held++
	c.byCaller[subnet]++
	if site != "" {
		c.byCaller[site]++
	}
	return sync.OnceFunc(func() { c.release(subnet, site) }), true
}

func (c *Concurrency) release(subnet, site string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held--
	for _, key := range []string{subnet, site} {
		if c.byCaller[key]--; c.byCaller[key] <= 0 {
			delete(c.byCaller, key)
		}
	}
}

// networks returns the keys a caller is counted by. The site is empty unless the caller is an IPv6
// address.
func networks(caller string) (subnet, site string) {
	ip, err := netip.ParseAddr(caller)
	if err != nil {
		return caller, ""
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String(), ""
	}
	return netip.PrefixFrom(ip, 64).Masked().String(), netip.PrefixFrom(ip, 48).Masked().String()
}
