package store

import (
	"errors"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Definitions are all that the definitions folder says, the steps of flows
// aside. They are made by Parse and not changed afterwards, so any goroutine may
// read them.
type Definitions struct {
	Floor queue.Definitions
	// Numbers are the dialled numbers as the trunk sends them, and where each leads.
	Numbers map[string]Number
	// Contacts are the people who may call, in the order of the file.
	Contacts []Contact
	// Skills are the names agents' levels and calls' needs refer to.
	Skills []queue.Label
	// Scripts are what agents say and check, QueueScripts which one a queue's see.
	Scripts      []Script
	QueueScripts map[string]string
	// Articles are the knowledge articles, in the order of their files.
	Articles []Article
	// Hours are when the site, or a part of it, is open.
	Hours []queue.Hours
	// TimeZone is where days begin, an IANA name; empty is this machine's.
	TimeZone string
	// Warnings are what is allowed and probably not meant.
	Warnings []*Problem
}

// Location is the site's time zone. The name was checked when it was read.
func (d *Definitions) Location() *time.Location {
	if d.TimeZone == "" {
		return time.Local
	}
	loc, err := time.LoadLocation(d.TimeZone)
	if err != nil {
		return time.Local
	}
	return loc
}

// Number is where a dialled number leads.
type Number struct {
	Flow     string // flow's name, a file of flows/
	Language string // "fr" or "en", empty leaves it to the flow
}

// Contact is one person of the directory and the numbers they call from.
type Contact struct {
	cdr.Contact
	Numbers []string // E.164 with "+"
}

// Context is what definitions may refer to beside one another. A field that is
// nil is not checked.
type Context struct {
	// Prompts are the prompts that may be played to who waits.
	Prompts []string
	// Leads says which queues a flow may put a call into without the caller
	// pressing a key. It is asked for flows that are in the files only.
	Leads func(flow string) []string
}

// Load reads the definitions in dir and checks them with nothing around them. If
// anything is wrong, the error joins one error per thing wrong (a *Problem,
// unless a file could not be read at all) and the definitions are nil.
func Load(dir string) (*Definitions, error) {
	files, err := ReadFiles(dir)
	if err != nil {
		return nil, err
	}
	defs, err := Parse(files, Context{})
	return defs, In(dir, err)
}

// Parse checks files as a whole. Problems name the files as Files does. The
// error is as Load's.
func Parse(files Files, ctx Context) (*Definitions, error) {
	defs := &Definitions{Numbers: map[string]Number{}}
	ff := open(files.source(FloorFile))
	ff.around, ff.flows = ctx, files.Flows()
	ff.readFloor(defs)
	df := open(files.source(DirectoryFile))
	df.readDirectory(defs)
	errs := append(ff.sorted(), df.sorted()...)
	errs = append(errs, files.readArticles(defs, ff.named.queues)...)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	defs.Warnings = ff.warnings
	defs.Floor.Revision, defs.Floor.Skills, defs.Floor.Flows = files.Revision(), defs.Skills, files.Flows()
	return defs, nil
}
