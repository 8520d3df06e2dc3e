package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// driver is the browser's process. Several may act at once.
type driver struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	done chan struct{} // closed when it says nothing more

	mu      sync.Mutex
	next    int
	waiting map[int]chan answer
}

// answer is what became of an act.
type answer struct {
	ID    int
	Value json.RawMessage
	Error string
}

// browser is the driver, started when first needed.
func (s *stack) browser(t testing.TB) *driver {
	t.Helper()
	if s.driver != nil {
		return s.driver
	}
	web, err := filepath.Abs(filepath.Join(root, "agentdesk/web"))
	if err != nil {
		t.Fatal(err)
	}
	if missing(filepath.Join(web, "node_modules/playwright-core")) {
		t.Fatal("playwright-core is not installed: run `make web` first")
	}
	microphone := filepath.Join(s.dir, "microphone.wav")
	if err := os.WriteFile(microphone, humAndHush(), 0o600); err != nil {
		t.Fatal(err)
	}
	d := &driver{cmd: exec.Command("node", "browser/driver.mjs", web, microphone), done: make(chan struct{}), waiting: map[int]chan answer{}}
	d.cmd.Stderr = os.Stderr
	if d.in, err = d.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	begun := make(chan answer, 1)
	d.waiting[0] = begun
	if err := d.cmd.Start(); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	go d.listen(out)
	if _, err := d.of(begun); err != nil {
		t.Fatalf("start the browser: %v", errors.Join(err, d.close()))
	}
	s.driver = d
	return d
}

func (d *driver) close() error {
	if err := d.in.Close(); err != nil {
		return err
	}
	killer := time.AfterFunc(15*time.Second, func() { _ = d.cmd.Process.Kill() })
	defer killer.Stop()
	<-d.done
	return d.cmd.Wait()
}

// do has the browser do one thing.
func (d *driver) do(act string, args map[string]any) (json.RawMessage, error) {
	told, err := d.ask(act, args)
	if err != nil {
		return nil, fmt.Errorf("the browser is gone: %w", err)
	}
	return d.of(told)
}

// ask says what is to be done, and where the answer will be.
func (d *driver) ask(act string, args map[string]any) (<-chan answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next++
	line := map[string]any{"id": d.next, "act": act}
	maps.Copy(line, args)
	data, err := json.Marshal(line)
	if err != nil {
		return nil, err
	}
	told := make(chan answer, 1)
	d.waiting[d.next] = told
	_, err = d.in.Write(append(data, '\n'))
	return told, err
}

// of waits for an answer.
func (d *driver) of(told <-chan answer) (json.RawMessage, error) {
	var a answer
	select {
	case a = <-told:
	case <-d.done:
		select {
		case a = <-told:
		default:
			return nil, errors.New("the browser is gone")
		}
	}
	if a.Error != "" {
		return nil, errors.New(a.Error)
	}
	return a.Value, nil
}

// listen hands the browser's answers to who waits for them.
func (d *driver) listen(out io.Reader) {
	defer close(d.done)
	for lines := json.NewDecoder(out); ; {
		var a answer
		if lines.Decode(&a) != nil {
			return
		}
		d.mu.Lock()
		told := d.waiting[a.ID]
		delete(d.waiting, a.ID)
		d.mu.Unlock()
		if told != nil {
			told <- a
		}
	}
}

// page is one person's browser, open at the console.
type page struct {
	t    testing.TB
	s    *stack
	d    *driver
	name string
}

// console signs somebody in on a page of their own and waits until it is live.
// At the end of the test the agent is offline.
func (s *stack) console(t testing.TB, name string) *page {
	t.Helper()
	p := s.signIn(t, name, name+"-lab")
	p.await(id("live-status")+"[data-status=live]", "")
	t.Cleanup(p.signOut)
	return p
}

// signIn opens a page and tries to sign in. At the end of the test the page is
// closed; when the test has failed, its trace and picture are kept.
func (s *stack) signIn(t testing.TB, name, password string) *page {
	t.Helper()
	p := &page{t: t, s: s, d: s.browser(t), name: name}
	p.do("open", map[string]any{"url": s.env["LAB_HTTP"] + "/"})
	t.Cleanup(p.close)
	p.fill("input[name=name]", name)
	p.fill("input[name=password]", password)
	p.click("sign-submit")
	return p
}

// in is the same page in a subtest.
func (p *page) in(t testing.TB) *page {
	sub := *p
	sub.t = t
	return &sub
}

