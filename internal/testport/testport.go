// Package testport reserves TCP ports on the loopback interface for servers that restart on the same port.
//
// The ports lie below the ephemeral ports of the operating system, which outgoing connections get, so that
// a port stays free while its server restarts. Blocks are disjoint, also between processes: the first port
// of a block is its lock, on which the process that reserved the block listens. The package is safe for
// concurrent use.
package testport

import (
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
)

const (
	firstPort = 20000
	blockSize = 20 // the lock and up to 19 ports
	blocks    = 600
)

// Block is a range of reserved ports.
type Block struct {
	First, Last int // inclusive
	lock        net.Listener
}

// Address returns the address of the first port.
func (b *Block) Address() string { return address(b.First) }

// Release lets others reserve the ports. The servers on them must have stopped.
func (b *Block) Release() error { return b.lock.Close() }

var attempts atomic.Int64 // so that a process uses a block again only after all others

// Reserve reserves a block of up to 19 ports until Release or until the process ends.
func Reserve(ports int) (*Block, error) {
	if ports < 1 || ports >= blockSize {
		return nil, fmt.Errorf("reserve %d ports: a block has 1 to %d", ports, blockSize-1)
	}
	for range blocks {
		port := firstPort + int(attempts.Add(1)%blocks)*blockSize
		lock, err := net.Listen("tcp", address(port))
		if err != nil {
			continue // another process has reserved the block
		}
		b := &Block{First: port + 1, Last: port + ports, lock: lock}
		if b.isFree() {
			return b, nil
		}
		if err := b.Release(); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("reserve %d ports: all blocks are in use", ports)
}

// ForTest is Reserve until the test ends.
func ForTest(t testing.TB, ports int) *Block {
	t.Helper()
	b, err := Reserve(ports)
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
