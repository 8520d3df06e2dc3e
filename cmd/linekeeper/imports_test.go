package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the import path of the house.
const module = "linekeeper"

// room says what one package may stand on. A package below an internal/ folder
// or a …test helper package belongs to the room above it and may import it.
type room struct {
	rooms     []string // rooms it may import
	libraries []string // module paths it may import beside the standard library
	pure      bool     // no clock, socket, goroutine or random source
	why       string   // printed when the rule is broken
}

// otelAPI is free for all adapters: it does nothing until cmd wires an SDK.
const otelAPI = "go.opentelemetry.io/otel"

// house holds the arrows: they point down only, and rooms own their adapters.
// A new package or a new library is a line here, with its reason.
var house = map[string]room{
	"cdr": {
		pure: true,
		why:  "the leaf: every room reads its words, so it stands on nothing, and a fold must give the same record on every replay",
	},
	"cdr/numbers": {
		libraries: []string{"github.com/nyaruka/phonenumbers"}, pure: true,
		why: "calls and definitions must read a number alike, so that it is one to both",
	},
	"cdr/ledger": {
		rooms: []string{"cdr"}, libraries: []string{"github.com/nats-io/nats.go", "github.com/google/uuid", otelAPI},
		why: "the log carries facts and knows nothing of who writes or reads them",
	},
	"cdr/follow": {
		rooms: []string{"cdr"},
		why:   "how a reader follows the ledger, whatever it makes of the facts",
	},
	"cdr/store": {
		rooms: []string{"cdr", "cdr/follow", "cdr/ledger", "deploy"}, libraries: []string{"github.com/jackc/pgx/v5", "github.com/google/uuid", "github.com/riverqueue/river", "github.com/pressly/goose/v3", otelAPI},
		why: "a projector: it may fall behind or be rebuilt without any live call noticing",
	},
	"cdr/ticket": {
		rooms: []string{"cdr", "cdr/store"}, libraries: []string{"github.com/riverqueue/river", "github.com/jackc/pgx/v5", "github.com/google/uuid", "github.com/riverqueue/rivercontrib/otelriver", otelAPI},
		why: "the contract and the delivery; ticket systems are reached through a connector only",
	},
	"cdr/ticket/rt": {
		rooms: []string{"cdr", "cdr/ticket"}, libraries: []string{"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp", otelAPI},
		why: "one package per ticket system, each unaware of the others",
	},
	"cdr/ticket/rtfake": {why: "a fake speaks RT's real protocol; sharing code with the connector would share its mistakes"},
	"cdr/queuelog": {
		rooms: []string{"cdr", "cdr/follow"},
		why:   "a reader behind the ledger: reports may be late, calls never know",
	},
	"cdr/recording": {
		rooms: []string{"cdr", "cdr/follow"},
		why:   "a reader behind the ledger: sounds may come late, calls never know; Asterisk is a port of it",
	},
	"cdr/trace": {
		rooms: []string{"cdr", "cdr/follow", "cdr/ledger"}, libraries: []string{otelAPI},
		why: "telemetry is folded from facts, off the hot path: no live room may know it",
	},

	"queue": {
		rooms: []string{"cdr", "queue/wait"}, pure: true,
		why: "the ACD decides from events alone, so that any day can be replayed",
	},
	"queue/wait":      {pure: true, why: "what is said of a wait follows from what calls took, and from nothing else"},
	"queue/yardstick": {pure: true, why: "another's algorithm, to be measured beside ours: it must owe ours nothing"},
	"queue/sim": {
		rooms: []string{"queue", "queue/wait", "cdr"},
		why:   "a replay proves something only on the very core that decided",
	},
	"queue/appqueue": {
		libraries: []string{"github.com/goccy/go-yaml"},
		why:       "writes what queue/store reads; only its tests read it back",
	},
	"queue/mailbox": {why: "how to reach a state's owner, whoever that is"},
	"queue/floor": {
		rooms: []string{"queue", "queue/mailbox", "cdr"}, libraries: []string{otelAPI, "github.com/nats-io/nats.go"},
		why: "the one goroutine around the pure core; calls talk to it, never it to them",
	},
	"queue/store": {
		rooms: []string{"queue", "cdr", "cdr/numbers"}, libraries: []string{"github.com/jackc/pgx/v5", "github.com/goccy/go-yaml", otelAPI},
		why: "definitions come in here; the core takes them as values",
	},

	"ivr": {
		pure: true,
		why:  "a flow is stepped by events alone, so that it can be tested and drawn without a telephone",
	},
	"ivr/script": {
		rooms: []string{"ivr"}, libraries: []string{"github.com/goccy/go-yaml", "github.com/santhosh-tekuri/jsonschema/v6", "github.com/expr-lang/expr"},
		why: "the flow language is read before a call exists",
	},
	"ivr/identify": {pure: true, why: "what the network says of a caller is harmless from here on; it knows no call"},
	"ivr/dial": {
		rooms: []string{"queue", "cdr", "cdr/numbers"}, libraries: []string{otelAPI},
		why: "whoever wants a number dialled asks at one door; it knows neither desks nor calls",
	},
	"ivr/call": {
		rooms: []string{"ivr", "ivr/identify", "queue", "queue/mailbox", "cdr", "cdr/numbers"}, libraries: []string{otelAPI, "github.com/google/uuid"},
		why: "the actor declares Switch, Floor, Directory and Ledger as it needs them; their makers are wired by cmd",
	},
	"ivr/asterisk": {
		rooms: []string{"ivr/call", "cdr"}, libraries: []string{"github.com/CyCoreSystems/ari/v5", "github.com/gorilla/websocket", otelAPI},
		why: "the only room that speaks ARI",
	},
	"ivr/asteriskfake": {
		libraries: []string{"github.com/CyCoreSystems/ari/v5", "github.com/gorilla/websocket"},
		why:       "a fake speaks ARI's real protocol; sharing code with the adapter would share its mistakes",
	},

	"agentdesk": {
		rooms: []string{"queue", "cdr"}, pure: true,
		why: "the board is folded from facts: the same facts show the same desk",
	},
	"agentdesk/sso": {
		rooms: []string{"agentdesk"}, libraries: []string{"github.com/coreos/go-oidc/v3", "golang.org/x/oauth2"},
		why: "who somebody is by their issuer; it knows neither browsers nor sessions",
	},
	"agentdesk/api": {
		rooms: []string{"agentdesk", "agentdesk/sso", "queue", "cdr", "cdr/store", "cdr/ticket"},
		libraries: []string{
			"github.com/gorilla/mux", "github.com/alexedwards/scs", "github.com/alexedwards/argon2id", "github.com/jackc/pgx/v5", "github.com/google/uuid",
			"github.com/oapi-codegen/runtime", "github.com/oapi-codegen/nethttp-middleware", "github.com/getkin/kin-openapi", "github.com/go-chi/httprate",
			"go.opentelemetry.io/contrib/instrumentation/github.com/gorilla/mux/otelmux", "golang.org/x/time", otelAPI,
			"github.com/gorilla/websocket", // the proxy of Asterisk's SIP socket
			"github.com/felixge/httpsnoop", // counts answers without breaking upgrades
		},
		why: "the desk's commands go to the floor and the calls through interfaces it declares",
	},
	"agentdesk/live": {
		rooms: []string{"agentdesk", "queue", "cdr", "cdr/ledger"}, libraries: []string{"github.com/gorilla/websocket", "golang.org/x/time", otelAPI},
		why: "the live desk follows the ledger, so a slow browser can never hold a call",
	},
	"agentdesk/notebook": {
		rooms: []string{"agentdesk", "cdr", "cdr/ledger"},
		why:   "notes are kept beside the live calls: no database and no browser may lose one",
	},
	"agentdesk/knowledge": {
		rooms: []string{"agentdesk"}, libraries: []string{"github.com/jackc/pgx/v5"},
		why: "a base of articles knows the question and nothing of calls",
	},
	"agentdesk/web": {why: "files and the headers they are served with"},

	"asterisk-config": {why: "templates and prompts; the lab and the packages use it without the product"},
	"deploy":          {why: "embedded migrations and manifests: data, not code"},
	"deploy/lab": {
		rooms: []string{"asterisk-config", "deploy"},
		why:   "the lab provisions the machine from outside, by commands, as an administrator would",
	},

	"deploy/lab/idp": {
		libraries: []string{"github.com/zitadel/oidc/v3", "github.com/go-jose/go-jose/v4"},
		why:       "an issuer speaks OpenID Connect by a library of its own; sharing code with agentdesk/sso would share its mistakes",
	},

	"cmd/internal/boot": {
		libraries: []string{"*"},
		why:       "process wiring is for any program: it must not learn what a call is",
	},
	"cmd/internal/deskclient": {
		rooms:     []string{"agentdesk", "cdr", "queue"},
		libraries: []string{"github.com/gorilla/websocket"},
		why:       "a desk's client speaks the published contract; it shares the words of the entities and nothing else",
	},
	"cmd/internal/realtime": {
		libraries: []string{"golang.org/x/sys"},
		why:       "it asks the kernel about threads: it must not learn whose",
	},
	"cmd/internal/phone": {
		libraries: []string{"github.com/emiago/sipgo"},
		why:       "a phone stands outside: the demo and the tests dial in as anybody would",
	},
}

