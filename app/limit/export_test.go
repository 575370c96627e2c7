package limit

// Held returns how many units all callers together hold.
func (c *Concurrency) Held() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}
