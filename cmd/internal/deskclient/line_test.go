package deskclient

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"linekeeper/cdr"
)

func TestLine(t *testing.T) {
	c := desk(t, map[string]http.HandlerFunc{
		"GET /queues/n1/line":    says(200, `{"places":[{"call":"c1","queue":"n1","place":1,"callback":{"number":"+331","mode":"agent-first"}}]}`),
		"GET /callbacks":         says(200, `{"places":[]}`),
		"DELETE /callbacks/c1":   says(204, ""),
		"DELETE /callbacks/c2":   says(409, `{"title":"None.","status":409,"code":"no-callback"}`),
		"GET /calls/c1/why":      says(200, `{"call":"c1","queue":"n1","now":[{"agent":"a","name":"A","verdict":"kept-for","for":"b"}],"offers":[]}`),
		"PUT /calls/c1/priority": hears(t, `{"priority":9}`),
		"POST /calls/c1/move":    hears(t, `{"queue":"n2"}`),
		"GET /reports/waits": func(w http.ResponseWriter, r *http.Request) {
			if got := r.URL.RawQuery; got != "from=2026-11-21T00%3A00%3A00Z" {
				t.Errorf("asked for %s", got)
			}
			_, _ = w.Write([]byte(`{"waits":[{"queue":"n1","told":4,"share_percent":75}]}`))
		},
	})
	ctx := t.Context()
	line, err := c.Line(ctx, "n1")
	if err != nil || len(line) != 1 || line[0].Callback == nil || line[0].Callback.Mode != cdr.AgentFirst {
		t.Errorf("%+v, %v", line, err)
	}
	if list, err := c.Callbacks(ctx); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if err := c.CancelCallback(ctx, "c1"); err != nil {
		t.Error(err)
	}
	if err := c.CancelCallback(ctx, "c2"); Code(err) != "no-callback" {
		t.Error(err)
	}
	if err := c.SetPriority(ctx, "c1", 9); err != nil {
		t.Error(err)
	}
	if err := c.Move(ctx, "c1", "n2"); err != nil {
		t.Error(err)
	}
	why, err := c.Why(ctx, "c1")
	if err != nil || why.Now == nil || len(*why.Now) != 1 || (*why.Now)[0].For != "b" {
		t.Errorf("%+v, %v", why, err)
	}
	waits, err := c.Waits(ctx, time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), time.Time{})
	if err != nil || len(waits) != 1 || waits[0].Share == nil || *waits[0].Share != 75 {
		t.Errorf("%+v, %v", waits, err)
	}
}

// hears answers 204 to a body of this JSON.
func hears(t *testing.T, want string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || string(body) != want {
			t.Errorf("%s %s with %s, %v; want %s", r.Method, r.URL.Path, body, err, want)
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
