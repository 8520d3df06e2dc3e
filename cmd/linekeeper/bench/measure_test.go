package bench

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/bpf"
)

func TestQuantilesAreNearestRanks(t *testing.T) {
	var all []time.Duration
	for i := 100; i > 0; i-- {
		all = append(all, time.Duration(i)*time.Millisecond)
	}
	if got, want := spreadOf(all), (Spread{N: 100, P50: 50, P90: 90, P99: 99, Max: 100}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := spreadOf(times(7)), (Spread{N: 1, P50: 7, P90: 7, P99: 7, Max: 7}); got != want {
		t.Errorf("one time: got %+v", got)
	}
	if got := spreadOf(nil); got != (Spread{}) {
		t.Errorf("no times: got %+v", got)
	}
}

// A command's name may hold anything; children that ended count.
func TestProcStat(t *testing.T) {
	line := "42 (post) gres (x) S 7 1 1 0 -1 4194304 1 2 3 4 150 50 30 20 20 0 1 0 100 1 1"
	got, err := parseStat([]byte(line))
	if want := (stat{parent: 7, total: 2500 * time.Millisecond}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for _, bad := range []string{"", "1 (a) S", "1 (a) S x 1 1 0 -1 4194304 1 2 3 4 150 50 30 20 1"} {
		if _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// A process is as old as it is: its start in hundredths of a second since boot.
func TestProcessesHaveAnAge(t *testing.T) {
	line := "42 (post) gres (x) S 7 1 1 0 -1 4194304 1 2 3 4 150 50 30 20 20 0 1 0 98765 1 1"
	if got, err := ageOf([]byte(line), []byte("1000.15 1800.00\n")); err != nil || got != 12500*time.Millisecond {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range [][2]string{{"", "1 1"}, {line, ""}, {"1 (a) S 2", "1 1"}, {line, "soon"}} {
		if got, err := ageOf([]byte(bad[0]), []byte(bad[1])); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
	if began, err := Started(os.Getpid()); err != nil || began.After(time.Now().Add(20*time.Millisecond)) || time.Since(began) > 24*time.Hour {
		t.Errorf("we started at %v, %v", began, err)
	}
}

// Phones hang up by themselves, or they wait to be hung up on: never both.
func TestScenariosAreWhole(t *testing.T) {
	for _, stay := range []bool{false, true} {
		l := load{dir: t.TempDir()}
		path, err := l.write("agent.xml", script{TalkLeast: 1, TalkMost: 2, Stay: stay})
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(text, new(struct{})); err != nil {
			t.Errorf("stay %t: no XML: %v", stay, err)
		}
		if waits, ends := bytes.Contains(text, []byte(`<recv request="BYE"`)), bytes.Contains(text, []byte("BYE [$contact]")); waits != stay || ends == stay {
			t.Errorf("stay %t: waits for a BYE %t, sends one %t", stay, waits, ends)
		}
	}
}

func TestOurOwnUsageIsCounted(t *testing.T) {
	for deadline := time.Now().Add(time.Minute); ; {
		_ = spreadOf(times(3, 2, 1))
		u, err := usageOf([]process{{name: "we", pid: os.Getpid()}})
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("got %v, %v after a minute of work", u, err)
		}
		if u["we"] > 0 {
			break // a busy machine may give us little for long
		}
	}
	if _, err := usageOf([]process{{name: "nobody", pid: 1 << 30}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a process that is not there: %v", err)
	}
}

// datagramOf is a datagram as a raw socket gives it, with so many words of IP options.
func datagramOf(options int, from, to uint16, text string) []byte {
	header := 20 + 4*options
	b := make([]byte, header+8+len(text))
	b[0] = 0x40 | byte(header/4)
	binary.BigEndian.PutUint16(b[header:], from)
	binary.BigEndian.PutUint16(b[header+2:], to)
	copy(b[header+8:], text)
	return b
}

func TestOnlyWhatBeginsAndEndsCallsIsHeard(t *testing.T) {
	vm, err := bpf.NewVM(begins("INVI", "BYE "))
	if err != nil {
		t.Fatal(err)
	}
	for text, heard := range map[string]bool{
		"INVITE sip:a SIP/2.0": true, "BYE sip:a SIP/2.0": true, "SIP/2.0 200 OK": false,
		"ACK sip:a SIP/2.0": false, "BYE": false, "": false, "\x80\x00\x01\x02": false,
	} {
		for _, options := range []int{0, 3} {
			n, err := vm.Run(datagramOf(options, 1, 2, text))
			if err != nil || n > 0 != heard {
				t.Errorf("%q with %d options: heard %d, %v", text, options, n, err)
			}
		}
	}
}

func TestDatagramsAreTakenApart(t *testing.T) {
	got, ok := datagram(datagramOf(2, 5060, 5170, "BYE"))
	if !ok || got.from != 5060 || got.to != 5170 || string(got.text) != "BYE" {
		t.Errorf("got %+v %v", got, ok)
	}
	for _, short := range [][]byte{nil, make([]byte, 19), datagramOf(0, 1, 2, "")[:27]} {
		if _, ok := datagram(short); ok {
			t.Errorf("%d bytes were taken for a datagram", len(short))
		}
	}
}

func TestPlans(t *testing.T) {
	if err := DefaultPlan().Validate(); err != nil {
		t.Errorf("the default plan: %v", err)
	}
	for why, change := range map[string]func(*Plan){
		"a rate of 0":     func(p *Plan) { p.Rates = []int{0} },
		"a ramp downward": func(p *Plan) { p.Ramp = []int{40, 20} },
		"no round":        func(p *Plan) { p.Rounds = 0 },
		"no time":         func(p *Plan) { p.Step = 0 },
		"an unknown one":  func(p *Plan) { p.Only = "both" },
	} {
		p := DefaultPlan()
		change(&p)
		if p.Validate() == nil {
			t.Errorf("%s was taken", why)
		}
	}
}

// Table and plot hold together whatever a run found, also nothing.
func TestResultsAreTold(t *testing.T) {
	empty, full := &Result{}, someResult()
	for _, r := range []*Result{empty, full} {
		if !strings.HasPrefix(r.Table(), "Linekeeper beside app_queue") {
			t.Errorf("the table: %s", r.Table())
		}
		d := xml.NewDecoder(strings.NewReader(string(r.Plot())))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("the plot is no XML: %v", err)
			}
		}
		if plot := string(r.Plot()); strings.Contains(plot, "NaN") || strings.Contains(plot, "Inf") {
			t.Errorf("the plot has places that are none: %s", plot)
		}
	}
	for _, line := range []string{
		"target at 5 calls/s p50 ≤ 1.5×: 1.33×, met", "target at 5 calls/s p99 ≤ 2.0×: 2.50×, MISSED",
		"target 150 calls/s held: 40, MISSED", "CPU of a call ≤ 3× (at 40 calls/s): 2.00×, met",
		"linekeeper holds 40 calls/s", "app_queue holds 80 calls/s", "99 of 100, MISSED",
	} {
		if !strings.Contains(full.Table(), line) {
			t.Errorf("the table lacks %q:\n%s", line, full.Table())
		}
	}
}

func someResult() *Result {
	r := &Result{Records: Records{Calls: 100, Found: 99}}
	r.Arrivals = []Pair{{
		Rate: 5, AppQueue: Spread{N: 10, P50: 3, P99: 4}, Linekeeper: Spread{N: 10, P50: 4, P99: 10},
		AppQueueCurve: curve(times(1, 2, 3)), LinekeeperCurve: curve(times(2, 3, 40)),
	}}
	r.addFree(Linekeeper, times(5, 6, 7))
	r.addFree(AppQueue, times(500, 900))
	cpu := map[string]float64{"asterisk": 0.005}
	twice := map[string]float64{"asterisk": 0.006, "linekeeper": 0.003, "postgres": 0.001}
	r.Ramp = []Step{
		{System: AppQueue, Rate: 40, Held: true, CPU: cpu},
		{System: Linekeeper, Rate: 40, Held: true, CPU: twice},
		{System: Linekeeper, Rate: 80, Lost: 1, CPU: twice},
		{System: AppQueue, Rate: 80, Held: true, CPU: cpu},
	}
	return r
}
