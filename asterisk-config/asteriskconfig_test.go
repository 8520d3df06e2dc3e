package asteriskconfig

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the golden files under testdata")

func labParams() Params {
	return Params{
		EntityID: "02:00:00:00:00:01",
		Dirs: Dirs{
			Config: "/lab/etc", Modules: "/usr/lib/asterisk/modules", Var: "/lab/lib", Data: "/lab/data",
			Spool: "/lab/spool", Run: "/lab/run", Log: "/lab/log", Music: "/usr/share/asterisk/moh",
		},
		SIP:         netip.MustParseAddrPort("127.0.0.1:5060"),
		HTTP:        netip.MustParseAddrPort("127.0.0.1:8088"),
		ARIUser:     "linekeeper",
		ARIPassword: "linekeeper-lab",
		App:         "linekeeper",
		RTPFirst:    10000, RTPLast: 14999,
		HostIPv4:    []netip.Addr{netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("198.51.100.7")},
		CallersFrom: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Numbers:     []Number{{"0199000001", "fr"}, {"0199000002", "en"}},
		Away:        Away{Tries: 15, Every: 2 * time.Second},
		Trunk:       netip.MustParseAddrPort("127.0.0.1:5180"),
		Bench:       2, BenchNumber: "0199000008", BenchContact: netip.MustParseAddrPort("127.0.0.1:5170"),
	}
}

// The whole configuration is reviewed as a diff of its golden files; run with
// -rewrite after a wanted change.
func TestRenderMatchesTheGoldenFiles(t *testing.T) {
	for name, p := range map[string]Params{"lab": labParams(), "trunk": trunkParams()} {
		t.Run(name, func(t *testing.T) {
			golden := filepath.Join("testdata", name)
			if *rewrite {
				if err := os.RemoveAll(golden); err != nil {
					t.Fatal(err)
				}
				if err := Render(golden, p); err != nil {
					t.Fatal(err)
				}
			}
			dir := t.TempDir()
			if err := Render(dir, p); err != nil {
				t.Fatal(err)
			}
			compareDirs(t, dir, golden)
		})
	}
}

// trunkParams is a node that listens to the world: no ICE disguise, no bench,
// a fallback number, and a trunk as extra text.
func trunkParams() Params {
	p := labParams()
	p.SIP = netip.MustParseAddrPort("203.0.113.10:5060")
	p.CallersFrom = []netip.Prefix{netip.MustParsePrefix("203.0.113.64/28")}
	p.Bench, p.BenchNumber, p.Trunk = 0, "", netip.AddrPort{}
	p.Away.Dial = "PJSIP/+33199000100@trunk"
	p.Extra = map[string]string{"pjsip.conf": "[trunk]\ntype = endpoint\n"}
	return p
}

// Nobody is an endpoint by its name alone: Asterisk knows each by a secret or by the
// address that calls come from.
func TestNoEndpointIsKnownByItsNameAlone(t *testing.T) {
	p := labParams()
	dir := t.TempDir()
	if err := Render(dir, p); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "pjsip.conf"))
	if err != nil {
		t.Fatal(err)
	}
	endpoints, templates := 0, map[string]string{}
	for _, section := range strings.Split(string(text), "\n[")[1:] {
		name, rest, _ := strings.Cut(section, "]")
		header, body, _ := strings.Cut(rest, "\n")
		if header == "(!)" {
			templates["("+name+")"] = body
			continue
		}
		body = templates[header] + body
		if !strings.Contains(body, "type = endpoint\n") {
			continue
		}
		endpoints++
		if !strings.Contains(body, "\nidentify_by = ip\n") && !strings.Contains(body, "\nauth = ") {
			t.Errorf("%s is whoever says so:\n%s", name, body)
		}
	}
	if want := 2 + p.Bench; endpoints != want {
		t.Errorf("%d endpoints are looked at, want %d", endpoints, want)
	}
}

func compareDirs(t *testing.T, got, want string) {
	t.Helper()
	wantFiles, err := os.ReadDir(want)
	if err != nil {
		t.Fatal(err)
	}
	gotFiles, err := os.ReadDir(got)
	if err != nil {
		t.Fatal(err)
	}
	if len(gotFiles) != len(wantFiles) {
		t.Errorf("%d files rendered, %d golden", len(gotFiles), len(wantFiles))
	}
	for _, f := range wantFiles {
		w, werr := os.ReadFile(filepath.Join(want, f.Name()))
		g, gerr := os.ReadFile(filepath.Join(got, f.Name()))
		if werr != nil || gerr != nil {
			t.Fatal(werr, gerr)
		}
		if !bytes.Equal(w, g) {
			t.Errorf("%s differs from its golden file:\n%s", f.Name(), g)
		}
	}
}

