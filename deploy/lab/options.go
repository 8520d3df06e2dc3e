package lab

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// Ports are the lab's, all on loopback.
type Ports struct {
	HTTP, SIP, ARI, PG, NATS, RT, Issuer int
	// Trunk is where the phones of customers outside are.
	Trunk             int
	RTPFirst, RTPLast int
}

// DefaultPorts are the ones the design fixes.
func DefaultPorts() Ports {
	return Ports{HTTP: 8080, SIP: 5060, ARI: 8088, PG: 5433, NATS: 4222, RT: 8090, Issuer: 8091, Trunk: 5180, RTPFirst: 10000, RTPLast: 14999}
}

// Options say which lab. The zero value of each field but Dir is useful.
type Options struct {
	Dir    string // LAB_DIR: everything of the lab lies here or is linked from here
	Ports  Ports  // zero: DefaultPorts
	Bench  int    // LAB_BENCH: bench agents, 0 to 999
	Binary string // the linekeeper to run; empty: the running program
	// Wipe makes Down remove the lab's data too.
	Wipe bool
	Out  io.Writer // progress, one line per Write; os.Stderr when nil
}

// OptionsFromEnv reads LAB_DIR (default .lab below root), LAB_BENCH,
// LAB_PORT_OFFSET (added to every default) and LAB_{HTTP,SIP,ARI,PG,NATS,RT,ISSUER,TRUNK}_PORT
// and LAB_RTP_FIRST, LAB_RTP_LAST (each overriding one, not shifted).
func OptionsFromEnv(root string) (Options, error) {
	o := Options{Dir: os.Getenv("LAB_DIR"), Ports: DefaultPorts()}
	if o.Dir == "" {
		o.Dir = filepath.Join(root, ".lab")
	}
	var err error
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return Options{}, fmt.Errorf("LAB_DIR: %w", err)
	}
	if err := fromEnv("LAB_BENCH", &o.Bench, 0, 999); err != nil {
		return Options{}, err
	}
	offset := 0
	if err := fromEnv("LAB_PORT_OFFSET", &offset, 0, 50000); err != nil {
		return Options{}, err
	}
	for name, port := range o.Ports.byVariable() {
		*port += offset
		if err := fromEnv(name, port, 1024, 65535); err != nil {
			return Options{}, err
		}
	}
	return o, nil
}

// byVariable names each port by the variable that sets it.
func (p *Ports) byVariable() map[string]*int {
	return map[string]*int{
		"LAB_HTTP_PORT": &p.HTTP, "LAB_SIP_PORT": &p.SIP, "LAB_ARI_PORT": &p.ARI, "LAB_PG_PORT": &p.PG,
		"LAB_NATS_PORT": &p.NATS, "LAB_RT_PORT": &p.RT, "LAB_ISSUER_PORT": &p.Issuer, "LAB_TRUNK_PORT": &p.Trunk, "LAB_RTP_FIRST": &p.RTPFirst, "LAB_RTP_LAST": &p.RTPLast,
	}
}

// fromEnv reads a number into n when the variable is set, and checks n.
func fromEnv(name string, n *int, least, most int) error {
	if v := os.Getenv(name); v != "" {
		parsed, err := strconv.Atoi(v)
		if err != nil {
			return fmt.Errorf("%s=%q is not a number", name, v)
		}
		*n = parsed
	}
	if *n < least || *n > most {
		return fmt.Errorf("%s: %d is not between %d and %d", name, *n, least, most)
	}
	return nil
}

// complete fills what was left empty.
func (o Options) complete() (Options, error) {
	if o.Dir == "" {
		return o, fmt.Errorf("the lab has no folder: set LAB_DIR")
	}
	var err error
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return o, fmt.Errorf("LAB_DIR: %w", err)
	}
	if o.Ports == (Ports{}) {
		o.Ports = DefaultPorts()
	}
	if o.Out == nil {
		o.Out = os.Stderr
	}
	if _, ok := o.Out.(*lines); !ok {
		o.Out = &lines{out: o.Out}
	}
	if o.Binary == "" {
		if o.Binary, err = os.Executable(); err != nil {
			return o, fmt.Errorf("find our own program: %w", err)
		}
	}
	return o, nil
}

func (o Options) in(elem ...string) string {
	return filepath.Join(append([]string{o.Dir}, elem...)...)
}

// The parts, each in its own folder of the lab.
func (o Options) postgres() *Postgres {
	return &Postgres{Dir: o.in("postgres"), Port: o.Ports.PG, Log: o.in("log", "postgres.log")}
}

func (o Options) rt() *RT {
	return &RT{Dir: o.in("rt"), Port: o.Ports.RT, Log: o.in("log", "rt.log")}
}

func (o Options) issuer() *Issuer {
	return &Issuer{
		Dir: o.in("issuer"), Binary: o.Binary, Port: o.Ports.Issuer, Console: o.controller().URL, Log: o.in("log", "issuer.log"),
	}
}

func (o Options) asterisk() *Asterisk {
	return &Asterisk{
		Dir: o.in("asterisk"), SIPPort: o.Ports.SIP, ARIPort: o.Ports.ARI,
		TrunkPort: o.Ports.Trunk, RTPFirst: o.Ports.RTPFirst, RTPLast: o.Ports.RTPLast,
		Bench: o.Bench, Log: o.in("log", "asterisk.log"), Out: o.Out,
	}
}

func (o Options) controller() *Controller {
	return &Controller{
		Dir: o.in("controller"), Binary: o.Binary, Config: o.in("linekeeper.yaml"),
		URL: fmt.Sprintf("http://%s:%d", loopback, o.Ports.HTTP), Log: o.in("log", "controller.log"),
		Definitions: o.in("definitions"),
		ports:       map[string]int{"HTTP": o.Ports.HTTP, "NATS": o.Ports.NATS},
	}
}

// lines lets the parts, which start at the same time, write whole lines.
type lines struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(b)
}
