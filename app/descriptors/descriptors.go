// Package descriptors recognizes when the process has run out of file descriptors. Connections, databases and files
// all need them, and what fails for want of one isn't broken.
package descriptors

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// ErrExhausted means that the process, or the whole system, can't open anything else at the moment.
var ErrExhausted = errors.New("out of file descriptors")

// Advice tells an operator what to do about ErrExhausted.
func Advice() string {
	return fmt.Sprintf("raise the limit of %d open files, for example with ulimit -n or LimitNOFILE", Limit())
}

// Limit returns how many files and connections the process may have open. Go raises the soft limit to the hard
// limit when a process starts, so this is the hard limit.
func Limit() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 1024
	}
	return uint64(limit.Cur)
}

// What an open user database, all search indexes and the rest of the program need of the half of the limit that connections
// leave.
const (
	filesPerDatabase = 4
	filesOfIndexes   = 32 * 7 // see package search, which opens few of them at once
	filesOfProgram   = 100
)

// Needed returns the limit that the process needs so that so many user databases can be open, with as many connections.
func Needed(databases int) uint64 {
	return 2 * (uint64(max(databases, 0))*filesPerDatabase + filesOfIndexes + filesOfProgram)
}

// IsExhausted reports whether an error was caused by a lack of file descriptors.
func IsExhausted(err error) bool {
	return errors.Is(err, ErrExhausted) || errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// needed is how many files must be open at once to use a database: data.db with its log, its index and a second connection, and
// the same for its logs.
const needed = 12

// Explain adds ErrExhausted to an error that says only that something could not be opened, as SQLite's errors do, if
// there are too few file descriptors left at this moment.
func Explain(err error) error {
	if err == nil || errors.Is(err, ErrExhausted) {
		return err
	}
	if IsExhausted(err) || IsExhausted(probe(needed)) {
		return fmt.Errorf("%w: %w", ErrExhausted, err)
	}
	return err
}

// probe opens so many files at once, and closes them again.
func probe(files int) error {
	if files == 0 {
		return nil
	}
	file, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer file.Close()
	return probe(files - 1)
}
