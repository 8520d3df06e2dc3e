package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"
)

// replayed has the program replay all that the tests have made the controller decide,
// from the ledger and by the definitions that were in force: whom each call went to and
// which were sent on, through kills, applies, transfers and callbacks. It says what was
// decided otherwise.
func (s *stack) replayed() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	begin := time.Now()
	replay := exec.CommandContext(ctx, s.options.Binary, "simulate", "--config", filepath.Join(s.dir, "linekeeper.yaml"))
	said, err := replay.CombinedOutput()
	if err != nil {
		return fmt.Errorf("the tests' own ledger is not replayed: %w\n%s", err, bytes.TrimSpace(said))
	}
	lines := bytes.Split(bytes.TrimSpace(said), []byte("\n"))
	fmt.Printf("e2e: %4.1f s  replay: %s\n", time.Since(begin).Seconds(), lines[len(lines)-1])
	return nil
}
