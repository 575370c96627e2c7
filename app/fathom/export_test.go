package fathom

// BudgetCount returns the number of keys that have a budget.
func (c *Client) BudgetCount() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.budgets)
}
