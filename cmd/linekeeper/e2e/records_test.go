package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"linekeeper/cdr"
)

// record waits until PostgreSQL has the call's record, complete and whole, and
// asserts that it is what the ledger's facts fold to, and the only one.
func (s *stack) record(t testing.TB, v visit) cdr.Record {
	t.Helper()
	var r cdr.Record
	until(t, "the record of call "+string(v.id)+" is in PostgreSQL", patient, func() (err error) {
		r, err = s.readRecord(v.id)
		if err == nil && !r.Complete() {
			err = errors.New("it is not complete")
		}
		// Either may be a fact ahead: the record, or what was read of the ledger here.
		if want := v.fold(^uint64(0)); err == nil && r.Seq != want.Seq {
			err = fmt.Errorf("it has come to fact %d, the ledger to %d", r.Seq, want.Seq)
		}
		return err
	})
	if diff := cmp.Diff(v.fold(r.Seq), r, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("call %s: ledger (-) and PostgreSQL (+) tell different stories:\n%s", v.id, diff)
	}
	s.columns(t, r)
	return r
}

func (s *stack) readRecord(id cdr.CallID) (r cdr.Record, err error) {
	ctx, cancel := soon()
	defer cancel()
	var data []byte
	if err := s.pool.QueryRow(ctx, `SELECT record FROM calls WHERE call_id = $1`, string(id)).Scan(&data); err != nil {
		return r, err
	}
	return r, json.Unmarshal(data, &r)
}

// columns asserts what reports read beside the record.
func (s *stack) columns(t testing.TB, r cdr.Record) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	type row struct {
		Outcome, Cause, EndedBy, Caller, Name string
		Complete                              bool
		Offers                                int
	}
	rows, err := s.pool.Query(ctx, `SELECT outcome, cause, ended_by, caller_number, caller_name, complete, offers FROM calls WHERE call_id = $1`, string(r.Call))
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[row])
	if err != nil {
		t.Fatal(err)
	}
	want := row{string(r.Outcome), string(r.Cause), string(r.EndedBy), r.Caller.Number, r.Caller.Name, true, len(r.Offers)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("call %s: the columns of its row (+) are not its record's (-):\n%s", r.Call, diff)
	}
}

// rtItem is a ticket or a transaction in an answer of RT.
type rtItem struct {
	ID      json.RawMessage // a number or a string (RT/REST2)
	Type    string
	Subject string
}

// askRT asks RT's REST interface.
func (s *stack) askRT(t testing.TB, path string, query url.Values, out any) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if err := s.getJSON(ctx, s.env["LAB_RT"]+"/REST/2.0"+path+"?"+query.Encode(), "token "+s.env["LAB_RT_TOKEN"], out); err != nil {
		t.Fatalf("ask RT: %v", err)
	}
}

// comments are the comments on a ticket: all, and those with the call's key.
func (s *stack) comments(t testing.TB, ticket string, call cdr.CallID) (all, ofCall int) {
	t.Helper()
	count := func(and string) int {
		var page struct{ Items []rtItem }
		s.askRT(t, "/transactions", url.Values{
			"query":    {"ObjectType = 'RT::Ticket' AND ObjectId = " + ticket + " AND Type = 'Comment'" + and},
			"per_page": {"100"}, "fields": {"Type"},
		}, &page)
		return len(page.Items)
	}
	return count(""), count(" AND CF.{TxnCallID} = '" + string(call) + "/record'")
}

// commentText is the newest comment on a ticket.
func (s *stack) commentText(t testing.TB, ticket string) string {
	t.Helper()
	var page struct{ Items []rtItem }
	s.askRT(t, "/ticket/"+ticket+"/attachments", url.Values{"per_page": {"100"}, "fields": {"Subject"}}, &page)
	if len(page.Items) == 0 {
		t.Fatalf("ticket %s has no text at all", ticket)
	}
	newest := slices.MaxFunc(page.Items, func(a, b rtItem) int { return number(a) - number(b) })
	ctx, cancel := soon()
	defer cancel()
	text, err := s.get(ctx, fmt.Sprintf("%s/REST/2.0/attachment/%d?fields=Content", s.env["LAB_RT"], number(newest)), "token "+s.env["LAB_RT_TOKEN"])
	if err != nil {
		t.Fatal(err)
	}
	return decodeContent(t, text)
}

// ticketsOf are the numbers of the tickets that carry a call's key.
func (s *stack) ticketsOf(t testing.TB, call cdr.CallID) []string {
	t.Helper()
	var page struct{ Items []rtItem }
	s.askRT(t, "/tickets", url.Values{"query": {"CF.{CallID} = '" + string(call) + "'"}}, &page)
	var ids []string
	for _, i := range page.Items {
		ids = append(ids, fmt.Sprint(number(i)))
	}
	return ids
}

// get asks for something over HTTP, with the status 200.
func (s *stack) get(ctx context.Context, address, authorization string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %.300s", address, resp.Status, data)
	}
	return data, err
}

func (s *stack) getJSON(ctx context.Context, address, authorization string, out any) error {
	data, err := s.get(ctx, address, authorization)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, out)
}
