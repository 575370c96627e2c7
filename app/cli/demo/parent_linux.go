package demo

import "syscall"

// endWithParent has the server stop when the demo is killed, so that nothing of
// it is left running.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGTERM }
