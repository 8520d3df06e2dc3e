package rtfake

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// literal is a TicketSQL string: anything, with quotes and backslashes escaped.
const literal = `'((?:[^'\\]|\\.)*)'`

// The queries understood. RT knows more; what is not here is a wrong query.
var (
	byCall      = regexp.MustCompile(`^CF\.\{(\w+)\} = ` + literal + `$`)
	byRequestor = regexp.MustCompile(`^Requestor\.EmailAddress = ` + literal + ` AND Status = '__Active__'$`)
	byKey       = regexp.MustCompile(`^ObjectType='RT::Ticket' AND TicketId=(\d+) AND CF\.\{(\w+)\}=` + literal + `$`)
	escaped     = regexp.MustCompile(`\\(.)`)
)

func unquote(s string) string { return escaped.ReplaceAllString(s, "$1") }

func wrongQuery(query string) (int, any) {
	return http.StatusBadRequest, message("Wrong query, expecting a AGGREGATOR in '" + query + "'")
}

// list is a page of a search. pages and total are what RT makes of them.
func list(items []object, total any) (int, any) {
	if items == nil {
		items = []object{}
	}
	return http.StatusOK, object{"items": items, "count": len(items), "total": total, "page": 1, "pages": nil, "per_page": 20}
}

func (f *Fake) searchTickets(r *http.Request) (int, any) {
	query := r.URL.Query().Get("query")
	var match func(*ticket) bool
	if m := byCall.FindStringSubmatch(query); m != nil {
		match = func(t *ticket) bool { return slices.Contains(t.fields[m[1]], unquote(m[2])) }
	} else if m := byRequestor.FindStringSubmatch(query); m != nil {
		match = func(t *ticket) bool { return t.requestor == unquote(m[1]) && t.status != "resolved" }
	} else {
		return wrongQuery(query)
	}
	var found []object
	for _, t := range f.tickets {
		if t.mergedInto == 0 && match(t) {
			found = append(found, f.show(r, t))
		}
	}
	if r.URL.Query().Get("order") == "DESC" {
		slices.Reverse(found)
	}
	if n, err := strconv.Atoi(r.URL.Query().Get("per_page")); err == nil {
		found = found[:min(n, len(found))]
	}
	return list(found, len(found))
}

func (f *Fake) searchTransactions(r *http.Request) (int, any) {
	query := r.URL.Query().Get("query")
	m := byKey.FindStringSubmatch(query)
	if m == nil {
		return wrongQuery(query)
	}
	var found []object
	for _, t := range f.txns {
		value, ok := t.fields[m[2]]
		if strconv.Itoa(t.ticket) != m[1] || !ok || value != unquote(m[3]) {
			continue
		}
		found = append(found, object{
			"id": strconv.Itoa(t.id), "type": "transaction", "Type": t.kind,
			"CustomFields": []object{{"name": m[2], "type": "customfield", "values": []string{value}}},
		})
	}
	return list(found, nil) // null, as on RT
}

func (f *Fake) searchUsers(r *http.Request) (int, any) {
	var filters []struct{ Field, Value string }
	if err := json.NewDecoder(r.Body).Decode(&filters); err != nil {
		return http.StatusBadRequest, message("JSON object must be an array")
	}
	var found []object
	for _, u := range f.users {
		ignored := len(filters) != 1 || !strings.EqualFold(filters[0].Field, "CustomField.{E164}")
		if !ignored && u.e164 != filters[0].Value {
			continue // RT ignores what it may not filter by, and returns everybody
		}
		found = append(found, object{
			"id": u.name, "type": "user", "Name": u.name, "RealName": u.realName, "EmailAddress": u.email,
			"CustomFields": []object{{"name": "E164", "values": []string{u.e164}}},
		})
	}
	return list(found, len(found))
}
