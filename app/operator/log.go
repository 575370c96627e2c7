package operator

import (
	"context"
	"log/slog"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// LogLevel is the lowest level that a process logs.
type LogLevel struct {
	Level slog.Level `json:"level"`
}

// LogLevelRequest asks for the level. Its zero value is a request.
type LogLevelRequest struct{}

// Operations on the log.
var (
	GetLogLevel = Operation[LogLevelRequest, LogLevel]{Name: "log/level", ReadOnly: true}
	SetLogLevel = Operation[LogLevel, LogLevel]{Name: "log/set-level"} // until the process ends
)

func bindLog(server *control.Server, cfg Config) {
	GetLogLevel.bindOne(server, func(context.Context, LogLevelRequest) (LogLevel, error) {
		return LogLevel{cfg.Log.Level()}, nil
	})
	SetLogLevel.bindOne(server, func(ctx context.Context, request LogLevel) (LogLevel, error) {
		former := cfg.Log.Level()
		cfg.Log.SetLevel(min(former, request.Level, slog.LevelInfo)) // so that the log says so
		cfg.Log.Logger().InfoContext(ctx, "changed the level of the log", "from", former, "to", request.Level)
		cfg.Log.SetLevel(request.Level)
		return LogLevel{cfg.Log.Level()}, nil
	})
}
