package userdb

import "sync"

// exports keeps track of the running exports. Safe for concurrent use; the zero value is ready.
type exports struct {
	mu      sync.Mutex
	running map[string]bool // by the name of the database
}

// begin registers the export of a database until end is called. It returns ErrExporting if another
// export of the database is running.
func (e *exports) begin(name string) (end func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.running[name]:
		return nil, ErrExporting
	case e.running == nil:
		e.running = map[string]bool{}
	}
	e.running[name] = true
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.running, name)
	}, nil
}
