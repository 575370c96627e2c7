package descriptors_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
)

func TestALackOfDescriptorsIsRecognized(t *testing.T) {
	accept := &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	open := fmt.Errorf("open recording: %w", &os.PathError{Op: "open", Path: "x", Err: syscall.ENFILE})
	for _, err := range []error{accept, open} {
		assert.True(t, descriptors.IsExhausted(err), err)
		assert.ErrorIs(t, descriptors.Explain(err), descriptors.ErrExhausted)
		assert.ErrorIs(t, descriptors.Explain(err), err)
	}
	damaged := errors.New("unable to open database file (14)")
	assert.False(t, descriptors.IsExhausted(damaged))
	assert.Equal(t, damaged, descriptors.Explain(damaged), "there are descriptors left")
	assert.NoError(t, descriptors.Explain(nil))
}

// SQLite's error doesn't say why a file can't be opened.
func TestAnErrorWithoutItsCauseIsExplained(t *testing.T) {
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	lowered := limit
	lowered.Cur = 1
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &lowered))
	err := descriptors.Explain(errors.New("unable to open database file (14)"))
	advice := descriptors.Advice()
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit))
	assert.ErrorIs(t, err, descriptors.ErrExhausted)
	assert.Contains(t, err.Error(), "unable to open database file")
	assert.Contains(t, advice, "limit of 1 open files")
}
