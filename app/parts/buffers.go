package parts

import (
	"sync"
	"sync/atomic"
)

// Buffers are the buffers of Writers.
type Buffers struct {
	size int64
	pool sync.Pool
	used atomic.Int64
}

// NewBuffers returns Buffers that keep those of one size, in bytes, for further Writers. Writers with another part size
// allocate their own.
func NewBuffers(size int64) *Buffers {
	return &Buffers{size: size, pool: sync.Pool{New: func() any { buffer := make([]byte, size); return &buffer }}}
}

// Used returns how many bytes Writers use at the moment.
func (b *Buffers) Used() int64 { return b.used.Load() }

func (b *Buffers) acquire(size int64) *[]byte {
	b.used.Add(size)
	if size == b.size {
		return b.pool.Get().(*[]byte)
	}
	buffer := make([]byte, size)
	return &buffer
}

func (b *Buffers) release(buffer *[]byte) {
	if buffer == nil {
		return
	}
	size := int64(len(*buffer))
	b.used.Add(-size)
	if size == b.size {
		b.pool.Put(buffer)
	}
}
