package api

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/queue"
)

// Whoever is signed in finds everybody a call may be given to, also of queues they do
// not see, by name and by nothing else.
func TestCatalogueNamesEverybody(t *testing.T) {
	h, d := guarded()
	site := newSite(h)
	d.Site = site
	next := defs()
	next.Agents = append(next.Agents, queue.Agent{
		ID: "farid", Name: "Farid", Queues: []string{"n2"}, Skills: map[string]int{"vpn": 9}, Phone: queue.PhoneWebRTC,
	})
	site.set(next)
	srv := serve(t, d)
	want := []map[string]string{{"id": "alice", "name": "Alice"}, {"id": "bruno", "name": "Bruno"}, {"id": "farid", "name": "Farid"}}
	for _, who := range asked[1:] {
		got := as(t, srv, who).do("GET", "/api/v1/catalogue", nil).expect(t, 200, "")
		var shown struct{ Agents []map[string]string }
		if err := json.Unmarshal([]byte(got.body), &shown); err != nil {
			t.Fatalf("%s: %v in %s", who, err, got)
		}
		if diff := cmp.Diff(want, shown.Agents); diff != "" {
			t.Errorf("%s finds:\n%s", who, diff)
		}
	}
}
