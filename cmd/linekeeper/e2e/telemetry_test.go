package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// withLine is "file.yaml:12:" in what a program says.
var withLine = regexp.MustCompile(`\.yaml:\d+`)

// TestOneCallIsOneTrace: a call with a ticket is one trace, whose ID is the
// call's, across menu, queue, offer, talk and ticket; and it is counted.
func TestOneCallIsOneTrace(t *testing.T) {
	s := begin(t)
	before := s.metric(t, "linekeeper_calls_arrived_total")
	bruno := s.agent(t, "bruno")
	bruno.ready(t)
	call := s.dial(t, marie, helpdesk)
	call.press1(t)
	talk := bruno.answer(t)
	call.await(t, cdr.KindConnected)
	ctx, cancel := soon()
	defer cancel()
	if _, err := bruno.desk.AddTicket(ctx, call.id, deskclient.NewTicket{Subject: "Suivi de l’appel"}); err != nil {
		t.Fatal(err)
	}
	hangUp(t, talk)
	call.gone(t)
	bruno.wrapUp(t, call.id, cdr.NotReady)
	call.await(t, cdr.KindTicketNoted)

	id := strings.ReplaceAll(string(call.id), "-", "")
	want := []string{"call", "flow", "queue", "offer", "talk", "wrap-up", "ticket_note"}
	until(t, "the call's trace reaches the collector", patient, func() error {
		got := s.collector.trace(id)
		for _, name := range want {
			if len(got[name]) != 1 {
				return fmt.Errorf("%d spans %q; there are %v", len(got[name]), name, got)
			}
		}
		return nil
	})
	assertOneTree(t, s.collector.trace(id))
	if after := s.metric(t, "linekeeper_calls_arrived_total"); after <= before {
		t.Errorf("linekeeper_calls_arrived_total was %g and is %g", before, after)
	}
	for _, name := range []string{"linekeeper_calls_ended_total", "linekeeper_offers_total", "linekeeper_ari_events_total"} {
		if s.metric(t, name) == 0 {
			t.Errorf("%s counts nothing", name)
		}
	}
}

// assertOneTree asserts that each span hangs on another one of its trace, but
// for the call's.
func assertOneTree(t *testing.T, named map[string][]span) {
	t.Helper()
	var ids []string
	for _, spans := range named {
		for _, s := range spans {
			ids = append(ids, s.id)
		}
	}
	for name, spans := range named {
		for _, s := range spans {
			if name == "call" && s.parent == "" {
				continue
			}
			if !slices.Contains(ids, s.parent) {
				t.Errorf("span %s hangs on %q, which is not in the trace", name, s.parent)
			}
		}
	}
}

// metric is the sum of a metric's series at /metrics.
func (s *stack) metric(t *testing.T, name string) (sum float64) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	page, err := s.get(ctx, s.env["LAB_HTTP"]+"/metrics", "Bearer "+s.env["LAB_TOKEN"])
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(page)) {
		if rest, ok := strings.CutPrefix(line, name); ok && (rest[0] == '{' || rest[0] == ' ') {
			var value float64
			if _, err := fmt.Sscan(line[strings.LastIndexByte(strings.TrimSpace(line), ' ')+1:], &value); err != nil {
				t.Fatalf("read %q: %v", line, err)
			}
			sum += value
		}
	}
	return sum
}
