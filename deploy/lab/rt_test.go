package lab_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"linekeeper/deploy/lab"
)

// What a screen pop asks of the ticket system, asked of the real one.
func TestRTKnowsTheCallersAndTheirTickets(t *testing.T) {
	base, token, stop, err := lab.StartRT(t.Context(), t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	r := rtClient{t, base + "/REST/2.0", token}

	users := r.search("POST", "/users?fields=RealName,EmailAddress", `[{"field":"CustomField.{E164}","value":"+33199001001"}]`)
	if len(users) != 1 || users[0]["RealName"] != "Marie Dupont" || users[0]["EmailAddress"] != "marie.dupont@atelier-nord.example" {
		t.Errorf("by number: %v", users)
	}
	open := r.tickets("Requestor.EmailAddress = 'marie.dupont@atelier-nord.example' AND Status = '__Active__'")
	if len(open) != 2 {
		t.Errorf("Marie has %d open tickets, want 2: %v", len(open), open)
	}
	for _, one := range open {
		if due, err := time.Parse(time.RFC3339, fmt.Sprint(one["Due"])); err != nil || time.Until(due) < time.Hour {
			t.Errorf("nothing is left of the SLA of a fresh ticket: %v", one)
		}
	}
	if open := r.tickets("Requestor.MobilePhone = '+33199001002' AND Status = '__Active__'"); len(open) != 1 || !strings.HasPrefix(open[0]["Subject"].(string), "Imprimante") {
		t.Errorf("Paul's open tickets: %v", open)
	}
	r.call("POST", "/ticket", `{"Queue":"Support","Subject":"Appel","Requestor":"marie.dupont@atelier-nord.example","Content":"é","ContentType":"text/plain","CustomFields":{"CallID":["call-1"],"CallQueue":"support-n1","WaitSeconds":"42"}}`, 201)
	if got := r.tickets("CF.{CallID} = 'call-1'"); len(got) != 1 {
		t.Errorf("tickets of call-1: %v", got)
	}
}

type rtClient struct {
	t           *testing.T
	base, token string
}

func (r rtClient) tickets(query string) []map[string]any {
	return r.search("GET", "/tickets?fields=Subject,Status,Due&query="+url.QueryEscape(query), "")
}

func (r rtClient) search(method, path, body string) []map[string]any {
	var page struct{ Items []map[string]any }
	if err := json.Unmarshal(r.call(method, path, body, 200), &page); err != nil {
		r.t.Fatal(err)
	}
	return page.Items
}

func (r rtClient) call(method, path, body string, want int) []byte {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+r.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != want {
		r.t.Fatalf("%s %s: %d %v %s, want %d", method, path, resp.StatusCode, err, got, want)
	}
	return got
}
