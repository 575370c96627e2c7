package demo

import "syscall"

// endWithParent does nothing, because macOS can't signal a process when its parent dies. If the demo is
// killed, its server must be stopped manually.
func endWithParent(*syscall.SysProcAttr) {}
