package ticket_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"linekeeper/cdr/ticket"
	"linekeeper/cdr/ticket/rtfake"
)

// escalade is a ticket of a call in an RT with a queue for the second line.
func escalade(t *testing.T) (*desk, ticket.Ticket, ticket.New) {
	t.Helper()
	d := newDesk(t)
	d.fake.AddQueue("Escalade", []string{"CallID"}, []string{"TxnCallID"})
	call := ticket.New{Call: newCall(), Subject: "Appel"}
	made, err := d.delivery.Create(t.Context(), "rt", call)
	if err != nil {
		t.Fatal(err)
	}
	return d, made, call
}

// A ticket goes with its call, to nobody in particular; who has taken it there since
// keeps it when it is asked for again.
func TestTicketGoesToAnotherQueue(t *testing.T) {
	d, made, call := escalade(t)
	move := func(to string) error { return d.delivery.Move(t.Context(), call.Call, "rt", made.ID, to) }
	d.fake.Give(1, "alice")
	if err := move("Escalade"); err != nil {
		t.Fatal(err)
	}
	if got, err := d.rt.Ticket(t.Context(), made.ID); err != nil || got.Queue != "Escalade" || got.Owner != "" {
		t.Errorf("moved: %+v, %v", got, err)
	}
	d.fake.Give(1, "farid")
	if err := move("Escalade"); err != nil {
		t.Fatal(err)
	}
	if got, err := d.rt.Ticket(t.Context(), made.ID); err != nil || got.Owner == "" {
		t.Errorf("taken: %+v, %v", got, err)
	}
	if err := move("Nowhere"); !errors.Is(err, ticket.ErrNoQueue) || errors.Is(err, ticket.ErrLater) {
		t.Errorf("to a queue that is none: %v", err)
	}
}

// A ticket system that does not answer while the agent waits moves the ticket later,
// whatever becomes of the first word.
func TestTicketGoesLater(t *testing.T) {
	for _, fault := range []rtfake.Fault{rtfake.Dropped, rtfake.Broken, rtfake.BrokenLate, rtfake.Busy} {
		t.Run(string(fault), func(t *testing.T) {
			d, made, call := escalade(t)
			d.fake.Fail(http.MethodPut, fault)
			if err := d.delivery.Move(t.Context(), call.Call, "rt", made.ID, "Escalade"); !errors.Is(err, ticket.ErrLater) {
				t.Fatalf("moved: %v, want ErrLater", err)
			}
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				got, err := d.rt.Ticket(t.Context(), made.ID)
				if err == nil && got.Queue == "Escalade" {
					return
				}
				select {
				case <-tick.C:
				case <-t.Context().Done():
					t.Fatalf("not moved: %+v, %v", got, err)
				}
			}
		})
	}
}
