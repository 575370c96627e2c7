package limit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

func TestIntervalAllowsOneEventInAPeriod(t *testing.T) {
	clock := clocktest.New(time.Now())
	mails := limit.NewInterval[string](10*time.Minute, clock.Now)
	_, ok := mails.Value("ada")
	assert.False(t, ok)
	_, ok = mails.Begin("ada", "first")
	assert.True(t, ok)
	clock.Advance(10*time.Minute - time.Second)
	value, ok := mails.Begin("ada", "second")
	assert.False(t, ok)
	assert.Equal(t, "first", value)
	_, ok = mails.Begin("grace", "other")
	assert.True(t, ok, "keys don't share a period")
	clock.Advance(time.Second)
	_, ok = mails.Value("ada")
	assert.False(t, ok)
	value, ok = mails.Begin("ada", "third")
	assert.True(t, ok)
	assert.Equal(t, "third", value)
	value, _ = mails.Value("ada")
	assert.Equal(t, "third", value)
	mails.Forget("ada")
	_, ok = mails.Begin("ada", "fourth")
	assert.True(t, ok)
}
