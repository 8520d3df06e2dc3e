package asterisk

import (
	"testing"

	"linekeeper/ivr/call"
)

// What an evening's events cost us, one by one, as Asterisk sent them.
func BenchmarkTell(b *testing.B) {
	wire := frames(b, "wire.jsonl")
	n := testNode(b, func(call.SwitchEvent) {})
	b.ReportAllocs()
	for b.Loop() {
		n.twins = twins{}
		n.seen = newMemory()
		for _, frame := range wire {
			if err := n.tell(frame); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(wire)), "ns/event")
}
