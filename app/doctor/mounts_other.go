//go:build !linux

package doctor

// mounts returns nothing: the types of file systems are only checked on Linux.
func mounts() ([]Mount, error) { return nil, nil }
