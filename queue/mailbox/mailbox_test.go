package mailbox

import (
	"sync"
	"testing"
)

// Each sender's items come out in the order they were put in, none lost, none twice.
func TestOrderOfEachSender(t *testing.T) {
	type item struct{ sender, n int }
	const senders, each = 8, 1000
	b := New[item]()
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for n := range each {
				b.Put(item{s, n})
			}
		})
	}
	next := make([]int, senders)
	for taken := 0; taken < senders*each; {
		<-b.Ready()
		for _, it := range b.Take() {
			if it.n != next[it.sender] {
				t.Fatalf("sender %d: got %d, want %d", it.sender, it.n, next[it.sender])
			}
			next[it.sender]++
			taken++
		}
	}
	wg.Wait()
	if b.Len() != 0 {
		t.Errorf("%d items too many", b.Len())
	}
}

// A closed box gives back what nobody took and takes nothing more.
func TestClose(t *testing.T) {
	b := New[int]()
	b.Put(1)
	if rest := b.Close(); len(rest) != 1 || rest[0] != 1 {
		t.Errorf("given back: %v", rest)
	}
	if b.Put(2) {
		t.Error("a closed box took an item")
	}
	if rest := b.Take(); len(rest) != 0 {
		t.Errorf("a closed box holds %v", rest)
	}
}
