package deskclient

import (
	"net/http"
	"testing"
	"time"

	"linekeeper/cdr"
)

func TestCallsOut(t *testing.T) {
	c := desk(t, map[string]http.HandlerFunc{
		"POST /calls":              hears(t, `{"number":"01 99 00 10 01","queue":"n1"}`),
		"POST /calls/c1/follow-up": hears(t, `{"at":"2026-11-21T10:00:00Z","note":"facture","mine":true}`),
		"POST /calls/c1/support":   says(200, `{"url":"anydesk:1","later":true}`),
		"POST /calls/c2/support":   says(409, `{"title":"No.","status":409,"code":"no-ticket"}`),
		"POST /offers/c1-1/reject": hears(t, `{"reason":"busy"}`),
		"POST /calls/c2/follow-up": says(201, `{"call":"c3"}`),
	})
	at := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	if _, err := c.CallOut(t.Context(), "n1", "01 99 00 10 01"); err != nil {
		t.Error(err)
	}
	if _, err := c.FollowUp(t.Context(), "c1", Promise{At: at, Note: "facture", Mine: true}); err != nil {
		t.Error(err)
	}
	if id, err := c.FollowUp(t.Context(), "c2", Promise{At: at}); err != nil || id != "c3" {
		t.Errorf("promised %q, %v", id, err)
	}
	if link, err := c.Support(t.Context(), "c1", "anydesk", "1", cdr.SupportSent); err != nil || link != (SupportLink{URL: "anydesk:1", Later: true}) {
		t.Errorf("%+v, %v", link, err)
	}
	if _, err := c.Support(t.Context(), "c2", "anydesk", "1", cdr.SupportSent); Code(err) != "no-ticket" {
		t.Error(err)
	}
	if err := c.RejectFor(t.Context(), "c1-1", "busy"); err != nil {
		t.Error(err)
	}
}
