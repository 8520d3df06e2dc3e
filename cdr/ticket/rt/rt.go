package rt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linekeeper/cdr/ticket"
)

// Name is the system's name in facts and configuration.
const Name = "rt"

// The custom fields of RT that we write and read.
const (
	fieldCall  = "CallID"
	fieldQueue = "CallQueue"
	fieldWait  = "WaitSeconds"
	fieldNote  = "TxnCallID"
	fieldE164  = "E164"
)

// Config says which RT it is.
type Config struct {
	URL   string // "http://127.0.0.1:8090", without /REST/2.0
	Token string // of a user who may see, create and comment; never logged
	Queue string // where tickets are created
	Log   *slog.Logger
}

// RT is a connector to one Request Tracker. Safe for concurrent use.
type RT struct {
	client
	queue string
	log   *slog.Logger
}

var _ ticket.Connector = (*RT)(nil)

// New returns a connector; it sends nothing yet.
func New(cfg Config) (*RT, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("connect to RT: %q is no http URL", cfg.URL)
	}
	if cfg.Queue == "" {
		return nil, errors.New("connect to RT: no queue is named")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &RT{client: newClient(cfg.URL, cfg.Token), queue: cfg.Queue, log: cfg.Log}, nil
}

// Close closes idle connections.
func (r *RT) Close() { r.close() }

// Name implements ticket.Writer.
func (r *RT) Name() string { return Name }

// Check implements ticket.Writer.
func (r *RT) Check(ctx context.Context) error {
	const act = "check RT"
	var q queueItem
	if err := r.get(ctx, act, "/queue/"+url.PathEscape(r.queue), nil, &q); err != nil {
		return err
	}
	var missing []string
	for _, name := range []string{fieldCall, fieldQueue, fieldWait} {
		if !slices.Contains(q.TicketCustomFields, fieldName{name}) {
			missing = append(missing, name)
		}
	}
	if !slices.Contains(q.TicketTransactionCustomFields, fieldName{fieldNote}) {
		missing = append(missing, fieldNote+" (transaction)")
	}
	if len(missing) > 0 {
		return fail(act, ticket.Permanent, fmt.Errorf("queue %q lacks the custom fields %s", r.queue, strings.Join(missing, ", ")))
	}
	return nil
}

// Ticket implements ticket.Finder. A ticket merged into another is that other.
func (r *RT) Ticket(ctx context.Context, id string) (ticket.Ticket, error) {
	item, err := r.ticket(ctx, id)
	if err != nil {
		return ticket.Ticket{}, err
	}
	return r.told(item), nil
}

func (r *RT) ticket(ctx context.Context, id string) (ticketItem, error) {
	act := "read ticket " + id
	if n, err := strconv.ParseUint(id, 10, 63); err != nil || n == 0 {
		return ticketItem{}, fail(act, ticket.Permanent, fmt.Errorf("%w: its number is none", ticket.ErrNoTicket))
	}
	var item ticketItem
	query := url.Values{"fields[Queue]": {"Name"}, "fields[Owner]": {"Name,RealName"}}
	err := r.get(ctx, act, "/ticket/"+id, query, &item)
	var e *ticket.Error
	if errors.As(err, &e) && e.Verdict == ticket.Permanent {
		e.Err = fmt.Errorf("%w: %w", ticket.ErrNoTicket, e.Err)
	}
	return item, err
}

// told writes a ticket of RT's as one of ours.
func (r *RT) told(item ticketItem) ticket.Ticket {
	owner := cmp.Or(item.Owner.RealName, item.Owner.Name, string(item.Owner.ID))
	if item.Owner.ID == "Nobody" {
		owner = ""
	}
	return ticket.Ticket{
		System: Name, ID: string(item.ID), Subject: item.Subject, Status: item.Status,
		Queue: cmp.Or(item.Queue.Name, string(item.Queue.ID)), Owner: owner,
		CreatedAt: item.Created.Time, DueAt: item.Due.Time,
		URL: r.base + "/Ticket/Display.html?id=" + string(item.ID),
	}
}

