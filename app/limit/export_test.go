package limit

// Held returns how many units all callers together hold.
func (c *Concurrency) Held() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}

// Callers returns how many callers a Rate remembers.
func (r *Rate) Callers() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.buckets.entries)
}

// Remembered returns how many accounts and networks have a pause or an attempt.
func (p *Pauses) Remembered() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.states.entries)
}

// Accounts returns how many accounts have failures.
func (f *Failures) Accounts() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.accounts.entries)
}

// Callers returns for how many callers there is state in memory.
func (t *Turns) Callers() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.byCaller)
}
