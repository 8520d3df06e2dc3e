package rt

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"

	"linekeeper/cdr"
	"linekeeper/cdr/ticket"
)

// maxContacts is how many people may share a number. RT ignores filters it may
// not use and returns everybody; more than this is no answer.
const maxContacts = 5

// ticketFields are what a search must show of a ticket.
func ticketFields(q url.Values) url.Values {
	q.Set("fields", "Subject,Status,Queue,Owner,Created,Due,CustomFields")
	q.Set("fields[Queue]", "Name")
	q.Set("fields[Owner]", "Name,RealName")
	return q
}

// FindByCall implements ticket.Finder.
func (r *RT) FindByCall(ctx context.Context, call cdr.CallID) ([]ticket.Ticket, error) {
	var found page[ticketItem]
	err := r.get(ctx, "look for the ticket of call "+string(call), "/tickets", ticketFields(url.Values{
		"query": {"CF.{" + fieldCall + "} = " + quote(string(call))},
	}), &found)
	if err != nil {
		return nil, err
	}
	var tickets []ticket.Ticket
	for _, item := range found.Items {
		if item.CustomFields.has(fieldCall, string(call)) {
			tickets = append(tickets, r.told(item))
		}
	}
	slices.SortFunc(tickets, func(a, b ticket.Ticket) int { // by number: "9" before "10"
		return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return tickets, nil
}

// OpenTickets implements ticket.Finder.
func (r *RT) OpenTickets(ctx context.Context, of ticket.Requester, limit int) ([]ticket.Ticket, error) {
	emails := []string{of.Email}
	if of.Email == "" {
		contacts, err := r.FindContacts(ctx, of.E164)
		if err != nil {
			return nil, err
		}
		emails = nil
		for _, c := range contacts {
			emails = append(emails, c.Email)
		}
	}
	var tickets []ticket.Ticket
	for _, email := range emails {
		if email == "" {
			continue
		}
		of, err := r.openTickets(ctx, email, limit)
		if err != nil {
			return nil, err
		}
		tickets = append(tickets, of...)
	}
	slices.SortStableFunc(tickets, func(a, b ticket.Ticket) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return tickets[:min(len(tickets), limit)], nil
}

func (r *RT) openTickets(ctx context.Context, email string, limit int) ([]ticket.Ticket, error) {
	var found page[ticketItem]
	err := r.get(ctx, "look for open tickets", "/tickets", ticketFields(url.Values{
		"query":    {"Requestor.EmailAddress = " + quote(email) + " AND Status = '__Active__'"},
		"per_page": {strconv.Itoa(min(max(limit, 1), 100))},
		"orderby":  {"Created"},
		"order":    {"DESC"},
	}), &found)
	if err != nil {
		return nil, err
	}
	tickets := make([]ticket.Ticket, len(found.Items))
	for i, item := range found.Items {
		tickets[i] = r.told(item)
	}
	return tickets, nil
}

// FindContacts implements ticket.Finder, by the user custom field E164.
func (r *RT) FindContacts(ctx context.Context, e164 string) ([]ticket.Contact, error) {
	if e164 == "" {
		return nil, nil
	}
	var found page[userItem]
	err := r.post(ctx, "look a number up", "/users?fields=Name,RealName,EmailAddress,CustomFields",
		[]map[string]string{{"field": "CustomField.{" + fieldE164 + "}", "value": e164}}, false, &found)
	if err != nil {
		return nil, err
	}
	var contacts []ticket.Contact
	for _, u := range found.Items {
		if u.CustomFields.told(fieldE164) && !u.CustomFields.has(fieldE164, e164) {
			continue
		}
		contacts = append(contacts, ticket.Contact{
			ID: string(u.ID), Name: cmp.Or(u.RealName, u.Name, string(u.ID)), Email: u.EmailAddress,
		})
	}
	if len(contacts) > maxContacts {
		r.log.Error("RT seems to ignore the search for a number", "found", len(contacts), "field", fieldE164)
		return nil, nil
	}
	return contacts, nil
}
