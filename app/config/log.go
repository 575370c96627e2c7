package config

import (
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
)

// LogFormat is how lines of the log are written.
type LogFormat string

// Values of LogFormat.
const (
	LogFormatText LogFormat = "text" // key=value pairs
	LogFormatJSON LogFormat = "json" // an object per line
)

var errLogFormat = errors.New("not a format of logs")

// UnmarshalText implements encoding.TextUnmarshaler.
func (f *LogFormat) UnmarshalText(text []byte) error {
	value := LogFormat(text)
	if value != LogFormatText && value != LogFormatJSON {
		return errLogFormat
	}
	*f = value
	return nil
}

func (v *checker) checkLog() {
	c := v.config
	v.require("LOG_LEVEL", slices.Contains([]slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}, c.LogLevel))
	v.require("LOG_FILE_MAX_SIZE", c.LogFileMaxSize >= 2e6 && c.LogFileMaxSize <= 10e9)
	v.durationIfSet("LOG_FILE_MAX_AGE", c.LogFileMaxAge, day, 10_000*day)
	v.between("LOG_FILE_MAX_BACKUPS", c.LogFileMaxBackups, 0, 10_000)
	if c.LogFile == "" {
		return
	}
	v.require("LOG_FILE", !strings.HasSuffix(c.LogFile, string(os.PathSeparator)))
	file, err := realPath(c.LogFile)
	for _, dir := range []string{c.DataDir, c.UserDBsDir} { // where only known files may be
		data, dataErr := realPath(dir)
		v.require("LOG_FILE", err == nil && dataErr == nil && !within(data, file))
	}
}
