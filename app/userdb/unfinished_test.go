package userdb

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyRequestsUseADatabaseBeforeItsWorkIsResumed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var resumed, other atomic.Int32
	proceed := make(chan struct{})
	h.OnUnfinished(
		Unfinished{Where: "TRUE", Resume: func(*Database) error {
			<-proceed
			resumed.Add(1)
			return nil
		}},
		Unfinished{Where: "EXISTS (SELECT 1 FROM meetings)", Resume: func(*Database) error { other.Add(1); return nil }},
	)
	name := h.provision("ada@example.com").Name

	request, err := h.AcquireForRequest(t.Context(), name)
	require.NoError(t, err)
	assert.Zero(t, resumed.Load())

	acquired := make(chan int32)
	go func() {
		handle, err := h.Acquire(context.Background(), name)
		if assert.NoError(t, err) {
			defer handle.Release()
		}
		acquired <- resumed.Load()
	}()
	close(proceed)
	assert.EqualValues(t, 1, <-acquired, "a job waits")
	assert.Zero(t, other.Load(), "there was no such work")

	request.Release()
	h.archiveNow(h.entry(name)) // closes the database
	assert.EqualValues(t, 1, resumed.Load())
}

func TestDatabaseIsClosedAfterItsWorkWasResumed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	proceed := make(chan struct{})
	var succeeded atomic.Bool
	h.OnUnfinished(Unfinished{Where: "TRUE", Resume: func(db *Database) error {
		<-proceed
		_, err := db.App.FindAllRecords("meetings")
		succeeded.Store(err == nil)
		return err
	}})
	entry := h.provision("ada@example.com")
	request, err := h.AcquireForRequest(t.Context(), entry.Name)
	require.NoError(t, err)
	request.Release()
	archived := make(chan struct{})
	go func() {
		defer close(archived)
		assert.NoError(t, h.exclusively(context.Background(), entry.Name, func() error {
			assert.True(t, succeeded.Load(), "the files are closed only now")
			return nil
		}))
	}()
	close(proceed)
	<-archived
}