// A value that could break out of its line must never reach a file.
func TestRenderRefusesWhatItCannotWriteSafely(t *testing.T) {
	cases := map[string]func(*Params){
		"entity ID":             func(p *Params) { p.EntityID = "lab" },
		"ARI user":              func(p *Params) { p.ARIUser = "a]\n[b" },
		"ARI password":          func(p *Params) { p.ARIPassword = "with;comment" },
		"application":           func(p *Params) { p.App = "x,evil" },
		"RTP ports":             func(p *Params) { p.RTPLast = p.RTPFirst },
		"the first is even":     func(p *Params) { p.RTPFirst++ },
		"trunk":                 func(p *Params) { p.Trunk = netip.AddrPortFrom(p.Trunk.Addr(), 0) },
		"run folder":            func(p *Params) { p.Dirs.Run = "/" + strings.Repeat("long/", 30) },
		"log folder":            func(p *Params) { p.Dirs.Log = "relative" },
		"number \"1;2\"":        func(p *Params) { p.Numbers[0].Dialled = "1;2" },
		"there twice":           func(p *Params) { p.Numbers[1] = p.Numbers[0] },
		"language":              func(p *Params) { p.Numbers[0].Language = "fr)\n" },
		"Technology/":           func(p *Params) { p.Away.Dial = "PJSIP/x,30,g" },
		"tries":                 func(p *Params) { p.Away.Every = 1500 * time.Millisecond },
		"outside loopback":      func(p *Params) { p.HostIPv4[0] = netip.MustParseAddr("127.0.0.1") },
		"no network":            func(p *Params) { p.CallersFrom = nil },
		"number of its own":     func(p *Params) { p.BenchNumber = "0199000001" },
		"there is no such file": func(p *Params) { p.Extra = map[string]string{"../x": "y"} },
	}
	for want, spoil := range cases {
		p := labParams()
		spoil(&p)
		dir := filepath.Join(t.TempDir(), "etc")
		err := Render(dir, p)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not say %q", err, want)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: files were written all the same", want)
		}
	}
}

// What flows, queues and callbacks play. A part is played with others before or
// after it.
func wantedPrompts() (sentences, parts []string) {
	sentences = []string{
		"welcome", "menu-support", "invalid", "no-input", "goodbye", "please-wait", "ask-ticket", "apology",
		"queue-place-next", "queue-wait-less-than-one", "queue-thanks", "queue-closed", "queue-full",
		"callback-confirm-keys", "callback-ask-number", "callback-window-now", "callback-window-choose",
		"callback-done", "callback-connecting", "callback-kept", "callback-cancelled", "recording-notice", "voicemail-intro", "voicemail-thanks",
	}
	parts = []string{
		"queue-place-before", "queue-wait-between", "queue-wait-and", "queue-wait-minute", "queue-wait-minutes",
		"queue-wait-more-than", "queue-callback-offer", "callback-confirm-number", "callback-window-between",
		"callback-window-hour-and", "callback-window-hour-key", "n-1f", "n-21f", "n-31f", "n-41f", "n-51f",
	}
	for n := range 61 {
		parts = append(parts, fmt.Sprintf("n-%d", n))
	}
	for d := range 10 {
		parts = append(parts, fmt.Sprintf("d-%d", d))
	}
	return sentences, parts
}

// Each exists in both languages, in the one format every Asterisk plays without
// a codec, loud enough and short enough to be heard out.
func TestPromptsAreCompleteAndPlayable(t *testing.T) {
	dir := t.TempDir()
	if err := WritePrompts(dir); err != nil {
		t.Fatal(err)
	}
	sentences, parts := wantedPrompts()
	for _, language := range Languages() {
		for _, name := range sentences {
			checkWAV(t, filepath.Join(dir, language, "linekeeper", name+".wav"), 1, 10)
		}
		for _, name := range parts {
			checkWAV(t, filepath.Join(dir, language, "linekeeper", name+".wav"), 0.2, 4)
		}
	}
	want := slices.Sorted(slices.Values(append(sentences, parts...)))
	if got := PromptNames(); !slices.Equal(got, want) {
		t.Errorf("prompts are %q, want %q", got, want)
	}
}

func checkWAV(t *testing.T, path string, least, most float64) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	le := binary.LittleEndian
	if len(b) < 44 || string(b[:4]) != "RIFF" || string(b[36:40]) != "data" ||
		le.Uint16(b[20:]) != 1 || le.Uint16(b[22:]) != 1 || le.Uint32(b[24:]) != 8000 || le.Uint16(b[34:]) != 16 {
		t.Errorf("%s is not PCM, mono, 8 kHz, 16 bit", path)
		return
	}
	peak := 0
	for i := 44; i+1 < len(b); i += 2 {
		peak = max(peak, int(int16(le.Uint16(b[i:]))), -int(int16(le.Uint16(b[i:]))))
	}
	seconds := float64(len(b)-44) / 16000
	if seconds < least || seconds > most || peak < 16000 || peak >= 32000 {
		t.Errorf("%s: %.2f s, peak %d: want %g to %g s, peak 16000 to 32000", path, seconds, peak, least, most)
	}
}

func TestLocalIPv4NeverListsLoopback(t *testing.T) {
	found, err := LocalIPv4()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range found {
		if !a.Is4() || a.IsLoopback() {
			t.Errorf("%s cannot be an ICE host candidate", a)
		}
	}
}
