package rt

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// id is an RT ID: a string in one answer and a number in the next.
type id string

// UnmarshalJSON implements json.Unmarshaler.
func (i *id) UnmarshalJSON(data []byte) error {
	*i = id(bytes.Trim(data, `"`))
	return nil
}

// page is a page of a search. Its total is null in some searches: unread.
type page[T any] struct {
	Items []T `json:"items"`
}

// ref is an object another one points to.
type ref struct {
	ID       id     `json:"id"`
	Name     string `json:"Name"` // with fields[X]=Name
	RealName string `json:"RealName"`
}

// ticketItem is a ticket, in a search or by itself.
type ticketItem struct {
	ID           id     `json:"id"`
	Subject      string `json:"Subject"`
	Status       string `json:"Status"`
	Queue        ref    `json:"Queue"`
	Owner        ref    `json:"Owner"`
	Created      moment `json:"Created"`
	Due          moment `json:"Due"`
	CustomFields fields `json:"CustomFields"`
}

// transactionItem is an entry of a ticket's history.
type transactionItem struct {
	ID           id     `json:"id"`
	CustomFields fields `json:"CustomFields"`
}

// userItem is a user; its ID is the user's name.
type userItem struct {
	ID           id     `json:"id"`
	Name         string `json:"Name"`
	RealName     string `json:"RealName"`
	EmailAddress string `json:"EmailAddress"`
	CustomFields fields `json:"CustomFields"`
}

// queueItem is a queue with the names of its fields.
type queueItem struct {
	Name                          string
	TicketCustomFields            []fieldName
	TicketTransactionCustomFields []fieldName
}

type fieldName struct {
	Name string `json:"name"`
}

// field is a custom field and its values.
type field struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// fields are an object's custom fields; RT writes "" where there are none.
type fields []field

// UnmarshalJSON implements json.Unmarshaler.
func (f *fields) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '[' {
		*f = nil
		return nil
	}
	return json.Unmarshal(data, (*[]field)(f))
}

// has says whether a field holds a value.
func (f fields) has(name, value string) bool {
	return slices.ContainsFunc(f, func(one field) bool { return one.Name == name && slices.Contains(one.Values, value) })
}

// told says whether a field was shown at all: rights may hide it.
func (f fields) told(name string) bool {
	return slices.ContainsFunc(f, func(one field) bool { return one.Name == name })
}

// moment is a time of RT's; the epoch, or nothing, means never.
type moment struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (m *moment) UnmarshalJSON(data []byte) error {
	t, err := time.Parse(time.RFC3339, strings.Trim(string(data), `"`))
	if err != nil || t.Unix() <= 0 {
		t = time.Time{}
	}
	m.Time = t
	return nil
}

// quote writes a text as a TicketSQL string.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
