package phone

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines left behind. sipgo 1.7.2 opens a socket of its own
// when a retransmission is due just as its pool is closed, and reads it for ever;
// nobody outside can close it, and only processes that end soon use this phone.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/emiago/sipgo/sip.(*TransportUDP).readListenerConnection"))
}
