package demo

import "syscall"

// endWithParent makes the server stop when the demo is killed.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGTERM }
