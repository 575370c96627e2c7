package doctor

import "syscall"

// unsynchronized is STA_UNSYNC of adjtimex(2).
const unsynchronized = 0x40

// isUnsynchronized reports whether the kernel knows that nothing synchronizes the clock.
func isUnsynchronized() bool {
	var state syscall.Timex
	_, err := syscall.Adjtimex(&state) // with Modes 0, it only reads
	return err == nil && state.Status&unsynchronized != 0
}
