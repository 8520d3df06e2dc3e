package e2e

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"linekeeper/cdr"
)

// TestATalkIsRecorded: Bruno begins a recording, pauses it and goes on. Two parts come
// into the store, nothing of them stays on Asterisk's disk, and the API gives them.
func TestATalkIsRecorded(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	c, talk := s.inTalk(t, bruno)
	do := func(what string) {
		bruno.does(t, func(ctx context.Context) error { return bruno.desk.Record(ctx, c.id, what) })
	}
	do("start")
	c.await(t, cdr.KindRecordingBegan)
	s.together(t, c.id, 2)
	for range 3 { // half a second each
		hears(t, "the caller", c.Call)
	}
	hears(t, "Bruno", talk)
	do("pause")
	c.await(t, cdr.KindRecordingEnded)
	s.together(t, c.id, 2)
	hears(t, "the caller", c.Call)
	do("resume")
	c.awaitNth(t, cdr.KindRecordingBegan, 2)
	hears(t, "the caller", c.Call)
	hears(t, "Bruno", talk)
	hangUp(t, c.Call)
	over(t, "Bruno", talk)
	bruno.wrapUp(t, c.id, cdr.NotReady)

	until(t, "both parts are in the store", patient, func() error {
		kept := 0
		for _, p := range c.fold(^uint64(0)).Recordings {
			if !p.KeptAt.IsZero() && p.Bytes > 44 && p.Length > 300*time.Millisecond {
				kept++
			}
		}
		if kept != 2 {
			return fmt.Errorf("kept: %+v", c.fold(^uint64(0)).Recordings)
		}
		return nil
	})
	s.record(t, c.visit)
	for part := 1; part <= 2; part++ {
		ctx, cancel := soon()
		wav, err := s.get(ctx, fmt.Sprintf("%s/api/v1/calls/%s/recordings/%d", s.env["LAB_HTTP"], c.id, part), "Bearer "+s.env["LAB_TOKEN"])
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if len(wav) < 44 || string(wav[:4]) != "RIFF" || binary.LittleEndian.Uint16(wav[22:]) != 2 || int(binary.LittleEndian.Uint32(wav[40:])) != len(wav)-44 {
			t.Errorf("part %d is no stereo WAV file: %d bytes", part, len(wav))
		}
	}
	s.nothingTaped(t)
}
