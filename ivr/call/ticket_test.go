package call

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestATicketsTextsAreNoLongerThanAFlows: a subject is as long as its sender likes.
func TestATicketsTextsAreNoLongerThanAFlows(t *testing.T) {
	long := strings.Repeat("é", 5000)
	known := OpenTicket{ID: long, Subject: long, Queue: long}.clean()
	for name, text := range map[string]string{"subject": known.Subject, "queue": known.Queue} {
		if len(text) != 1024 || !utf8.ValidString(text) {
			t.Errorf("the %s has %d bytes", name, len(text))
		}
	}
	if n := utf8.RuneCountInString(known.ID); n != 80 {
		t.Errorf("the ID has %d characters", n)
	}
}
