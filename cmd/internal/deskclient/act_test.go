package deskclient

import (
	"context"
	"net/http"
	"testing"

	"linekeeper/cdr"
)

func TestActs(t *testing.T) {
	c := desk(t, map[string]http.HandlerFunc{
		"POST /calls/c1/hold":         hears(t, `{}`),
		"POST /calls/c1/resume":       hears(t, `{"party":"p1"}`),
		"POST /calls/c1/mute":         hears(t, `{"on":true}`),
		"POST /calls/c1/keys":         hears(t, `{"digits":"12#"}`),
		"POST /calls/c1/transfer":     hears(t, `{"kind":"queue","to":"n2","needs":[{"skill":"vpn","level":4}],"note":"VPN"}`),
		"POST /calls/c1/parties":      hears(t, `{"consult":true,"kind":"agent","to":"farid"}`),
		"DELETE /calls/c1/parties/p1": says(204, ""),
		"POST /calls/c1/swap":         says(204, ""),
		"POST /calls/c1/merge":        says(204, ""),
		"POST /calls/c1/complete":     hears(t, `{"party":"p1"}`),
		"POST /calls/c1/escalate":     says(200, `{"ticket":"9","moved":"done"}`),
		"POST /calls/c2/transfer":     says(403, `{"title":"No.","status":403,"code":"number-refused","detail":"premium","says":{"fr":"Non.","en":"No."}}`),
		"POST /calls/c2/parties":      says(409, `{"title":"No.","status":409,"code":"agent-not-ready"}`),
	})
	agent := Target{Kind: cdr.PartyAgent, To: "farid"}
	for what, do := range map[string]func(context.Context) error{
		"hold":   func(ctx context.Context) error { return c.Hold(ctx, "c1", "") },
		"resume": func(ctx context.Context) error { return c.Resume(ctx, "c1", "p1") },
		"mute":   func(ctx context.Context) error { return c.Mute(ctx, "c1", true) },
		"keys":   func(ctx context.Context) error { return c.PressKeys(ctx, "c1", "12#") },
		"transfer": func(ctx context.Context) error {
			return c.Transfer(ctx, "c1", Target{Kind: cdr.PartyQueue, To: "n2", Needs: []cdr.Need{{Skill: "vpn", Level: 4}}, Note: "VPN"})
		},
		"invite":   func(ctx context.Context) error { return c.Invite(ctx, "c1", agent, true) },
		"drop":     func(ctx context.Context) error { return c.Drop(ctx, "c1", "p1") },
		"swap":     func(ctx context.Context) error { return c.Swap(ctx, "c1") },
		"merge":    func(ctx context.Context) error { return c.Merge(ctx, "c1") },
		"complete": func(ctx context.Context) error { return c.Complete(ctx, "c1", "p1") },
	} {
		if err := do(t.Context()); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	out, err := c.Escalate(t.Context(), "c1", Escalation{Queue: "n2", Note: "VPN"})
	if err != nil || out != (Escalated{Ticket: "9", Moved: "done"}) {
		t.Errorf("escalated: %+v, %v", out, err)
	}
	if err := c.Transfer(t.Context(), "c2", agent); Code(err) != "number-refused" {
		t.Error(err)
	}
	if err := c.Invite(t.Context(), "c2", agent, false); Code(err) != "agent-not-ready" {
		t.Error(err)
	}
}
