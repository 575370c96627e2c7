package control

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// The maximum length of a Unix socket address in bytes, without the final zero byte. The BSDs have the same limit
// as macOS.
const (
	maxSocketPathLinux = 107
	maxSocketPathOther = 103
)

// socketPath returns a path to the socket in dir that is short enough for a socket address. On Linux it may refer
// to the open file, so dir must stay open until the path has been used. Other systems have no such path, so
// socketPath returns an error if the path of dir is too long.
func socketPath(dir *os.File) (string, error) { return socketPathOn(runtime.GOOS, dir) }

func socketPathOn(system string, dir *os.File) (string, error) {
	path := filepath.Join(dir.Name(), SocketName)
	if system == "linux" {
		if len(path) <= maxSocketPathLinux {
			return path, nil
		}
		return filepath.Join("/proc/self/fd", strconv.Itoa(int(dir.Fd())), SocketName), nil
	}
	if len(path) > maxSocketPathOther {
		return "", fmt.Errorf("path of the control socket has %d bytes, but %s allows only %d: move the data directory to a shorter path than %s",
			len(path), system, maxSocketPathOther, dir.Name())
	}
	return path, nil
}
