package fathom

// Budgets counts the keys with a budget.
func (c *Client) Budgets() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.budgets)
}
