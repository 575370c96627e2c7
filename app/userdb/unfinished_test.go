package userdb

import (
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRequestDoesNotWaitForUnfinishedWork(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var resumed, other atomic.Int32
	h.OnUnfinished(
		Unfinished{Where: "TRUE", Resume: func(*Database) error { resumed.Add(1); return nil }},
		Unfinished{Where: "EXISTS (SELECT 1 FROM meetings)", Resume: func(*Database) error { other.Add(1); return nil }},
	)
	name := h.provision("ada@example.com").Name
	request, err := h.AcquireForRequest(t.Context(), name)
	require.NoError(t, err)
	assert.Zero(t, resumed.Load())

	h.acquire(name).Release()
	assert.EqualValues(t, 1, resumed.Load(), "a job waits")
	request.Release()
	h.acquire(name).Release()
	assert.EqualValues(t, 1, resumed.Load(), "once")
	assert.Zero(t, other.Load(), "there was no such work")
}

func TestDatabaseStaysOpenUntilItsWorkWasResumed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	begun, proceed := make(chan struct{}), make(chan struct{})
	var succeeded atomic.Bool
	h.OnUnfinished(Unfinished{Where: "TRUE", Resume: func(db *Database) error {
		close(begun)
		<-proceed
		_, err := db.App.FindAllRecords("meetings")
		succeeded.Store(err == nil)
		return err
	}})
	name := h.provision("ada@example.com").Name
	request, err := h.AcquireForRequest(t.Context(), name)
	require.NoError(t, err)
	request.Release()
	request.Release()
	<-begun

	closed := make(chan error)
	go func() { closed <- h.exclusively(t.Context(), name, func() error { return nil }) }()
	select {
	case <-closed:
		t.Fatal("the database was closed while its work was resumed")
	default:
	}
	close(proceed)
	require.NoError(t, <-closed)
	assert.True(t, succeeded.Load())
}
