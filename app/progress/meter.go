package progress

import (
	"context"
	"sync"
)

// Meter counts what a stage has done and reports every change. As an io.Writer it counts bytes: use it with
// io.TeeReader or io.MultiWriter.
type Meter struct {
	ctx context.Context // of the listener

	mu       sync.Mutex
	progress Progress
}

// Start reports the start of a stage and returns its Meter. If an earlier run did a part of the work, start has its Done.
func Start(ctx context.Context, start Progress) *Meter {
	Report(ctx, start)
	return &Meter{ctx: ctx, progress: start}
}

// Add counts n more as done.
func (m *Meter) Add(n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.progress.Done += n
	Report(m.ctx, m.progress)
}

// Set replaces what is done, for example after a step that has failed or had been done by an earlier run.
func (m *Meter) Set(done int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.progress.Done = done
	Report(m.ctx, m.progress)
}

// AddTotal adds n, which may be negative, to the work of the stage.
func (m *Meter) AddTotal(n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.progress.Total += n
	Report(m.ctx, m.progress)
}

// Write counts bytes and never fails.
func (m *Meter) Write(p []byte) (int, error) {
	m.Add(int64(len(p)))
	return len(p), nil
}
