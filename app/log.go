package app

import (
	"fmt"

	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
)

// openLogFile opens LOG_FILE, if it is set. The data directories are locked, so that no other server on this machine
// with these settings replaces the file.
func (a *App) openLogFile() error {
	if a.Config.LogFile == "" {
		return nil
	}
	err := a.Logs.OpenFile(logging.FileConfig{
		Path: a.Config.LogFile, MaxSize: a.Config.LogFileMaxSize.Bytes(), MaxAge: a.Config.LogFileMaxAge.Std(), MaxBackups: a.Config.LogFileMaxBackups,
	})
	if err != nil {
		return fmt.Errorf("%w: set LOG_FILE to a file that the server may create and write, or unset it", err)
	}
	return nil
}
