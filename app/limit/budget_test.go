package limit_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

func TestBudgetIsLimitedPerCallerAndInTotal(t *testing.T) {
	budget := limit.NewBudget(100, 60)
	ada, adas, bob, eve := budget.Open(limit.Account("ada")), budget.Open(limit.Account("ada")), budget.Open(limit.Account("bob")), budget.Open(limit.Account("eve"))
	assert.True(t, ada.Set(40))
	assert.False(t, adas.Set(21), "ada would hold 61")
	assert.True(t, adas.Set(20))
	assert.True(t, bob.Add(40))
	assert.False(t, eve.Set(1), "all 100 are held")
	assert.True(t, bob.Set(39), "a smaller amount is always allowed")
	assert.True(t, eve.Set(1))
	assert.Equal(t, 100, budget.Held())
	for _, hold := range []*limit.Hold{ada, adas, bob, eve, eve} {
		hold.Close()
	}
	assert.Zero(t, budget.Held())
}

func TestASingleHoldMayExceedTheBudget(t *testing.T) {
	budget := limit.NewBudget(100, 60)
	large, small := budget.Open(limit.Account("ada")), budget.Open(limit.Account("bob"))
	assert.True(t, large.Add(500), "nobody else holds anything")
	assert.True(t, large.Add(500))
	assert.False(t, small.Set(1))
	large.Close()
	assert.True(t, small.Set(1))
	assert.False(t, large.Set(500))
	assert.True(t, large.Set(99), "the limit of a caller is for several holds")
}
