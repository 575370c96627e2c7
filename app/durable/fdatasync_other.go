//go:build !linux

package durable

import "os"

// SyncData makes the content of a file survive a power cut.
func SyncData(file *os.File) error { return file.Sync() }
