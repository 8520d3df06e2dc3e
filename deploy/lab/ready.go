package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// waitReady asks every 25 ms until ready says yes. It ends early, with the last
// lines of the log, when the process dies; none of the programs we start can
// tell us by itself when it is ready.
func waitReady(ctx context.Context, name string, c *child, log string, limit time.Duration, ready func(context.Context) bool) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		if ready(ctx) {
			return nil
		}
		select {
		case <-c.done:
			return fmt.Errorf("%s ended while starting (%w); the end of %s says:\n%s", name, c.err, log, tail(log, 12))
		case <-ctx.Done():
			why := ctx.Err()
			if errors.Is(why, context.DeadlineExceeded) {
				why = fmt.Errorf("not ready after %s", limit)
			}
			return fmt.Errorf("%s: %w; the end of %s says:\n%s", name, why, log, tail(log, 12))
		case <-tick.C:
		}
	}
}

// tail returns the last n lines of a file, as far as its last 16 KiB hold them.
func tail(path string, n int) string {
	f, err := os.Open(path)
	if err != nil {
		return "(no log)"
	}
	defer f.Close()
	if end, err := f.Seek(0, io.SeekEnd); err == nil {
		_, _ = f.Seek(max(0, end-16<<10), io.SeekStart)
	}
	b, _ := io.ReadAll(f)
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	return "  " + strings.Join(lines[max(0, len(lines)-n):], "\n  ")
}
