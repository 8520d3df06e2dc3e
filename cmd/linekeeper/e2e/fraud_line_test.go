package e2e

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"linekeeper/cdr"
	"linekeeper/queue/store"
)

// A SIP phone of somebody's own in their signed-in page: JsSIP as the console has it,
// used as its owner did not mean it.

// lineJS makes a user agent of the page's own libraries. It registers as config says
// and calls what it is told; what comes of it is the answer's status, 0 for none.
const lineJS = `(async ({ config, call }) => {
	const asset = [...document.querySelectorAll("link[rel=modulepreload]")].map((l) => l.href)
		.concat(performance.getEntriesByType("resource").map((r) => r.name)).find((n) => /JsSIP-/.test(n));
	const { default: sip } = await import(asset);
	const url = new URL("/sip", location.href);
	url.protocol = "ws:";
	const ua = new sip.UA({ sockets: [new sip.WebSocketInterface(url.href)], session_timers: false, ...config });
	const come = (resolve) => {
		if (!call) {
			ua.on("registered", ({ response }) => resolve(response.status_code));
			ua.on("registrationFailed", ({ response }) => resolve(response ? response.status_code : 0));
			return;
		}
		ua.on("connected", () => {
			const session = ua.call(call, {
				mediaConstraints: { audio: true, video: false },
				eventHandlers: {
					failed: ({ message }) => resolve(message?.status_code ?? 0),
					confirmed: () => { resolve(200); session.terminate(); },
				},
			});
		});
	};
	const status = await new Promise((resolve) => { come(resolve); ua.start(); });
	ua.stop();
	return status;
})(%s)`

// line is what comes of a registration, or of a call if one is to be made.
func (p *page) line(user, password, call string) int {
	p.t.Helper()
	registers := call == ""
	if call != "" {
		call = "sip:" + call + "@linekeeper"
	}
	config := fmt.Sprintf(`{config: {uri: "sip:%s@linekeeper", authorization_user: %q, password: %q, register: %t}, call: %q}`, user, user, password, registers, call)
	return evaluate[int](p, fmt.Sprintf(lineJS, config))
}

// frameJS sends one frame to the phones' door, and tells the status of the answer or,
// if there is none, the code it is closed with.
const frameJS = `new Promise((done) => {
	const url = new URL("/sip", location.href);
	url.protocol = "ws:";
	const socket = new WebSocket(url, "sip");
	socket.onopen = () => socket.send(%q);
	socket.onmessage = ({ data }) => { done(Number(data.split(" ")[1])); socket.close(); };
	socket.onclose = ({ code }) => done(code);
})`

// inviteAs is an INVITE by hand, to a number, in a name.
func inviteAs(name, number, toTag string) string {
	return strings.Join([]string{
		"INVITE sip:" + number + "@linekeeper SIP/2.0", "Via: SIP/2.0/WS hand.invalid;branch=z9hG4bK" + rand.Text(), "Max-Forwards: 69",
		"To: <sip:" + number + "@linekeeper>" + toTag, "From: <sip:" + name + "@linekeeper>;tag=" + rand.Text(), "Call-ID: " + rand.Text(),
		"CSeq: 1 INVITE", "Contact: <sip:hand@hand.invalid;transport=ws>", "Content-Length: 0", "", "",
	}, "\r\n")
}

// frame is what comes of a frame.
func (p *page) frame(text string) int {
	p.t.Helper()
	return evaluate[int](p, fmt.Sprintf(frameJS, text))
}

// secret is what the page's own person registers with.
func (p *page) secret() string {
	p.t.Helper()
	return evaluate[string](p, `fetch("/api/v1/phone").then((r) => r.json()).then((phone) => phone.secret)`)
}

