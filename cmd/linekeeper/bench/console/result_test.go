package console

import (
	"strings"
	"testing"
)

// The middle one of the openings is told, by page and cache, and held against the
// target; a document without the desk is none.
func TestTable(t *testing.T) {
	r, err := Read([]byte(`{"chromium": "1", "loads": [
		{"page": "desk", "cache": "cold", "interactive": 1900, "bytes": 1},
		{"page": "desk", "cache": "cold", "interactive": 400, "painted": 120, "busiest": 61, "bytes": 210000, "requests": 9},
		{"page": "desk", "cache": "cold", "interactive": 300, "bytes": 1},
		{"page": "desk", "cache": "warm", "interactive": 1200, "bytes": 5000, "requests": 7},
		{"page": "nothing", "cache": "cold", "interactive": 20}]}`))
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(strings.Fields(r.Table()), " ")
	for _, want := range []string{
		"desk of an agent, signed in cold 400 1900 1900 120 61 210.0 9", "signed in warm 1200 1200 1200",
		"a page with nothing on it cold 20", "cache cold ≤ 1000 ms: held: 400 ms", "cache warm ≤ 1000 ms: MISSED: 1200 ms",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the table lacks %q:\n%s", want, r.Table())
		}
	}
	for _, bad := range []string{"", `{"loads": []}`, `{"loads": [{"page": "desk", "cache": "cold"}]}`} {
		if _, err := Read([]byte(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
