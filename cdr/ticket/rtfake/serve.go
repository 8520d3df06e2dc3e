package rtfake

import (
	"encoding/json"
	"net/http"
	"net/mail"
	"slices"
	"strconv"
	"strings"
)

const root = "/REST/2.0"

type object = map[string]any

func message(text string) object { return object{"message": text} }

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", `application/json; charset="utf-8"`)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have gone
}

func (f *Fake) serve(r *http.Request) (int, any) {
	if r.Header.Get("Authorization") != "token "+Token {
		return http.StatusUnauthorized, message("Unauthorized") //nolint:misspell // RT's own words
	}
	path, _ := strings.CutPrefix(r.URL.Path, root)
	part := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case r.Method == http.MethodGet && part[0] == "queue" && len(part) == 2:
		return f.getQueue(part[1])
	case r.Method == http.MethodGet && part[0] == "ticket" && len(part) == 2:
		return f.getTicket(r, part[1])
	case r.Method == http.MethodGet && part[0] == "tickets":
		return f.searchTickets(r)
	case r.Method == http.MethodGet && part[0] == "transactions":
		return f.searchTransactions(r)
	case r.Method == http.MethodPost && part[0] == "ticket" && len(part) == 1:
		return f.create(r)
	case r.Method == http.MethodPost && part[0] == "ticket" && len(part) == 3 && part[2] == "comment":
		return f.comment(r, part[1], "Comment", "Comments added")
	case r.Method == http.MethodPost && part[0] == "ticket" && len(part) == 3 && part[2] == "correspond":
		return f.comment(r, part[1], "Correspond", "Correspondence added")
	case r.Method == http.MethodPut && part[0] == "ticket" && len(part) == 2:
		return f.update(r, part[1])
	case r.Method == http.MethodPost && part[0] == "users":
		return f.searchUsers(r)
	}
	return http.StatusNotFound, message("Not Found")
}

func (f *Fake) getQueue(name string) (int, any) {
	q, ok := f.queues[name]
	if !ok {
		return http.StatusNotFound, message("Not Found")
	}
	return http.StatusOK, object{
		"id": q.id, "Name": q.name, "CustomFields": []any{},
		"TicketCustomFields": names(q.fields), "TicketTransactionCustomFields": names(q.txnFields),
	}
}

func names(fields []string) []object {
	all := []object{}
	for i, name := range fields {
		all = append(all, object{"id": strconv.Itoa(i + 2), "type": "customfield", "name": name})
	}
	return all
}

// find returns a ticket, or the one it was merged into.
func (f *Fake) find(id string) *ticket {
	n, err := strconv.Atoi(id)
	if err != nil || n < 1 || n > len(f.tickets) {
		return nil
	}
	if t := f.tickets[n-1]; t.mergedInto == 0 {
		return t
	}
	return f.tickets[f.tickets[n-1].mergedInto-1]
}

func (f *Fake) getTicket(r *http.Request, id string) (int, any) {
	t := f.find(id)
	if t == nil {
		return http.StatusNotFound, message("Not Found")
	}
	shown := f.show(r, t)
	shown["id"] = t.id // a number here, a string in searches
	return http.StatusOK, shown
}

// show is a ticket in a search.
func (f *Fake) show(r *http.Request, t *ticket) object {
	q := object{"id": strconv.Itoa(t.queue.id), "type": "queue"}
	if r.URL.Query().Has("fields[Queue]") {
		q["Name"] = t.queue.name
	}
	owner := object{"id": t.owner, "type": "user"}
	if r.URL.Query().Has("fields[Owner]") {
		owner["Name"], owner["RealName"] = t.owner, "Nobody in particular"
	}
	fields := []object{}
	for _, name := range t.queue.fields {
		values := t.fields[name]
		if values == nil {
			values = []string{}
		}
		fields = append(fields, object{"name": name, "type": "customfield", "values": values})
	}
	return object{
		"id": strconv.Itoa(t.id), "type": "ticket", "Subject": t.subject, "Status": t.status,
		"Queue": q, "Owner": owner, "Created": t.created.UTC().Format("2006-01-02T15:04:05Z"),
		"Due": "1970-01-01T00:00:00Z", "CustomFields": fields,
	}
}

func (f *Fake) create(r *http.Request) (int, any) {
	var body struct {
		Queue, Subject, Requestor, Content, ContentType string
		CustomFields                                    map[string]any
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return http.StatusBadRequest, message("JSON object must be a ticket")
	}
	q, ok := f.queues[body.Queue]
	if !ok {
		return http.StatusForbidden, message("No permission to create tickets in the queue '" + body.Queue + "'")
	}
	t := &ticket{
		id: len(f.tickets) + 1, queue: q, status: "new", owner: "Nobody", created: f.now(),
		subject: strings.ReplaceAll(body.Subject, "\n", ""), fields: make(map[string][]string),
	}
	if _, err := mail.ParseAddress(body.Requestor); err == nil { // anything else is dropped
		t.requestor = body.Requestor
	}
	for name, value := range body.CustomFields {
		if slices.Contains(q.fields, name) { // an unknown one is dropped
			t.fields[name] = values(value)
		}
	}
	f.tickets = append(f.tickets, t)
	f.txns = append(f.txns, &txn{id: len(f.txns) + 50, ticket: t.id, kind: "Create", content: body.Content})
	return http.StatusCreated, object{"id": strconv.Itoa(t.id), "type": "ticket"}
}

func values(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, values(one)...)
		}
		return all
	}
	return nil
}

// comment adds a message of a kind to a ticket. What RT says of it differs.
func (f *Fake) comment(r *http.Request, id, kind, says string) (int, any) {
	t := f.find(id)
	if t == nil {
		return http.StatusBadRequest, message("Message could not be recorded")
	}
	var body struct {
		Content, ContentType, TimeTaken string
		TxnCustomFields                 map[string]string
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return http.StatusBadRequest, message("JSON object must be a comment")
	}
	x := &txn{id: len(f.txns) + 50, ticket: t.id, kind: kind, content: body.Content, minutes: body.TimeTaken, fields: make(map[string]string)}
	said := []string{says}
	for name, value := range body.TxnCustomFields {
		if !slices.Contains(t.queue.txnFields, name) {
			said = append(said, "Unable to load transaction custom field: "+name)
			continue
		}
		x.fields[name] = value
		said = append(said, "Custom fields updated")
	}
	f.txns = append(f.txns, x)
	return http.StatusCreated, said
}
