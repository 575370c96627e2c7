package demo

import "syscall"

// endWithParent does nothing: macOS can't signal a process when its parent dies. A server whose demo is
// killed must be stopped by hand.
func endWithParent(*syscall.SysProcAttr) {}
