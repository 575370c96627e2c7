package disk

import "slices"

// Volume is the state of a file system with data directories.
type Volume struct {
	Dir      string // the data directory that contains the reserve
	Size     int64  // bytes
	Free     int64  // bytes that the process may still write, without the reserve
	Reserve  int64  // bytes that the reserve occupies; less than ReserveSize once it was released
	Full     bool   // the reserve is released, and nothing more may be stored
	ReadOnly bool
}

// Volumes returns the state of each file system, as the last check found it. It never waits for a file system.
func (m *Monitor) Volumes() []Volume {
	if latest := m.latest.Load(); latest != nil {
		return slices.Clone(*latest)
	}
	return nil
}

// publish records what Volumes returns. The caller holds the lock.
func (m *Monitor) publish() {
	latest := make([]Volume, len(m.volumes))
	for i, v := range m.volumes {
		latest[i] = Volume{Dir: v.dir, Size: v.usage.Size, Free: v.usage.Free, Full: v.full, ReadOnly: v.usage.ReadOnly}
		if size, _, err := v.reserve.size(); err == nil { // otherwise it is reported by the check
			latest[i].Reserve = size
		}
	}
	m.latest.Store(&latest)
}
