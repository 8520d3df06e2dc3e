package e2e

import (
	"errors"
	"fmt"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// What happens to a page besides clicks (browser/troubles.mjs).

// ownSeat opens an agent's console in a browser that is theirs alone, as people have
// it: tabs stand behind others, and what the browser allows can be taken away.
func (s *stack) ownSeat(t testing.TB, name string, way *cable) *page {
	t.Helper()
	p := &page{t: t, s: s, d: s.browser(t), name: name}
	p.do("window", map[string]any{"url": way.url + "/", "permissions": map[string]string{"microphone": "granted"}})
	t.Cleanup(p.close)
	p.fill("input[name=name]", name)
	p.fill("input[name=password]", name+"-lab")
	p.click("sign-submit")
	t.Cleanup(p.signOut)
	p.atDesk()
	return p
}

// permit has the browser allow something or not: "granted" or "denied".
func (p *page) permit(what, setting string) {
	p.t.Helper()
	p.do("permit", map[string]any{"name": what, "setting": setting})
}

// sleeps has the browser put the tab to sleep, or wake it.
func (p *page) sleeps(on bool) {
	p.t.Helper()
	p.do("sleep", map[string]any{"on": on})
}

// offline takes the page's network away, with all that was open, or gives it back.
func (p *page) offline(on bool) {
	p.t.Helper()
	p.do("offline", map[string]any{"on": on})
	if on {
		for _, path := range []string{liveSocket, sipSocket} {
			evaluate[int](p, `window.e2e.cut("`+path+`")`)
		}
	}
}

// slow has the page's own thread run so many times slower.
func (p *page) slow(rate int) {
	p.t.Helper()
	p.do("slow", map[string]any{"rate": rate})
}

// behind puts another tab in front of the page, or the page in front again.
func (p *page) behind(on bool) {
	p.t.Helper()
	p.do("behind", map[string]any{"on": on})
	until(p.t, fmt.Sprintf("%s's page is hidden: %t", p.name, on), patient, func() error {
		if evaluate[bool](p, "document.hidden") != on {
			return errors.New("it is not")
		}
		return nil
	})
}

// types writes into what has the focus, key by key.
func (p *page) types(text string) {
	p.t.Helper()
	p.do("type", map[string]any{"text": text})
}

// tabTo goes with the Tab key to something that is to be reached by it.
func (p *page) tabTo(testid string) {
	p.t.Helper()
	p.tabOnto(id(testid))
}

// tabOnto is the same by a selector.
func (p *page) tabOnto(selector string) {
	p.t.Helper()
	const far = 200
	there := fmt.Sprintf("document.activeElement?.matches(%q) ?? false", selector)
	for range far {
		p.press("Tab")
		if evaluate[bool](p, there) {
			return
		}
	}
	p.t.Fatalf("%s's page: Tab does not lead to %s", p.name, selector)
}

// enters goes with the Tab key to something, and presses it.
func (p *page) enters(selector string) {
	p.t.Helper()
	p.tabOnto(selector)
	p.press("Enter")
}

// begins waits until the focus has come to something by itself.
func (p *page) begins(testid string) {
	p.t.Helper()
	until(p.t, testid+" has the focus", patient, func() error { return p.focusOn(testid) })
}

// focusOn says whether something has the focus, and if not, what has it.
func (p *page) focusOn(testid string) error {
	p.t.Helper()
	if has := evaluate[string](p, `document.activeElement?.dataset.testid ?? document.activeElement?.tagName ?? ""`); has != testid {
		return fmt.Errorf("%q has it", has)
	}
	return nil
}

// tells waits until something on the page says what is wrong, by a word and by a sign.
func (p *page) tells(selector string) {
	p.t.Helper()
	p.await(selector+" svg", "")
	if p.text(selector) == "" {
		p.t.Errorf("%s's page has no word at %s", p.name, selector)
	}
}

// gone waits until something is on the page no more.
func (p *page) gone(selector string) {
	p.t.Helper()
	until(p.t, p.name+"'s page has "+selector+" no more", patient, func() error {
		if n := p.count(selector); n > 0 {
			return fmt.Errorf("%d of them", n) // their text may be gone by now
		}
		return nil
	})
}

// accessibleInEveryLook asserts it of what is on the page by light and dark, in both
// languages and in a narrow window, where nothing stands beside the page either. The
// page is as before then.
func (p *page) accessibleInEveryLook() {
	p.t.Helper()
	look := func(scheme string, width int) {
		p.do("look", map[string]any{"scheme": scheme, "width": width, "height": 860})
	}
	p.accessible()
	look("dark", 1280)
	p.accessible()
	p.click("language-en")
	p.await("html[lang=en]", "")
	p.accessible()
	look("dark", 360)
	p.accessible()
	if wide := evaluate[int](p, "document.documentElement.scrollWidth"); wide > 360 {
		p.t.Errorf("%s's page is %d wide in a window of 360", p.name, wide)
	}
	look("light", 360)
	p.accessible()
	look("light", 1280)
	p.click("language-fr")
	p.await("html[lang=fr]", "")
}

// unasked asserts that a call waits and has been offered to nobody: the floor looks for
// somebody in the moment it comes, before it tells how long it will take.
func (c *listener) unasked(t testing.TB) {
	t.Helper()
	c.await(t, cdr.KindWaitEstimated)
	if n := c.count(cdr.KindOffered); n > 0 {
		t.Errorf("call %s was offered %d times:\n%s", c.id, n, tell(c.facts()))
	}
}

// phoneIs waits until the floor knows an agent's phone so.
func (r *races) phoneIs(t testing.TB, agent string, want cdr.PhoneState) {
	t.Helper()
	sees(t, fmt.Sprintf("%s's phone is %q", agent, want), r.floor, func(s deskclient.State) bool {
		return s.Agents[agent].Phone == want
	})
}
