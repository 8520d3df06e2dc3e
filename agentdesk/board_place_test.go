package agentdesk

import (
	"fmt"
	"strings"

	"linekeeper/cdr"
)

// place is what is told of a call's place and its callback.
func place(c Call) string {
	var out strings.Builder
	if c.Direction == cdr.Outward {
		fmt.Fprintf(&out, " out%s", in(" by ", c.By, ""))
	}
	if f := c.FollowUp; f != nil {
		fmt.Fprintf(&out, " promised by %s in %s for %s: %s%s", f.Agent, f.Of, clock(f.At), f.Note, map[bool]string{true: ", mine"}[f.Mine])
	}
	if c.State == Offered && len(c.Acts) > 0 {
		fmt.Fprintf(&out, " can %v", c.Acts)
	}
	for _, u := range c.Support {
		fmt.Fprintf(&out, " support %s %s %s by %s", u.Tool, u.Code, u.How, u.Agent)
	}
	if w := c.Wait; w != nil {
		fmt.Fprintf(&out, " expects=%v..%vs from place %d at %s", w.Low, w.High, w.Place, clock(w.At))
	}
	for _, k := range c.Kept {
		fmt.Fprintf(&out, " kept for %s (%s) until %s", k.Agent, strings.TrimSpace(k.Rule+" "+k.Ticket), clock(k.Until))
	}
	if len(c.Attributes) > 0 {
		fmt.Fprintf(&out, " attributes %v", c.Attributes)
	}
	if c.Resumed {
		out.WriteString(" resumed")
	}
	if len(c.OfferedTo) > 1 {
		fmt.Fprintf(&out, " rings %v", c.OfferedTo)
	}
	if c.Offer != nil && c.Offer.Callback {
		out.WriteString(" to be dialled then")
	}
	if b := c.Callback; b != nil {
		fmt.Fprintf(&out, " callback tries=%d dialling=%v%s%s", b.Tries, b.Dialling, at(" again=", b.Again), at(" reached=", b.ReachedAt))
	}
	return out.String()
}