// TestAPhoneOfTheirOwn: Basile knows SIP. He gets no other's line, and from his own
// none to the world outside.
func TestAPhoneOfTheirOwn(t *testing.T) {
	w := desks(t)
	outside := w.outside(t)
	r := &races{world: w, floor: w.watch(t)}
	pages := w.seats(t, "adele", "basile")
	r.adele, r.basile = pages[0], pages[1]
	r.basile.rest(r.floor)
	own, guessed := r.basile.secret(), "guess"

	for what, try := range map[string]struct{ user, password string }{
		"a wrong password":                   {"basile", guessed},
		"another's name":                     {"adele", own},
		"another's name and a guess":         {"adele", guessed},
		"nobody's name":                      {"nobody", own},
		"the trunk's":                        {"trunk", own},
		"the callers'":                       {"callers", own},
		"a name that is none":                {"adele%00basile", own},
		"no password":                        {"adele", ""},
		"an agent of definitions of before":  {"alice", own},
		"the controller's account on the AR": {"linekeeper", guessed},
	} {
		if status := r.basile.line(try.user, try.password, ""); status != 401 && status != 403 && status != 404 {
			t.Errorf("registering with %s is answered with %d", what, status)
		}
	}
	if got := r.basile.asks("GET", "/phone?agent=adele", nil); got.Status == 200 && r.basile.secret() != own {
		t.Error("Basile is told another's secret")
	}

	// His own line does not lead out, whatever he dials: what he may dial he has
	// Linekeeper dial.
	for _, number := range []string{"0899700000", "+33899700000", "00882161234567", "112", "0144001001", "0199005601", "+33199005601", "trunk"} {
		if status := r.basile.line("basile", own, number); status < 400 {
			t.Errorf("%s from Basile's own line is answered with %d", number, status)
		}
	}
	for _, user := range []string{"adele", "callers", "trunk"} {
		if status := r.basile.line(user, own, "0144001001"); status < 400 {
			t.Errorf("a call as %s is answered with %d", user, status)
		}
	}
	notDialled(t, outside)

	// Nor does he call in as somebody outside, by a name that Asterisk does not know.
	since, number := w.ledger.last(), w.number(w.files[store.FloorFile], "solo")
	for _, user := range []string{"+33699000001", "0699000001", "nobody"} {
		if status := r.basile.line(user, own, number); status != 403 {
			t.Errorf("a call in as %s is answered with %d", user, status)
		}
	}
	for what, try := range map[string]struct {
		frame string
		want  int
	}{
		"by hand":                       {inviteAs("+33699000001", number, ""), 403},
		"as if it belonged to a call":   {inviteAs("+33699000001", number, ";tag=none"), 481},
		"behind a message of his own":   {inviteAs("basile", number, "") + inviteAs("+33699000001", number, ""), 1008},
		"with a second name":            {strings.Replace(inviteAs("basile", number, ""), "Contact:", "f: <sip:+33699000001@linekeeper>;tag=x\r\nContact:", 1), 1008},
		"with a line's end of its own":  {strings.Replace(inviteAs("basile", number, ""), "Contact:", "Subject: x\nFrom: <sip:+33699000001@linekeeper>;tag=x\r\nContact:", 1), 1008},
		"in his own name, escaped once": {inviteAs("%62asile", number, ""), 403},
	} {
		if got := r.basile.frame(try.frame); got != try.want {
			t.Errorf("a call in %s is answered with %d, want %d", what, got, try.want)
		}
	}
	w.denied(t, "basile", "use-phone")

	// Nobody's line has suffered.
	rung := r.adele.invites()
	r.adele.beReady()
	c := r.calls(t, "solo")
	if came := w.ledger.await(t, "somebody calls", since, func(f cdr.Fact) bool { return f.Kind() == cdr.KindArrived }); came.Call != c.id {
		t.Errorf("before the caller came %+v", came)
	}
	r.adele.ringsAt(rung)
	r.adele.click("answer")
	r.adele.await(id("connected"), "")
	heardBothWays(r.adele, c)
	hangUp(t, c.Call)
	r.settled(t, c)
	notDialled(t, outside)
}

// TestALineAfterItsSession: the way in is the session. Without one nobody gets to the
// phones' door, with a right password or not; and who was signed out stays out.
func TestALineAfterItsSession(t *testing.T) {
	w := desks(t)
	basile := w.seat(t, "basile")
	own := basile.secret()
	opens := func() bool {
		return evaluate[bool](basile, `new Promise((done) => {
			const url = new URL("/sip", location.href);
			url.protocol = "ws:";
			const socket = new WebSocket(url, "sip");
			socket.onopen = () => { done(true); socket.close(); };
			socket.onerror = () => done(false);
		})`)
	}
	if !opens() || own == "" {
		t.Fatal("Basile's own line does not open")
	}
	basile.click("sign-out")
	basile.await(id("sign-submit"), "")
	if opens() {
		t.Error("the phones' door is open to who has signed out")
	}
	if got := basile.asks("GET", "/phone", nil); got.Status != 401 {
		t.Errorf("the phone's secret after a sign-out: %+v", got)
	}
	until(t, "Basile's phone is not registered any more", patient, func() error {
		var endpoint struct{ State string }
		if err := w.askARI("/endpoints/PJSIP/basile", &endpoint); err != nil {
			return err
		}
		if endpoint.State == "online" {
			return fmt.Errorf("it is online")
		}
		return nil
	})
}
