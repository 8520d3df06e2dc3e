package queue

import "math/bits"

// set is a set of small numbers: seats of a line. Two sets of one line have the
// same length.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) has(i int32) bool { return s[i>>6]&(1<<(i&63)) != 0 }

func (s set) put(i int32, in bool) {
	if in {
		s[i>>6] |= 1 << (i & 63)
	} else {
		s[i>>6] &^= 1 << (i & 63)
	}
}

// and takes out what is not in the other.
func (s set) and(o set) {
	for w := range s {
		s[w] &= o[w]
	}
}

// common is how many are in both.
func common(a, b set) int {
	n := 0
	for w := range a {
		n += bits.OnesCount64(a[w] & b[w])
	}
	return n
}

// meet says whether any is in both.
func meet(a, b set) bool {
	for w := range a {
		if a[w]&b[w] != 0 {
			return true
		}
	}
	return false
}

// seatAt is the seat of the lowest bit of a word of a set.
func (l *line) seatAt(word int, bitsLeft uint64) *seat {
	return &l.seats[word<<6+bits.TrailingZeros64(bitsLeft)]
}
