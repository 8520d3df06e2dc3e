package e2e

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/queue/store"
)

// ten people of testdata/desks, each with a console and its softphone.
var ten = []string{"adele", "basile", "clara", "denis", "elsa", "felix", "ginette", "henri", "iris", "joel"}

// employTen gives them their accounts, once.
var employTen sync.Once

// desks puts the definitions of the browsers' tests in force for one test, and the
// lab's own again after it.
func desks(t *testing.T) *world {
	t.Helper()
	s := begin(t)
	employTen.Do(func() { s.employ(t, ten...) })
	files := readFloor(t, "desks")
	files["flows/ask.yaml"] = fmt.Sprintf(aMenuFirst, "Facturation", "both")
	return s.under(t, files)
}

// readFloor is the definitions of a folder of testdata, with a flow and a number for
// each queue.
func readFloor(t testing.TB, folder string) store.Files {
	t.Helper()
	text, err := os.ReadFile("testdata/" + folder + "/floor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var none *world
	files, floor := store.Files{store.DirectoryFile: "contacts: []\n"}, string(text)+"\nnumbers:\n"
	for _, id := range lines(floor) {
		files["flows/to-"+id+".yaml"] = fmt.Sprintf(intoQueue, id, "")
		floor += fmt.Sprintf("  - {number: %q, flow: to-%s}\n", none.number(floor, id), id)
	}
	files[store.FloorFile] = floor
	return files
}

// seat opens an agent's console and waits until its phone can ring.
func (s *stack) seat(t testing.TB, name string) *page {
	t.Helper()
	p := s.light(t, name)
	p.atDesk()
	return p
}

// light opens a console with no trace kept of it, and waits until it is live. At the
// end of the test an agent is offline and the page closed.
func (s *stack) light(t testing.TB, name string) *page {
	t.Helper()
	p := &page{t: t, s: s, d: s.browser(t), name: name}
	p.do("open", map[string]any{"url": s.env["LAB_HTTP"] + "/", "light": true})
	t.Cleanup(p.close)
	p.fill("input[name=name]", name)
	p.fill("input[name=password]", name+"-lab")
	p.click("sign-submit")
	t.Cleanup(p.signOut)
	p.await(id("live-status")+"[data-status=live]", "")
	return p
}

// atDesk waits until the page is live and its phone can ring.
func (p *page) atDesk() {
	p.t.Helper()
	p.await(id("live-status")+"[data-status=live]", "")
	p.await(id("phone-status")+"[data-status=registered]", "")
	p.await(id("mic-status")+"[data-status=ready]", "")
}

// seats opens consoles one after the other, as people come in.
func (s *stack) seats(t testing.TB, names ...string) (pages []*page) {
	t.Helper()
	for _, name := range names {
		pages = append(pages, s.seat(t, name))
	}
	return pages
}

// each has everybody do something in their own browser at once, and returns when all
// have.
func each(t testing.TB, pages []*page, do func(p *page)) {
	t.Helper()
	var all sync.WaitGroup
	for _, p := range pages {
		all.Go(func() { do(p) })
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// beReady presses the button and waits until the board says so.
func (p *page) beReady() {
	p.t.Helper()
	p.click("ready")
	p.await(id("state")+"[data-state=ready]", "")
}

// press presses keys, as the page's shortcuts are written: Alt+Shift+R.
func (p *page) press(keys string) {
	p.t.Helper()
	p.do("press", map[string]any{"keys": keys})
}

// complaints asserts that the page has said no error. (That nobody is signed in yet is
// none, though the browser takes it for one.)
func (p *page) complaints() {
	p.t.Helper()
	for _, said := range as[[]string](p, p.do("said", map[string]any{})) {
		if !strings.Contains(said, "status of 401") {
			p.t.Errorf("%s's page says %s", p.name, said)
		}
	}
}

// crashes asserts that no script of the page has failed. (What the server refused, and
// a socket that was cut, are not the page's.)
func (p *page) crashes() {
	p.t.Helper()
	for _, said := range as[[]string](p, p.do("said", map[string]any{})) {
		if strings.HasPrefix(said, "error: ") {
			p.t.Errorf("%s's page says %s", p.name, said)
		}
	}
}

// heap is what a page holds after a collection.
type heap struct{ Bytes, Nodes int }

func (p *page) heap() heap {
	p.t.Helper()
	return as[heap](p, p.do("heap", map[string]any{}))
}

// heardBothWays asserts that the caller hears the agent's microphone and the agent
// the caller's tone: sound, not packets alone.
func heardBothWays(p *page, c *listener) {
	p.t.Helper()
	p.await(id("audio")+"[data-status=on]", "")
	const tone = 1e-4 // of energy: a twentieth of a second of the caller's
	heard, loud, first := c.Heard(), c.Loud(), evaluate[audio](p, audioNow)
	until(p.t, p.name+" and "+c.number+" hear each other", patient, func() error {
		now := evaluate[audio](p, audioNow)
		if now.In-first.In < 25 || now.InEnergy-first.InEnergy < tone || c.Heard()-heard < 25 || c.Loud() == loud {
			return fmt.Errorf("the page: %+v after %+v; the caller: %d heard, %d of them loud", now, first, c.Heard()-heard, c.Loud()-loud)
		}
		return nil
	})
}

// wrapsUp closes the call in hand with a note of its own.
func (p *page) wrapsUp(note string) {
	p.t.Helper()
	p.await(id("wrap-up"), "")
	p.check("disposition-resolved")
	p.fill(id("note"), note)
	p.click("close")
	p.await(id("state")+"[data-state=ready]", "")
}

// rest brings an agent to where each part begins, whatever their page can do: no
// wrap-up open, and taking no calls.
func (p *page) rest(floor *deskclient.Live) {
	p.t.Helper()
	ctx, cancel := soon()
	defer cancel()
	desk := deskclient.Dial(p.s.env["LAB_HTTP"])
	defer desk.Close()
	if _, err := desk.SignIn(ctx, p.name, p.name+"-lab"); err != nil {
		p.t.Fatal(err)
	}
	if err := takeOff(desk, floor, p.name, cdr.NotReady, "pause"); err != nil {
		p.t.Fatalf("%s does not come to rest: %v", p.name, err)
	}
}
