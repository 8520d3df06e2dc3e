package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linekeeper/cdr"
)

// c8 is over. Alice talked, and was recorded in three parts: the second is not in the
// store yet, the third was deleted. Then bruno had it, and a part of his own.
const c8 = "0199aaaa-0000-7000-8000-000000000008"

func recorded() cdr.Record {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	part := func(n int, agent, queue string) cdr.RecordingPart {
		return cdr.RecordingPart{Part: n, Agent: agent, Queue: queue, BeganAt: at, EndedAt: at.Add(time.Second), KeptAt: at.Add(2 * time.Second), Length: time.Second, Bytes: 32044}
	}
	r := cdr.Record{
		Call: c8, Seq: 20, Outcome: cdr.OutcomeAnswered, ArrivedAt: at, EndedAt: at.Add(time.Hour),
		Talks:      []cdr.Talk{{Agent: "alice", Queue: "n1"}, {Agent: "bruno", Queue: "n1"}},
		Recordings: []cdr.RecordingPart{part(1, "alice", "n1"), part(2, "alice", "n1"), part(3, "alice", "n1"), part(4, "bruno", "n1")},
	}
	r.Recordings[1].Bytes, r.Recordings[1].KeptAt = 0, time.Time{}
	r.Recordings[2].DeletedAt = at
	for n, why := range map[int]cdr.RecordingCause{5: cdr.RecordingMissing, 6: cdr.RecordingTalkOver} {
		p := part(n, "alice", "n1")
		p.Bytes, p.Why = 0, why
		r.Recordings = append(r.Recordings, p)
	}
	slices.SortFunc(r.Recordings, func(a, b cdr.RecordingPart) int { return a.Part - b.Part })
	r.Recordings[4].KeptAt = time.Time{}
	r.Recordings[5].DeletedAt, r.Recordings[5].DeletedBy = at, "hugo"
	return r
}

type sound struct{ *bytes.Reader }

func (sound) Close() error { return nil }

// sounds are those of a house.
type sounds struct{ *house }

// Open finds every sound but that of a second part.
func (h sounds) Open(_ context.Context, call cdr.CallID, part cdr.RecordingPart) (Sound, error) {
	h.do("open %s %d", call, part.Part)
	if part.KeptAt.IsZero() {
		return nil, ErrNotFound
	}
	return sound{bytes.NewReader([]byte("RIFF0123456789"))}, nil
}

func (h sounds) Delete(_ context.Context, call cdr.CallID, part cdr.RecordingPart) error {
	h.do("delete %s %d", call, part.Part)
	return nil
}

var recordingOperations = []operation{
	simple("recordCall", "/recording", m{"do": "pause"}, "record pause").with(
		try{who: "alice", path: "/calls/" + c1 + "/recording", body: m{"do": "erase"}, status: 400, code: "bad-request"},
		try{who: "alice", path: "/calls/" + c1 + "/recording", body: m{}, status: 400, code: "bad-request"},
	),
	{"listRecordings", "GET", []try{
		{who: "alice", path: "/calls/" + c8 + "/recordings", status: 200, body1: `"bytes":0,"deleted":false,"length_ms":1000,"part":2`},
		{who: "bruno", path: "/calls/" + c8 + "/recordings", status: 200, body1: `{"recordings":[{"agent":"bruno"`},
		{who: "hugo", path: "/calls/" + c8 + "/recordings", status: 200, body1: `"deleted":true,"length_ms":1000,"part":3`, audit: "hugo see-call " + c8},
		{who: "jules", path: "/calls/" + c8 + "/recordings", status: 403, code: "forbidden"},
		{path: "/calls/" + c8 + "/recordings", status: 401, code: "signed-out"},
	}},
	{"hearRecording", "GET", []try{
		{who: "alice", path: "/calls/" + c8 + "/recordings/1", status: 200, body1: "RIFF0123456789", did: "open " + c8 + " 1", audit: "alice hear-recording " + c8 + "/1"},
		{who: "ines", path: "/calls/" + c8 + "/recordings/1", status: 200, body1: "RIFF0123456789", did: "open " + c8 + " 1", audit: "ines hear-recording " + c8 + "/1"},
		{who: "alice", path: "/calls/" + c8 + "/recordings/4", status: 403, code: "forbidden", audit: "alice hear-recording " + c8 + "/4 DENIED"},
		{who: "alice", path: "/calls/" + c8 + "/recordings/2", status: 404, code: "recording-not-ready", did: "open " + c8 + " 2"},
		{who: "alice", path: "/calls/" + c8 + "/recordings/5", status: 404, code: "recording-missing", did: "open " + c8 + " 5"},
		{who: "hugo", path: "/calls/" + c8 + "/recordings/3", status: 404, code: "recording-deleted", body1: "time was up"},
		{who: "hugo", path: "/calls/" + c8 + "/recordings/6", status: 404, code: "recording-deleted"},
		{who: "hugo", path: "/calls/" + c8 + "/recordings/9", status: 404, code: "unknown-recording"},
		{who: "hugo", path: "/calls/" + c8 + "/recordings/0", status: 400, code: "bad-request"},
		{path: "/calls/" + c8 + "/recordings/1", status: 401, code: "signed-out"},
	}},
	{"deleteRecording", "DELETE", []try{
		{who: "alice", path: "/calls/" + c8 + "/recordings/1", status: 403, code: "forbidden", audit: "alice delete-recording " + c8 + "/1 DENIED"},
		{who: "ines", path: "/calls/" + c8 + "/recordings/1", status: 204, did: "delete " + c8 + " 1", audit: "ines delete-recording " + c8 + "/1"},
		{who: "hugo", path: "/calls/" + c8 + "/recordings/3", status: 404, code: "recording-deleted"},
		{path: "/calls/" + c8 + "/recordings/1", status: 401, code: "signed-out"},
	}},
}

