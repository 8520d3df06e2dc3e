package main

import (
	"testing"
	"time"
)

func TestHowLongRecordingsAreKept(t *testing.T) {
	for given, want := range map[string]time.Duration{"": 90 * day, "0": 0, "30d": 30 * day, "36h": 36 * time.Hour} {
		if got, err := (RecordingsConfig{Keep: given}).keep(); err != nil || got != want {
			t.Errorf("%q: %v, %v", given, got, err)
		}
	}
	for _, given := range []string{"90", "d", "-1d", "1m", "for ever", "99999999d"} {
		if err := (RecordingsConfig{Keep: given}).validate(); err == nil {
			t.Errorf("%q is taken", given)
		}
	}
}
