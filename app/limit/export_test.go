package limit

// Held returns how many units all callers together hold.
func (c *Concurrency) Held() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}

// Callers returns for how many callers there is state in memory.
func (t *Turns) Callers() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.byCaller)
}
