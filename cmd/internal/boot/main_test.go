package boot

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails the package if any goroutine outlives its test. The child
// process of the kill -9 test leaves before: it never returns.
func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		crashWriter(dir)
	}
	goleak.VerifyTestMain(m)
}
