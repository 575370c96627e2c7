package transfer

import (
	"context"
	"strconv"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
)

func TestServiceStopsWithoutStartAndMoreThanOnce(t *testing.T) {
	s := New(Config{})
	require.NoError(t, s.Stop(t.Context()))

	s = New(Config{Global: queuetest.Open(t)})
	require.NoError(t, s.Start(t.Context()))
	require.NoError(t, s.Stop(t.Context()))
	require.NoError(t, s.Stop(t.Context()))
	s.CheckConnection("database", core.NewRecord(core.NewBaseCollection("connections")))
	assert.Empty(t, s.checks.next, "no check starts after Stop")
}

func TestOnlyTheLastOfSeveralChangesIsCheckedAgain(t *testing.T) {
	t.Parallel()
	c := newChecks()
	c.group.Start(t.Context())
	ran := make(chan string, 4)
	started, proceed := make(chan struct{}), make(chan struct{})
	check := func(name string) func(context.Context) { return func(context.Context) { ran <- name } }
	c.start("key", c.fathom, func(context.Context) {
		close(started)
		<-proceed
		ran <- "first"
	})
	<-started
	c.start("key", c.fathom, check("second"))
	c.start("key", c.fathom, check("third"))
	close(proceed)
	assert.Equal(t, "first", <-ran)
	assert.Equal(t, "third", <-ran)
	require.NoError(t, c.group.Stop(t.Context()))
	assert.Empty(t, ran)
	assert.Empty(t, c.next)
}

func TestSlowAddressesOfPeopleDelayNoChecksAtFathom(t *testing.T) {
	t.Parallel()
	c := newChecks()
	c.group.Start(t.Context())
	occupied, done := make(chan struct{}), make(chan struct{})
	for i := range 2 * maxChecks {
		c.start(strconv.Itoa(i), c.limitsOf("webhook"), func(ctx context.Context) {
			select {
			case occupied <- struct{}{}:
				<-ctx.Done()
			case <-ctx.Done():
			}
		})
	}
	for range maxOutgoingChecks {
		<-occupied
	}
	c.start("key", c.limitsOf(ProviderFathom), func(context.Context) { close(done) })
	<-done
	select {
	case <-occupied:
		assert.Fail(t, "more checks run than there are slots")
	default:
	}
	require.NoError(t, c.group.Stop(t.Context()))
}