// impure are imports a pure room may not have, by prefix, and why.
var impure = map[string]string{
	"os": "files and the environment are passed in", "net": "a pure room never reaches out", "syscall": "a pure room never reaches out",
	"math/rand": "seeds are passed in", "crypto/rand": "IDs are passed in", "sync": "one goroutine owns the state", "context": "nothing in a pure room waits",
	"log": "effects tell what happened; their players log it", "database": "a pure room never reaches out", "testing": "tests stand beside the code",
	"unsafe": "nothing here is worth it", "runtime": "the same events give the same decisions on any machine", "os/exec": "a pure room never reaches out",
}

// clock are the functions of package time that read or wait for the clock. Its
// types and arithmetic are welcome.
var clock = []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker"}

// source is one Go file of the house.
type source struct {
	name string // slash path from the root
	room string // the room it belongs to, "" if none is declared
	file *ast.File
}

// sources parses every Go file of the module once, tests too, comments kept.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	fset := token.NewFileSet()
	var all []source
	for _, name := range houseFiles(t, ".go") {
		file, err := parser.ParseFile(fset, filepath.Join(root, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{name, roomOf(path.Dir(name)), file})
	}
	return fset, all
}

// root is the top of the house, seen from this folder.
const root = "../.."

// houseFiles lists files by ending, from the root, without what is built,
// fetched or another module's.
func houseFiles(t *testing.T, ending string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(full string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && full != root {
			_, otherModule := os.Stat(filepath.Join(full, "go.mod"))
			if name == "node_modules" || name == "testdata" || name == "dist" || name == "bin" || (name[0] == '.' && name != ".ci") || otherModule == nil {
				return fs.SkipDir
			}
		}
		if rel, err := filepath.Rel(root, full); err == nil && entry.Type().IsRegular() && strings.HasSuffix(name, ending) {
			names = append(names, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("no %q file found below %s", ending, root)
	}
	return names
}

// roomOf is the room a folder belongs to; "" if house does not know it.
func roomOf(dir string) string {
	above, _, _ := strings.Cut(dir+"/", "/internal/")
	if inside, ok := strings.CutPrefix(dir, "cmd/internal/"); ok {
		name, _, _ := strings.Cut(inside, "/")
		above = "cmd/internal/" + name
	}
	above = strings.TrimSuffix(above, "/")
	if parent := path.Dir(above); strings.HasSuffix(above, "test") && house[parent].why != "" {
		return parent // ledgertest belongs to ledger
	}
	if house[above].why != "" || strings.HasPrefix(above, "cmd/linekeeper") {
		return above
	}
	return ""
}

// TestArrows holds the house together: imports point down only.
func TestArrows(t *testing.T) {
	_, files := sources(t)
	reported := map[string]bool{}
	for _, f := range files {
		dir := path.Dir(f.name)
		switch {
		case f.room == "":
			if !reported[dir] {
				t.Errorf("%s is in no room: give it a line in house (imports_test.go) with its reason", dir)
			}
			reported[dir] = true
			continue
		case strings.HasPrefix(f.room, "cmd/linekeeper"), strings.HasSuffix(f.name, "_test.go"):
			continue // the program wires all rooms; tests may stand on fakes and neighbours
		case strings.HasSuffix(dir, "test"):
			continue // a test's helper
		}
		for _, spec := range f.file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if why := forbidden(f.room, imported); why != "" {
				t.Errorf("%s imports %s: %s", f.name, imported, why)
			}
		}
	}
}

// forbidden says why the room may not import this, or "".
func forbidden(name, imported string) string {
	r := house[name]
	if inside, ok := strings.CutPrefix(imported, module+"/"); ok {
		if to := roomOf(inside); to != name && !slices.Contains(r.rooms, to) {
			return fmt.Sprintf("room %s may import %v of the house: %s", name, r.rooms, r.why)
		}
		return ""
	}
	if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
		if !slices.ContainsFunc(r.libraries, func(lib string) bool { return lib == "*" || within(imported, lib) }) {
			return fmt.Sprintf("room %s may import libraries %v: %s", name, r.libraries, r.why)
		}
		return ""
	}
	if r.pure {
		for prefix, why := range impure {
			if within(imported, prefix) {
				return fmt.Sprintf("room %s is pure (%s): %s", name, why, r.why)
			}
		}
	}
	return ""
}

