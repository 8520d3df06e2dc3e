package wait_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"linekeeper/queue/wait"
)

const minute = time.Minute

func TestAccuracy(t *testing.T) {
	var a wait.Accuracy
	a.Answered(2*minute, 4*minute, 3*minute)  // right in the middle
	a.Answered(2*minute, 4*minute, 4*minute)  // at the edge is inside
	a.Answered(2*minute, 4*minute, 1*minute)  // sooner
	a.Answered(2*minute, 4*minute, 10*minute) // later
	a.Answered(0, 0, 10*minute)               // nothing was told
	a.Gone(2*minute, 4*minute, 5*minute)      // had waited longer than told
	a.Gone(2*minute, 4*minute, 3*minute)      // would perhaps have been served in time
	a.Gone(0, 0, 3*minute)
	if a.Told != 5 || a.Within != 2 || a.Sooner != 1 || a.Later != 2 || a.Silent != 2 || a.Unknown != 1 {
		t.Errorf("folded to %+v", a)
	}
	if share, ok := a.Share(); !ok || share != 0.4 {
		t.Errorf("share %v, want 0.4", share)
	}
	// Off by 0, 1, 2 and 7 minutes: half are within about one.
	if off, ok := a.MedianError(); !ok || off < 57*time.Second || off > 63*time.Second {
		t.Errorf("median error %v, want a minute", off)
	}
	if bias, ok := a.Bias(); !ok || bias != 90*time.Second { // (0 + 1 − 2 + 7) / 4
		t.Errorf("bias %v, want 1m30s", bias)
	}
}

func TestAccuracyOfNothing(t *testing.T) {
	var a wait.Accuracy
	a.Answered(0, 0, time.Minute)
	_, shared := a.Share()
	_, off := a.MedianError()
	_, bias := a.Bias()
	if shared || off || bias {
		t.Error("a figure was given though nothing was told")
	}
}

// Folding in two parts and merging is folding at once.
func TestAccuracyMerges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all, one, two wait.Accuracy
		for i := range rapid.IntRange(1, 60).Draw(t, "calls") {
			low := time.Duration(rapid.IntRange(0, 300).Draw(t, "low")) * time.Second
			high := low + time.Duration(rapid.IntRange(0, 300).Draw(t, "more"))*time.Second
			waited := time.Duration(rapid.IntRange(0, 900).Draw(t, "waited")) * time.Second
			part := &one
			if i%2 == 0 {
				part = &two
			}
			if rapid.Bool().Draw(t, "answered") {
				all.Answered(low, high, waited)
				part.Answered(low, high, waited)
			} else {
				all.Gone(low, high, waited)
				part.Gone(low, high, waited)
			}
		}
		one.Merge(two)
		if one != all {
			t.Fatalf("merged %+v, at once %+v", one, all)
		}
	})
}
