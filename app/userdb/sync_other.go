//go:build !linux

package userdb

import "os"

func syncData(file *os.File) error { return file.Sync() }
