package fathom

import (
	"fmt"
	"time"
)

// pace measures how fast a file host sends. It counts the time spent on waiting for the host, but not the time
// spent on writing to the disk.
type pace struct {
	minRate int64         // bytes per second; negative for no limit
	window  time.Duration // between two checks
	bytes   int64         // received in this window
	waited  time.Duration // in this window
}

// add records that n bytes arrived after a wait. Once per window, it returns KindTooSlow if fewer bytes than
// minRate requires have arrived. The bytes of all attempts count together, so that a host can't evade the limit
// by closing the connection.
func (p *pace) add(n int64, wait time.Duration) error {
	p.bytes += n
	if p.waited += wait; p.minRate < 0 || p.waited < p.window {
		return nil
	}
	rate := int64(float64(p.bytes) / p.waited.Seconds())
	p.bytes, p.waited = 0, 0
	if rate < p.minRate {
		return &Error{Op: fetchOp, Kind: KindTooSlow, Detail: fmt.Sprintf("%d bytes per second", rate)}
	}
	return nil
}
