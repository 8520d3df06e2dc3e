package rtfake

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// update changes a ticket's queue and owner. RT says 200 and a sentence for each,
// done or not.
func (f *Fake) update(r *http.Request, id string) (int, any) {
	t := f.find(id)
	if t == nil {
		return http.StatusNotFound, message("Not Found")
	}
	var body struct{ Queue, Owner string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return http.StatusBadRequest, message("JSON object must be a ticket")
	}
	said := []string{}
	say := func(format string, args ...any) {
		said = append(said, fmt.Sprintf("Ticket %d: ", t.id)+fmt.Sprintf(format, args...))
	}
	if q := f.queues[body.Queue]; body.Queue != "" && q == nil {
		say("That queue does not exist")
	} else if q != nil && q != t.queue {
		say("Queue changed from %s to %s", t.queue.name, q.name)
		t.queue = q
	}
	if body.Owner != "" && body.Owner != t.owner {
		say("Owner changed from %s to %s", t.owner, body.Owner)
		t.owner = body.Owner
	}
	return http.StatusOK, said
}

// Give gives a ticket to somebody.
func (f *Fake) Give(id int, owner string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tickets[id-1].owner = owner
}
