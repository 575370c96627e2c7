// Package testport reserves TCP ports on the loopback interface for servers that restart on the same port.
//
// The ports lie below the ephemeral ports of the operating system, which outgoing connections get, so that
// a port stays free while its server restarts. Blocks are disjoint, also between processes: the first port
// of a block is its lock, on which the process that reserved the block listens. The package is safe for
// concurrent use.
package testport

import (
	"errors"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
)

const (
	firstPort = 20000
	blockSize = 20
	blocks    = 600 // up to port 31999
)

// Block is a range of reserved ports.
type Block struct {
	First, Last int // inclusive; 19 ports
	lock        net.Listener
}

// Address returns the address of the first port.
func (b *Block) Address() string { return address(b.First) }

// Release lets others reserve the ports. The servers on them must have stopped.
func (b *Block) Release() error { return b.lock.Close() }

var attempts atomic.Int64 // so that a process uses a block again only after all others

// Reserve reserves a block until Release or until the process ends.
func Reserve() (*Block, error) {
	for range blocks {
		port := firstPort + int(attempts.Add(1)%blocks)*blockSize
		lock, err := net.Listen("tcp", address(port))
		if err != nil {
			continue // another process has reserved the block
		}
		b := &Block{First: port + 1, Last: port + blockSize - 1, lock: lock}
		if b.isFree() {
			return b, nil
		}
		if err := b.Release(); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("all ports for tests are in use")
}

// ForTest reserves a block until the test ends.
func ForTest(t testing.TB) *Block {
	t.Helper()
	b, err := Reserve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Release(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// isFree reports whether no other program listens on a port of the block.
func (b *Block) isFree() bool {
	for port := b.First; port <= b.Last; port++ {
		listener, err := net.Listen("tcp", address(port))
		if err != nil {
			return false
		}
		_ = listener.Close() // it accepted no connection
	}
	return true
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