// A player asks for ranges.
func TestARecordingIsHeardInRanges(t *testing.T) {
	w := httptest.NewRecorder()
	err := heard{sound: sound{bytes.NewReader([]byte("RIFF0123456789"))}, asked: "bytes=4-6"}.VisitHearRecordingResponse(w)
	if err != nil || w.Code != http.StatusPartialContent || w.Body.String() != "012" || w.Header().Get("Content-Range") != "bytes 4-6/14" {
		t.Errorf("%d %q %v %v", w.Code, w.Body.String(), w.Header(), err)
	}
}

// A player that seeks, pauses and goes back is one hearing: one fact, one line of the
// audit log. Another sign-in, another part and another time are hearings of their own.
func TestAHearingIsToldOnce(t *testing.T) {
	h := newHouse()
	srv := serve(t, h.deps())
	ines, again, hugo := as(t, srv, "ines"), as(t, srv, "ines"), as(t, srv, "hugo")
	h.audits()
	first, line := "/api/v1/calls/"+c8+"/recordings/1", "ines hear-recording "+c8+"/1"
	told := func(when, want string) {
		t.Helper()
		if got := h.audits(); got != want {
			t.Errorf("%s: audited %q, want %q", when, got, want)
		}
	}
	ines.do("GET", first, nil).expect(t, 200, "")
	for _, part := range []string{"bytes=4-6", "bytes=10-", "bytes=0-3"} {
		ines.do("GET", first, nil, "Range", part).expect(t, 206, "")
	}
	told("a player seeks", line)
	h.pass(recorded().Recordings[0].Length + hearingLonger - time.Nanosecond)
	ines.do("GET", first, nil, "Range", "bytes=8-").expect(t, 206, "")
	told("she goes back", "")
	again.do("GET", first, nil).expect(t, 200, "")
	told("at another desk", line)
	hugo.do("GET", first, nil).expect(t, 200, "")
	hugo.do("GET", "/api/v1/calls/"+c8+"/recordings/4", nil).expect(t, 200, "")
	told("somebody else", "hugo hear-recording "+c8+"/1; hugo hear-recording "+c8+"/4")
	h.pass(time.Nanosecond)
	ines.do("GET", first, nil, "Range", "bytes=8-").expect(t, 206, "")
	told("later", line)
	if len(h.facts) != 5 {
		t.Errorf("told %+v", h.facts)
	}
}

// What the ledger has not taken is not heard, and is told by whoever asks next.
func TestAHearingTheLedgerDidNotTake(t *testing.T) {
	h := newHouse()
	ines := as(t, serve(t, h.deps()), "ines")
	h.audits()
	const part = "/api/v1/calls/" + c8 + "/recordings/1"
	h.set(func() { h.noLedger = true })
	for range 2 {
		if a := ines.do("GET", part, nil).expect(t, 503, "unavailable"); strings.Contains(a.body, "RIFF") {
			t.Errorf("heard: %s", a)
		}
	}
	h.set(func() { h.noLedger = false })
	ines.do("GET", part, nil).expect(t, 200, "")
	if audited := h.audits(); audited != "ines hear-recording "+c8+"/1" || len(h.facts) != 1 {
		t.Errorf("audited %q, told %+v", audited, h.facts)
	}
}

// Of requests at the same time one tells, and if it cannot, another.
func TestAHearingIsToldByOneOfMany(t *testing.T) {
	var all looks
	var told atomic.Int32
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	refused := make(chan struct{})
	tell := func() error {
		if told.Add(1) == 1 {
			<-refused // the others have come meanwhile, or come now
			return errors.New("the ledger is away")
		}
		return nil
	}
	var asking sync.WaitGroup
	var failed atomic.Int32
	for range 20 {
		asking.Go(func() {
			if all.once(t.Context(), look{account: "ines", on: c8}, now, now.Add(time.Minute), tell) != nil {
				failed.Add(1)
			}
		})
	}
	close(refused)
	asking.Wait()
	if told.Load() != 2 || failed.Load() != 1 {
		t.Errorf("told %d times, %d failed", told.Load(), failed.Load())
	}
}

// Who goes while another tells does not wait.
func TestAHearingIsNotWaitedForByWhoGoes(t *testing.T) {
	var all looks
	now := time.Now()
	all.begin(look{}, now)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := all.once(ctx, look{}, now, now, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
