// Package rtfake is a Request Tracker for tests: an http.Handler that speaks as
// much of RT 5's REST2 as a call centre uses, with the oddities that were seen
// on a real RT 5.0.3 (IDs now string, now number; null totals; 201 for what it
// did not do; "" for no custom fields), and with faults on demand.
//
// It shares no code with the connector, whose mistakes it would share, and never
// appears in the product. Tests of cdr/ticket and of the desk call it.
package rtfake

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Fault is what goes wrong with a request.
type Fault string

// The faults.
const (
	// Dropped: the connection breaks before anything is done.
	Dropped Fault = "dropped"
	// Lost: it is done, and the answer is lost.
	Lost Fault = "lost"
	// Broken: a 500 before anything is done.
	Broken Fault = "broken"
	// BrokenLate: it is done, and the answer is a 500.
	BrokenLate Fault = "broken-late"
	// Busy: a 503 that asks to come again in 7 s.
	Busy Fault = "busy"
	// Login: a 302 to the login page, as without the API's plugin.
	Login Fault = "login"
	// Page: a 200 with a page for people.
	Page Fault = "page"
	// Ignored: a 201 whose text says that it was not done.
	Ignored Fault = "ignored"
)

// Token is the one the fake takes.
const Token = "1-14-fake"

// Fake is one RT. Its zero value is not usable; call New.
type Fake struct {
	mu      sync.Mutex
	queues  map[string]*queue
	tickets []*ticket
	txns    []*txn
	users   []*user
	faults  []fault
	now     func() time.Time
}

type fault struct {
	method string
	what   Fault
}

type queue struct {
	id        int
	name      string
	fields    []string
	txnFields []string
}

type ticket struct {
	id                     int
	queue                  *queue
	subject, status, owner string
	requestor              string
	created                time.Time
	fields                 map[string][]string
	mergedInto             int
}

type txn struct {
	id, ticket int
	kind       string
	content    string
	minutes    string
	fields     map[string]string
}

type user struct{ name, realName, email, e164 string }

// New returns an RT with the queue Support and the custom fields CallID,
// CallQueue, WaitSeconds and TxnCallID.
func New() *Fake {
	f := &Fake{queues: make(map[string]*queue), now: time.Now}
	f.AddQueue("Support", []string{"CallID", "CallQueue", "WaitSeconds"}, []string{"TxnCallID"})
	return f
}

// AddQueue adds a queue with its ticket and transaction custom fields.
func (f *Fake) AddQueue(name string, fields, txnFields []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queues[name] = &queue{id: len(f.queues) + 3, name: name, fields: fields, txnFields: txnFields}
}

// AddUser adds a user with a number in the custom field E164.
func (f *Fake) AddUser(name, realName, email, e164 string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.users = append(f.users, &user{name, realName, email, e164})
}

// Merge merges a ticket into another.
func (f *Fake) Merge(id, into int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tickets[id-1].mergedInto = into
}

// Resolve closes a ticket.
func (f *Fake) Resolve(id int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tickets[id-1].status = "resolved"
}

// Fail gives the next requests of a method their faults, one each.
func (f *Fake) Fail(method string, faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, what := range faults {
		f.faults = append(f.faults, fault{method, what})
	}
}

// Note is a comment on a ticket.
type Note struct {
	Key     string // its custom field TxnCallID
	Content string
	Minutes string
}

// Notes returns the comments on a ticket, oldest first.
func (f *Fake) Notes(id int) []Note { return f.messages(id, "Comment") }

// Replies returns the replies on a ticket to its requestors, oldest first.
func (f *Fake) Replies(id int) []Note { return f.messages(id, "Correspond") }

func (f *Fake) messages(id int, kind string) []Note {
	f.mu.Lock()
	defer f.mu.Unlock()
	var notes []Note
	for _, t := range f.txns {
		if t.ticket == id && t.kind == kind {
			notes = append(notes, Note{t.fields["TxnCallID"], t.content, t.minutes})
		}
	}
	return notes
}

// Tickets returns how many tickets there are.
func (f *Fake) Tickets() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.tickets)
}

// Requestor returns the requestor of a ticket, and its custom field CallQueue.
func (f *Fake) Requestor(id int) (requestor string, callQueue []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.tickets[id-1]
	return t.requestor, t.fields["CallQueue"]
}

// next takes the fault meant for a request of this method.
func (f *Fake) next(method string) Fault {
	i := slices.IndexFunc(f.faults, func(g fault) bool { return g.method == method })
	if i < 0 {
		return ""
	}
	what := f.faults[i].what
	f.faults = slices.Delete(f.faults, i, i+1)
	return what
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	what := f.next(r.Method)
	switch what {
	case Dropped:
		panic(http.ErrAbortHandler)
	case Broken:
		answer(w, http.StatusInternalServerError, message("Internal error"))
		return
	case Busy:
		w.Header().Set("Retry-After", "7")
		answer(w, http.StatusServiceUnavailable, message("Busy"))
		return
	case Login:
		http.Redirect(w, r, "/NoAuth/Login.html", http.StatusFound)
		return
	case Page:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>Request Tracker</html>"))
		return
	case Ignored:
		answer(w, http.StatusCreated, []string{"Message could not be recorded"})
		return
	case Lost, BrokenLate:
		// It is done first.
	}
	status, body := f.serve(r)
	switch what {
	case Lost:
		panic(http.ErrAbortHandler)
	case BrokenLate:
		status, body = http.StatusInternalServerError, message("Internal error")
	case Dropped, Broken, Busy, Login, Page, Ignored:
		// Answered above.
	}
	answer(w, status, body)
}