func within(imported, prefix string) bool {
	return imported == prefix || strings.HasPrefix(imported, prefix+"/")
}

// TestPureRoomsSeeNoClockAndNoGoroutine looks into the code of the pure rooms.
func TestPureRoomsSeeNoClockAndNoGoroutine(t *testing.T) {
	fset, files := sources(t)
	seen := map[string]bool{}
	for _, f := range files {
		if !house[f.room].pure || strings.HasSuffix(f.name, "_test.go") {
			continue
		}
		seen[f.room] = true
		for at, what := range impurities(f.file) {
			t.Errorf("%s: %s in pure room %s: %s", fset.Position(at), what, f.room, house[f.room].why)
		}
	}
	for name, r := range house {
		if r.pure && !seen[name] {
			t.Errorf("pure room %s has no file: is the rule looking at the right place?", name)
		}
	}
}

// impurities finds what a pure room's file may not hold.
func impurities(file *ast.File) map[token.Pos]string {
	found := map[token.Pos]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found[n.Pos()] = "go statement"
		case *ast.SelectStmt:
			found[n.Pos()] = "select statement"
		case *ast.ChanType:
			found[n.Pos()] = "channel"
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
				found[n.Pos()] = "time." + n.Sel.Name
			}
		}
		return true
	})
	return found
}