func (p *page) close() {
	args := map[string]any{"page": p.name}
	if p.t.Failed() {
		p.keep()
		args["trace"] = filepath.Join(p.s.artefacts, p.t.Name()+"-"+p.name+".zip")
	}
	if _, err := p.d.do("close", args); err != nil {
		p.t.Errorf("close %s's page: %v", p.name, err)
	}
}

// signOut takes the page's agent offline, whatever the page still can do.
func (p *page) signOut() {
	ctx, cancel := soon()
	defer cancel()
	desk := deskclient.Dial(p.s.env["LAB_HTTP"])
	defer desk.Close()
	session, err := desk.SignIn(ctx, p.name, p.name+"-lab")
	switch {
	case err != nil || session.Agent == "":
	case p.t.Failed():
		err = p.takenOffline(ctx, desk)
	default:
		_, err = desk.SetState(ctx, "me", cdr.Offline, "")
	}
	if err != nil {
		p.t.Errorf("sign %s out: %v", p.name, err)
	}
}

// keep keeps a picture of the page, and what it complained about.
func (p *page) keep() {
	_, _ = p.d.do("shot", map[string]any{"page": p.name, "path": filepath.Join(p.s.artefacts, p.t.Name()+"-"+p.name+".png")})
	if said, err := p.d.do("said", map[string]any{"page": p.name}); err == nil && string(said) != "[]" {
		p.t.Logf("%s's page says: %s", p.name, said)
	}
}

func (p *page) do(act string, args map[string]any) json.RawMessage {
	p.t.Helper()
	args["page"] = p.name
	value, err := p.d.do(act, args)
	if err != nil {
		p.t.Fatalf("%s's page: %s %v: %v", p.name, act, args, err)
	}
	return value
}

// id is the selector of a data-testid.
func id(testid string) string { return "[data-testid=" + testid + "]" }

func (p *page) click(testid string) {
	p.t.Helper()
	p.do("click", map[string]any{"at": id(testid)})
}

func (p *page) check(testid string) {
	p.t.Helper()
	p.do("check", map[string]any{"at": id(testid)})
}

func (p *page) fill(selector, text string) {
	p.t.Helper()
	p.do("fill", map[string]any{"at": selector, "text": text})
}

// await waits until something is on the page, with a text unless that is "".
func (p *page) await(selector, text string) {
	p.t.Helper()
	p.do("wait", map[string]any{"at": selector, "text": text})
}

func (p *page) text(selector string) string {
	p.t.Helper()
	return as[string](p, p.do("text", map[string]any{"at": selector}))
}

func (p *page) attribute(selector, name string) string {
	p.t.Helper()
	return as[string](p, p.do("attribute", map[string]any{"at": selector, "name": name}))
}

func (p *page) count(selector string) int {
	p.t.Helper()
	return as[int](p, p.do("count", map[string]any{"at": selector}))
}

// shows asserts the text of something.
func (p *page) shows(selector, want string) {
	p.t.Helper()
	if got := p.text(selector); !strings.Contains(got, want) {
		p.t.Errorf("%s's page shows %q at %s, not %q", p.name, got, selector, want)
	}
}

// evaluate runs an expression in the page. (It comes by the browser's own door:
// the page's Content-Security-Policy forbids eval.)
func evaluate[T any](p *page, js string) T {
	p.t.Helper()
	return as[T](p, p.do("evaluate", map[string]any{"js": js}))
}

func as[T any](p *page, value json.RawMessage) (v T) {
	p.t.Helper()
	if err := json.Unmarshal(value, &v); err != nil {
		p.t.Fatalf("%s's page: read %s: %v", p.name, value, err)
	}
	return v
}

// shot takes a picture in each language, when E2E_SHOTS names a folder. The page
// is French before and after.
func (p *page) shot(name string) {
	p.t.Helper()
	dir := os.Getenv("E2E_SHOTS")
	if dir == "" {
		return
	}
	take := func(language string) {
		p.do("shot", map[string]any{"path": filepath.Join(dir, name+"."+language+".png")})
	}
	take("fr")
	p.click("language-en")
	p.await("html[lang=en]", "")
	take("en")
	p.click("language-fr")
	p.await("html[lang=fr]", "")
}

// accessible asserts that the page breaks no rule of WCAG 2.2 AA that axe knows.
func (p *page) accessible() {
	p.t.Helper()
	for _, v := range as[[]string](p, p.do("axe", map[string]any{})) {
		p.t.Errorf("%s's page is not accessible: %s", p.name, v)
	}
}
