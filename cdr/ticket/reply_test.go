package ticket_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"linekeeper/cdr/ticket"
	"linekeeper/cdr/ticket/rtfake"
)

// A reply reaches the requestors once, at once or later, whatever becomes of the first
// word.
func TestReplyOnce(t *testing.T) {
	for _, fault := range []rtfake.Fault{"", rtfake.Dropped, rtfake.Broken, rtfake.BrokenLate, rtfake.Busy} {
		t.Run("fault "+string(fault), func(t *testing.T) {
			d, made, call := escalade(t)
			if fault != "" {
				d.fake.Fail(http.MethodPost, fault)
			}
			reply := func() error {
				return d.delivery.Reply(t.Context(), call.Call, "rt", made.ID, "support/anydesk/1", "Ouvrez ce lien")
			}
			if err := reply(); fault == "" && err != nil || fault != "" && !errors.Is(err, ticket.ErrLater) {
				t.Fatalf("replied: %v", err)
			}
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for len(d.fake.Replies(1)) == 0 {
				select {
				case <-tick.C:
				case <-t.Context().Done():
					t.Fatal("never replied")
				}
			}
			if err := reply(); err != nil {
				t.Errorf("again: %v", err)
			}
			if got := d.fake.Replies(1); len(got) != 1 || got[0].Content != "Ouvrez ce lien" || len(d.fake.Notes(1)) != 0 {
				t.Errorf("the replies are %+v", got)
			}
		})
	}
}

func TestReplyOnNoTicket(t *testing.T) {
	d, _, call := escalade(t)
	err := d.delivery.Reply(t.Context(), call.Call, "rt", "4711", "support/anydesk/1", "x")
	if !errors.Is(err, ticket.ErrNoTicket) || errors.Is(err, ticket.ErrLater) {
		t.Errorf("replied: %v", err)
	}
}
