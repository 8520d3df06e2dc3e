package e2e

import (
	"fmt"
	"testing"

	"linekeeper/cmd/internal/phone"
)

// listens waits until more has been heard than now that is no silence.
func listens(t testing.TB, who string, c *phone.Call) {
	t.Helper()
	const some = 10 // packets of 20 ms
	from := c.Loud()
	until(t, who+" hears something that is no silence", patient, func() error {
		if n := c.Loud() - from; n < some {
			return fmt.Errorf("%d packets of %d", n, c.Heard())
		}
		return nil
	})
}

// hush waits until somebody has heard nothing for a second and a half, told by what
// they send themselves: who hears nothing may get silence, or no packet at all.
func hush(t testing.TB, who string, c *phone.Call) {
	t.Helper()
	const long = 75 // packets of 20 ms
	loud, from := c.Loud(), c.Said()
	until(t, who+" hears silence at last", patient, func() error {
		if n := c.Loud(); n != loud {
			loud, from = n, c.Said()
		}
		if n := c.Said() - from; n < long {
			return fmt.Errorf("for %d packets", n)
		}
		return nil
	})
}
