package boot

import (
	"context"
	"fmt"
	"io"
	"log/slog"
)

// LogConfig is the configuration of the process's own log.
type LogConfig struct {
	// Level is debug, info, warn or error; empty is info.
	Level string `yaml:"level"`
}

// NewLog returns a logger that writes one JSON object a line to w, and the
// level in force, which may be changed while the process runs.
func NewLog(w io.Writer, config LogConfig) (*slog.Logger, *slog.LevelVar, error) {
	level := new(slog.LevelVar)
	if config.Level != "" {
		if err := level.UnmarshalText([]byte(config.Level)); err != nil {
			return nil, nil, fmt.Errorf("log level %q is not debug, info, warn or error", config.Level)
		}
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})), level, nil
}

// fanOut returns a logger that writes to log's handler and to second, both at
// log's level.
func fanOut(log *slog.Logger, second slog.Handler) *slog.Logger {
	first := log.Handler()
	return slog.New(slog.NewMultiHandler(first, follower{second, first}))
}

// follower is a handler that is enabled when its leader is: the exporting
// handler has no level of its own.
type follower struct {
	slog.Handler
	leader slog.Handler
}

func (f follower) Enabled(ctx context.Context, level slog.Level) bool {
	return f.leader.Enabled(ctx, level)
}

func (f follower) WithAttrs(attrs []slog.Attr) slog.Handler {
	return follower{f.Handler.WithAttrs(attrs), f.leader}
}

func (f follower) WithGroup(name string) slog.Handler {
	return follower{f.Handler.WithGroup(name), f.leader}
}
