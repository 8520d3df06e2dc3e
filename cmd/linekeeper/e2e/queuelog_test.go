package e2e

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
)

// queueLogText is what queue_log has by now; nothing before its first line.
func (w *world) queueLogText(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(w.queueLog())
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// logSize is how long queue_log is now.
func (w *world) logSize(t *testing.T) int { return len(w.queueLogText(t)) }

// inQueueLog is how often queue_log has a text.
func (w *world) inQueueLog(t *testing.T, text string) int {
	t.Helper()
	return strings.Count(w.queueLogText(t), text)
}

// queueLogNow is queue_log with all that the ledger has told until now: what is told
// after it, somebody's coming and going, stands there too.
func (w *world) queueLogNow(t *testing.T) (text string) {
	t.Helper()
	const goes = "PJSIP/rude|REMOVEMEMBER"
	before := w.logSize(t)
	w.setState(t, "rude", cdr.Ready)
	w.setState(t, "rude", cdr.Offline)
	until(t, "queue_log has come to the present", patient, func() error {
		if text = w.queueLogText(t); !strings.Contains(text[before:], goes) {
			return errors.New("it says\n" + text[before:])
		}
		return nil
	})
	return text
}

// assertLog asserts all that queue_log has of a call that is over, without times: C is
// its channel, A an agent's, B its bridge and N a number of seconds.
func (w *world) assertLog(t *testing.T, c *listener, want string) {
	t.Helper()
	c.await(t, cdr.KindEnded)
	channel := c.await(t, cdr.KindArrived).Story.(cdr.Arrived).Channel
	bridge := string(call.BridgeFor(c.id))
	names := strings.NewReplacer(channel, "C", c.number, "+33…", bridge, "B")
	var got strings.Builder
	for line := range strings.Lines(w.queueLogNow(t)) {
		if _, rest, _ := strings.Cut(line, "|"); strings.HasPrefix(rest, channel+"|") {
			got.WriteString(seconds.ReplaceAllStringFunc(legs.ReplaceAllString(names.Replace(rest), "A"), withoutSeconds))
		}
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("queue_log (+) is not as it should be (-):\n%s", diff)
	}
}

// legs are a call's agents' channels, beside its bridge.
var legs = regexp.MustCompile(`B-\d+`)

// seconds are the fields of a line that say how long something took.
var seconds = regexp.MustCompile(`(EXITWITHTIMEOUT\|\d+\|\d+\|\d+|CONNECT\|\d+\|A\|\d+|COMPLETE[A-Z]+\|\d+\|\d+|[A-Z]+TRANSFER(\|[^|]+){2}\|\d+\|\d+)`)

// withoutSeconds writes N for them.
func withoutSeconds(fields string) string {
	f := strings.Split(fields, "|")
	switch f[0] {
	case "EXITWITHTIMEOUT":
		f[3] = "N"
	case "CONNECT":
		f[1], f[3] = "N", "N"
	default: // the last two
		f[len(f)-2], f[len(f)-1] = "N", "N"
	}
	return strings.Join(f, "|")
}