// Create implements ticket.Writer. The ticket's key is the call ID.
func (r *RT) Create(ctx context.Context, _ string, t ticket.New) (ticket.Ticket, error) {
	found, err := r.FindByCall(ctx, t.Call)
	if err != nil {
		return ticket.Ticket{}, err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	act := "create the ticket of call " + string(t.Call)
	var made struct {
		ID id `json:"id"`
	}
	if err := r.post(ctx, act, "/ticket", r.newTicket(t), true, &made); err != nil {
		return ticket.Ticket{}, err
	}
	item, err := r.ticket(ctx, string(made.ID))
	if err != nil { // it is there all the same: the next try finds it
		return ticket.Ticket{}, fail(act, ticket.Unknown, err)
	}
	if !item.CustomFields.has(fieldCall, string(t.Call)) {
		r.log.Error("RT made a ticket without its key", "call", t.Call, "ticket", made.ID, "field", fieldCall)
	}
	return r.told(item), nil
}

// newTicket is the body of a creation. A requestor who is no e-mail address
// would be dropped by RT without a word; an unknown address becomes a user.
func (r *RT) newTicket(t ticket.New) map[string]any {
	body := map[string]any{
		"Queue":       r.queue,
		"Subject":     strings.Join(strings.Fields(t.Subject), " "),
		"Content":     t.Text,
		"ContentType": "text/plain",
		"CustomFields": map[string]any{
			fieldCall:  []string{string(t.Call)},
			fieldQueue: t.Queue,
			fieldWait:  strconv.Itoa(int(t.Waited / time.Second)),
		},
	}
	if addr, err := mail.ParseAddress(t.Requester.Email); err == nil {
		body["Requestor"] = addr.Address
	}
	return body
}

// AddNote implements ticket.Writer: a comment, which requesters do not see.
func (r *RT) AddNote(ctx context.Context, key, id string, n ticket.Note) error {
	return r.write(ctx, "comment", key, id, n)
}

// Reply implements ticket.Replier: RT mails it to the requestors.
func (r *RT) Reply(ctx context.Context, key, id, text string) error {
	return r.write(ctx, "correspond", key, id, ticket.Note{Text: text})
}

// write adds a message of a kind to a ticket, unless one of the key is there.
func (r *RT) write(ctx context.Context, kind, key, id string, n ticket.Note) error {
	item, err := r.ticket(ctx, id) // RT says 400 on a comment to a missing one
	if err != nil {
		return err
	}
	noted, err := r.noted(ctx, key, string(item.ID))
	if err != nil || noted {
		return err
	}
	act := kind + " on ticket " + id
	var said []string
	err = r.post(ctx, act, "/ticket/"+string(item.ID)+"/"+kind, map[string]any{
		"Content": n.Text, "ContentType": "text/plain",
		"TimeTaken":       strconv.Itoa(int(n.Took.Round(time.Minute) / time.Minute)), // in minutes
		"TxnCustomFields": map[string]string{fieldNote: key},
	}, true, &said)
	if err != nil {
		return err
	}
	return r.judge(act, key, said)
}

// judge reads the sentences RT answers a comment with, whatever it did.
func (r *RT) judge(act, key string, said []string) error {
	if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "added") }) {
		return fail(act, ticket.NotApplied, fmt.Errorf("RT says %q", said))
	}
	for _, s := range said {
		if strings.Contains(s, "Unable to load") {
			// The note stands, so it must not be written again; but a repeat after a
			// crash would not find it.
			r.log.Error("RT took a note without its key", "key", key, "field", fieldNote, "said", s)
		}
	}
	return nil
}

// noted says whether a ticket has the note of a key.
func (r *RT) noted(ctx context.Context, key, id string) (bool, error) {
	var found page[transactionItem]
	err := r.get(ctx, "look for a note on ticket "+id, "/transactions", url.Values{
		"query":  {"ObjectType='RT::Ticket' AND TicketId=" + id + " AND CF.{" + fieldNote + "}=" + quote(key)},
		"fields": {"CustomFields"},
	}, &found)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(found.Items, func(t transactionItem) bool { return t.CustomFields.has(fieldNote, key) }), nil
}
