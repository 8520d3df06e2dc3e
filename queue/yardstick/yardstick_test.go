package yardstick_test

import (
	"testing"

	"linekeeper/queue/yardstick"
)

func TestRetry(t *testing.T) {
	idle := &yardstick.Member{LastCall: 10}
	idler := &yardstick.Member{LastCall: 5}
	backup := &yardstick.Member{LastCall: 0, Penalty: 1}
	q := yardstick.Queue{
		Members: []*yardstick.Member{idle, idler, backup, {InUse: true}, {Paused: true}, {WrapUp: 200}},
		Callers: []*yardstick.Caller{{}, {}, {}, {}},
	}
	for i, want := range []*yardstick.Member{idler, idle, backup, nil} {
		if got := q.Retry(q.Callers[i], 100); got != want {
			t.Errorf("caller %d rings %+v; want %+v", i+1, got, want)
		}
		if want != nil {
			q.Callers[i].Pending, want.InUse = true, true
		}
	}
}