// TestRulesBite feeds the rules what they are there to refuse.
func TestRulesBite(t *testing.T) {
	for _, c := range []struct {
		room, imported string
		refused        bool
	}{
		{"cdr", "time", false},
		{"cdr", "linekeeper/queue", true},
		{"cdr", "net/http", true},
		{"queue", "math/rand/v2", true},
		{"queue", "linekeeper/queue/floor", true},
		{"ivr", "linekeeper/cdr", true},
		{"ivr/call", "linekeeper/ivr/asterisk", true},
		{"ivr/call", "linekeeper/queue/floor", true},
		{"ivr/asterisk", "linekeeper/ivr/call", false},
		{"cdr/ledger", "github.com/nats-io/nats.go/jetstream", false},
		{"cdr/ledger", "github.com/nats-io/nats.gopher", true},
		{"cdr/store", "linekeeper/cdr/store/internal/db", false},
		{"deploy/lab", "github.com/google/uuid", true},
		{"agentdesk/live", "linekeeper/agentdesk/api", true},
		{"cmd/internal/boot", "linekeeper/cdr", true},
		{"cmd/internal/boot", "github.com/nats-io/nats.go", false},
	} {
		if why := forbidden(c.room, c.imported); (why != "") != c.refused {
			t.Errorf("%s imports %s: refused %t, want %t (%s)", c.room, c.imported, why != "", c.refused, why)
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc f(c chan int) { go f(nil); select {}; _ = time.Now() ; _ = time.Second }", 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(impurities(file)); got != 4 {
		t.Errorf("found %d impurities, want the channel, go, select and time.Now", got)
	}
}
