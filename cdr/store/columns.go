package store

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

// callRow writes a record as its row: the record itself, and the columns that
// repeat parts of it. Whatever a record may hold fits: odd values are bent, for
// a row that PostgreSQL refused would stop everybody's records.
func callRow(id uuid.UUID, r *cdr.Record) (db.PutCallParams, error) {
	record, err := json.Marshal(r)
	if err != nil {
		return db.PutCallParams{}, fmt.Errorf("encode the record of call %s: %w", r.Call, err)
	}
	row := db.PutCallParams{
		CallID: id, Seq: int64(min(r.Seq, math.MaxInt64)), Record: jsonb(record),
		ArrivedAt: arrivedAt(id, r), EndedAt: stamp(r.EndedAt),
		Offers: int32(len(r.Offers)), Code: int32(min(max(r.Code, 0), math.MaxInt32)),
		Complete: r.Complete(),
		Node:     text(r.Node), Number: text(r.Number), Language: text(r.Language), Flow: text(r.Flow),
		CallerNumber: key(r.Caller.Number), CallerName: text(r.Caller.Name),
		Agents:  agents(r),
		Outcome: text(r.Outcome), Cause: text(r.Cause), EndedBy: text(r.EndedBy),
	}
	if r.Contact != nil {
		row.ContactID, row.ContactName = key(r.Contact.ID), text(r.Contact.Name)
	}
	row.Queue = text(r.Queue)
	for _, v := range r.Visits {
		row.Queue = text(v.Queue)
		row.WaitedMs += millis(v.Waited)
	}
	for _, t := range r.Talks {
		row.Agent = text(t.Agent)
		row.TalkedMs += millis(t.Talked)
	}
	for _, w := range r.WrapUps {
		if w.Disposition != "" {
			row.Disposition = text(w.Disposition)
		}
		row.WrapUpMs += millis(w.Took)
	}
	return row, nil
}

// agents are all who were offered the call or talked, each once.
func agents(r *cdr.Record) []string {
	all := []string{} // an empty array, not NULL
	for _, o := range r.Offers {
		all = append(all, key(o.Agent))
	}
	for _, t := range r.Talks {
		all = append(all, key(t.Agent))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// arrivedAt falls back on the time inside the call's UUIDv7, for a call whose
// first facts were lost.
func arrivedAt(id uuid.UUID, r *cdr.Record) time.Time {
	if r.ArrivedAt.IsZero() && id.Version() == 7 {
		sec, nsec := id.Time().UnixTime()
		return time.Unix(sec, nsec)
	}
	return r.ArrivedAt
}

func linkRow(id uuid.UUID, t cdr.Ticket) db.PutTicketLinkParams {
	return db.PutTicketLinkParams{
		CallID: id, NotedAt: stamp(t.NotedAt), Created: t.Created,
		System: key(t.System), Ticket: key(t.Ticket), Subject: text(t.Subject), Url: text(t.URL),
	}
}

func stamp(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// millis drops what a step of a clock may have made negative.
func millis(d time.Duration) int64 { return max(d, 0).Milliseconds() }
