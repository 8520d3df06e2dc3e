package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A flow asks the hours that floor.yaml defines, on the site's clock, and no others.
func TestFlowsAskTheHoursOfTheFloor(t *testing.T) {
	dir := t.TempDir()
	d, err := loadDefinitions(seed, BenchConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.files.Write(dir); err != nil {
		t.Fatal(err)
	}
	door := filepath.Join(dir, "flows", "door.yaml")
	write := func(hours string) {
		t.Helper()
		flow := "start: door\nsteps:\n  door: {type: hours, hours: " + hours + ", open: bye, closed: bye}\n  bye: {type: hangup}\n"
		if err := os.WriteFile(door, []byte(flow), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("office")
	if d, err = loadDefinitions(dir, BenchConfig{}); err != nil {
		t.Fatal(err)
	}
	rules := d.rules(nil)
	office, zone := rules.Hours["office"], rules.Zone
	for at, want := range map[string]bool{"2026-11-20T07:00:00Z": true, "2026-11-20T06:59:59Z": false, "2026-12-24T15:00:00Z": false, "2026-12-25T10:00:00Z": false} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if open := office.Open(when.In(zone)); open != want {
			t.Errorf("at %s: open %v", at, open)
		}
	}
	write("ofice")
	if _, err := loadDefinitions(dir, BenchConfig{}); err == nil || !strings.Contains(err.Error(), door+`:3:30: unknown hours "ofice"; did you mean "office"?`) {
		t.Errorf("hours that are none: %v", err)
	}
}
