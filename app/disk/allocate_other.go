//go:build !linux

package disk

import "os"

// allocate makes a file occupy size bytes.
func allocate(file *os.File, size int64) error { return writeZeros(file, size) }
