package e2e

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/deploy/lab"
	"linekeeper/queue/store"
)

// acd is one of the two that have the same queues: Asterisk's own app_queue, and
// Linekeeper.
type acd interface {
	file() string               // its queue_log
	number(queue string) string // that leads into a queue
	colleague() string          // what Inès dials to have Jules
	ready(testing.TB, *agent)
	pause(testing.TB, *agent)
	joins(t testing.TB, agent string, here bool)
}

// besides is the lab with the same queues twice, and who serves them.
type besides struct {
	*world
	queues         []string
	manager        int // the port of Asterisk's AMI, which is shut in the lab otherwise
	ines, jules    *agent
	asterisk, ours acd
}

// beside has both serve the queues of testdata/beside for one test. Inès and Jules are
// there and take no calls.
func beside(t *testing.T) *besides {
	t.Helper()
	s := begin(t)
	s.employ(t, "ines", "jules", "karim")
	b := &besides{world: &world{stack: s}, manager: freeTCP(t)}
	b.define(t)
	b.teach(t)
	b.asterisk, b.ours = appQueue{b}, linekeeper{b}
	staff := b.shift(t, "ines", "jules")
	b.ines, b.jules = staff[0], staff[1]
	for _, a := range staff {
		(&play{besides: b, acd: b.asterisk}).goes(t, a)
	}
	return b
}

// define puts Linekeeper's queues in force, and the lab's own again after the test.
func (b *besides) define(t *testing.T) {
	t.Helper()
	seed, err := store.ReadFiles(filepath.Join(b.dir, "definitions"))
	if err != nil {
		t.Fatal(err)
	}
	floor := strings.ReplaceAll(given(t, "floor.yaml"), "{nobody}", fmt.Sprintf("127.0.0.1:%d", freeUDP(t)))
	files := store.Files{
		store.DirectoryFile: "contacts: []\n",
		"flows/out.yaml":    "language: fr\nstart: bye\nsteps:\n  bye: {type: hangup}\n",
	}
	b.queues = lines(floor)
	floor += "\nnumbers:\n"
	for _, id := range b.queues {
		files["flows/to-"+id+".yaml"] = fmt.Sprintf(intoQueue, id, "")
		floor += fmt.Sprintf("  - {number: %q, flow: to-%s}\n", b.numberOf("01990016", id), id)
	}
	files[store.FloorFile] = floor
	b.apply(t, files)
	t.Cleanup(func() { b.apply(t, seed) })
}

// teach gives Asterisk the same queues and the numbers that lead into them, until the
// test is over.
func (b *besides) teach(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { b.reload(t) }) // once the files are as they were
	for _, name := range []string{"queues.conf", "extensions.conf", "manager.conf"} {
		path := filepath.Join(b.dir, "asterisk/files/etc", name)
		was, err := os.ReadFile(path)
		if err == nil {
			more := strings.ReplaceAll(given(t, name), "{manager}", strconv.Itoa(b.manager))
			err = os.WriteFile(path, []byte(string(was)+more), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := os.WriteFile(path, was, 0o644); err != nil {
				t.Error(err)
			}
		})
	}
	b.reload(t)
}

func (b *besides) reload(t testing.TB) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	pbx := &lab.Asterisk{Dir: filepath.Join(b.dir, "asterisk"), Out: os.Stdout}
	for _, command := range []string{"dialplan reload", "manager reload", "queue reload all"} {
		if _, err := pbx.CLI(ctx, command); err != nil {
			t.Error(err)
		}
	}
}

func given(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/beside", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// linekeeper is our side.
type linekeeper struct{ *besides }

func (l linekeeper) file() string                 { return l.queueLog() }
func (l linekeeper) number(queue string) string   { return l.numberOf("01990016", queue) }
func (l linekeeper) colleague() string            { return "jules" }
func (l linekeeper) ready(t testing.TB, a *agent) { a.back(t) }
func (l linekeeper) pause(t testing.TB, a *agent) { a.pause(t, "pause") }

func (l linekeeper) joins(t testing.TB, agent string, here bool) {
	to := cdr.Offline
	if here {
		to = cdr.Ready
	}
	l.setState(t, agent, to)
}

// appQueue is Asterisk's side: members dial a number to take calls, and to take none.
type appQueue struct{ *besides }

func (q appQueue) file() string                 { return filepath.Join(q.dir, "asterisk/files/log/queue_log") }
func (q appQueue) number(queue string) string   { return q.numberOf("01990017", queue) }
func (q appQueue) colleague() string            { return "0199001792" }
func (q appQueue) ready(t testing.TB, a *agent) { q.dialled(t, a, "0199001790") }
func (q appQueue) pause(t testing.TB, a *agent) { q.dialled(t, a, "0199001791") }

func (q appQueue) joins(t testing.TB, agent string, here bool) {
	if !here {
		q.acts(t, "QueueRemove\r\nQueue: line\r\nInterface: PJSIP/"+agent)
		return
	}
	q.acts(t, "QueueAdd\r\nQueue: line\r\nPaused: true\r\nInterface: PJSIP/"+agent,
		"QueuePause\r\nPaused: false\r\nInterface: PJSIP/"+agent)
}

// acts does something by AMI, as a console of app_queue would.
func (q appQueue) acts(t testing.TB, actions ...string) {
	t.Helper()
	conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", q.manager))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patient)); err != nil {
		t.Fatal(err)
	}
	actions = append([]string{"Login\r\nUsername: beside\r\nSecret: beside\r\nEvents: off"}, actions...)
	for _, a := range append(actions, "Logoff") {
		fmt.Fprintf(conn, "Action: %s\r\n\r\n", a)
	}
	if said, err := io.ReadAll(conn); err != nil || strings.Count(string(said), "Response: Success") != len(actions) {
		t.Errorf("Asterisk says %q to %q, %v", said, actions, err)
	}
}

// dialled has a member dial a number that hangs up when it has done its work.
func (q appQueue) dialled(t testing.TB, a *agent, number string) {
	t.Helper()
	over(t, a.name+" at "+number, connected(t, <-dials(a, number)))
}

// freeTCP is a port that is free now.
func freeTCP(t testing.TB) int {
	t.Helper()
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// numberOf is the number of a queue among those that begin so.
func (b *besides) numberOf(begin, queue string) string {
	return fmt.Sprintf("%s%02d", begin, slices.Index(b.queues, queue))
}

// firstLine: both files begin alike.
func (b *besides) firstLine(t *testing.T) {
	var first []string
	for _, side := range []acd{b.asterisk, b.ours} {
		line, _, _ := strings.Cut((&play{besides: b, acd: side}).text(t), "\n")
		_, line, _ = strings.Cut(line, "|")
		first = append(first, line)
	}
	if first[0] != first[1] {
		t.Errorf("app_queue's file begins with %q, Linekeeper's with %q", first[0], first[1])
	}
}
