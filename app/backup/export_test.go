package backup

// CrashBefore makes a restore end before a change to the data directories, as a crash would: n counts the changes.
func (to *Restore) CrashBefore(n int, crash error) {
	to.step = func() error {
		n--
		if n < 0 {
			return crash
		}
		return nil
	}
}
