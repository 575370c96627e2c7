package fathom

// Budget is what is left of one of Limits, for all keys that were used in the last minutes.
type Budget struct {
	Name      string // calls, texts or downloads
	Keys      int
	Left      int // calls that are possible now
	Limit     int // calls that are possible in a minute
	Exhausted int // keys that can't call now
}

var bucketNames = [bucketCount]string{bucketGlobal: "calls", bucketHeavy: "texts", bucketDownload: "downloads"}

// Budgets returns what is left of each budget.
func (c *Client) Budgets() []Budget {
	now := c.now()
	c.mu.Lock()
	all := make([]*rateBudget, 0, len(c.budgets))
	for _, b := range c.budgets {
		if now.Sub(b.lastUsed) <= budgetIdleTime {
			all = append(all, b)
		}
	}
	c.mu.Unlock()
	totals := make([]Budget, bucketCount)
	for i := range totals {
		totals[i].Name = bucketNames[i]
	}
	for _, b := range all {
		b.mu.Lock()
		for i := range b.windows {
			w, total := &b.windows[i], &totals[i]
			total.Keys++
			total.Limit += w.limit
			if w.next(now).After(now) {
				total.Exhausted++
			} else {
				total.Left += max(w.limit-len(w.at), 0)
			}
		}
		b.mu.Unlock()
	}
	return totals
}
