package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/agentdesk"
	"linekeeper/cdr/store"
)

// The days of a queue are added up, their means weighed by the calls told.
func TestWaitsOfSeveralDays(t *testing.T) {
	s := time.Second
	got := addDays([]store.WaitAccuracy{
		{Queue: "n1", Answered: 5, Told: 3, Within: 2, Later: 1, Actual: 60 * s, Low: 30 * s, High: 90 * s, Off: 10 * s},
		{Queue: "n2", Answered: 2},
		{Queue: "n1", Answered: 1, Told: 1, Sooner: 1, Actual: 20 * s, Low: 30 * s, High: 50 * s, Off: 10 * s},
	})
	half := 50.0
	want := []agentdesk.WaitAccuracy{
		{Queue: "n1", Answered: 6, Told: 4, Within: 2, Sooner: 1, Later: 1, Share: &half, Actual: 50, Low: 30, High: 80, Off: 10},
		{Queue: "n2", Answered: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("added up (-want +got):\n%s", diff)
	}
}
