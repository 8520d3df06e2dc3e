package notebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
)

// Pages keeps pages by call, for a week after the last word on it: then only the
// record has it. *ledger.Bucket is it: what it has kept outlives a crash, and
// Update is refused with ledger.ErrStale unless the revision is the newest. Safe
// for concurrent use.
type Pages interface {
	Get(ctx context.Context, key string) (ledger.Snapshot, error)
	Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error)
	All(ctx context.Context) ([]ledger.Snapshot, error)
}

// Ledger takes facts, each ID once. cdr/ledger implements it.
type Ledger interface {
	Append(ctx context.Context, facts ...cdr.Fact) error
}

// Config tunes a notebook; zero values are good.
type Config struct {
	// Quiet is how long a note saved during the talk waits for the next save before
	// the ledger is told. Default 5 s.
	Quiet time.Duration
	Log   *slog.Logger     // slog.Default() if nil
	Now   func() time.Time // time.Now if nil
}

const (
	defaultQuiet = 5 * time.Second
	// retry is the pause after a ledger that did not take a fact.
	retry = time.Second
	// mostTries bounds how often a save is tried against others on the same page.
	mostTries = 20
)

// Notebook keeps notes. All its methods are safe for concurrent use; Start it
// once and Stop it once.
type Notebook struct {
	pages  Pages
	ledger Ledger
	cfg    Config
	cancel context.CancelFunc
	done   chan struct{}

	telling sync.Mutex // one at a time, so that a call's facts come in order

	mu   sync.Mutex
	due  map[cdr.CallID]time.Time // pages with something to tell, and when
	wake chan struct{}            // holds one when due has changed
}

// New returns a notebook on pages that tells the ledger.
func New(pages Pages, to Ledger, cfg Config) *Notebook {
	if cfg.Quiet == 0 {
		cfg.Quiet = defaultQuiet
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Notebook{
		pages: pages, ledger: to, cfg: cfg, cancel: func() {}, done: make(chan struct{}),
		due: map[cdr.CallID]time.Time{}, wake: make(chan struct{}, 1),
	}
}

// Note is an agent's note on a call with those of the others; of revision 0 when
// nothing is kept.
func (b *Notebook) Note(ctx context.Context, call cdr.CallID, agent string) (agentdesk.CallNote, error) {
	p, _, err := b.read(ctx, call)
	if err != nil {
		return agentdesk.CallNote{}, err
	}
	return p.show(agent), nil
}

// Save keeps a note and returns it as it stands afterwards; with
// agentdesk.ErrNoteChanged, the one that stands there instead.
func (b *Notebook) Save(ctx context.Context, s agentdesk.NoteSave) (agentdesk.CallNote, error) {
	p, judged, err := b.write(ctx, s.Call, func(p *page) verdict {
		n := p.Notes[s.Agent]
		v := n.judge(&s)
		if v == taken {
			p.Notes[s.Agent] = n.take(&s, b.now())
		}
		return v
	})
	if err != nil {
		return agentdesk.CallNote{}, fmt.Errorf("save the note of %s on call %s: %w", s.Agent, s.Call, err)
	}
	switch judged {
	case refused:
		return p.show(s.Agent), agentdesk.ErrNoteChanged
	case taken:
		if s.Now {
			b.tryTell(ctx, s.Call)
		} else {
			b.tellBy(s.Call, time.Now().Add(b.cfg.Quiet))
		}
	case over:
	}
	return p.show(s.Agent), nil
}

// Close tells the ledger an agent's note on a call now, with another text if one
// is given, and returns the text. An agent who saved nothing has an empty one.
func (b *Notebook) Close(ctx context.Context, call cdr.CallID, agent string, text *string) (string, error) {
	p, _, err := b.write(ctx, call, func(p *page) verdict {
		n := p.Notes[agent]
		if text == nil || *text == n.Text {
			return over
		}
		s := agentdesk.NoteSave{Text: *text} // of no journal: a save of one that comes later must know of it
		p.Notes[agent] = n.take(&s, b.now())
		return taken
	})
	if err != nil {
		return "", fmt.Errorf("close the note of %s on call %s: %w", agent, call, err)
	}
	if err := b.tell(ctx, call); err != nil {
		b.tellBy(call, time.Now().Add(retry))
		return "", err
	}
	return p.Notes[agent].Text, nil
}

// now is the time to the microsecond: what JSON keeps and facts are named by.
func (b *Notebook) now() time.Time { return b.cfg.Now().UTC().Truncate(time.Microsecond) }

// read reads a page, an empty one when there is none, and its revision.
func (b *Notebook) read(ctx context.Context, call cdr.CallID) (page, uint64, error) {
	p := page{}
	kept, err := b.pages.Get(ctx, string(call))
	switch {
	case errors.Is(err, ledger.ErrNotFound):
	case err != nil:
		return p, 0, fmt.Errorf("read the notes of call %s: %w", call, err)
	default:
		if err := json.Unmarshal(kept.Value, &p); err != nil {
			return p, 0, fmt.Errorf("read the notes of call %s: %w", call, err)
		}
	}
	if p.Notes == nil {
		p.Notes = map[string]note{}
	}
	return p, kept.Revision, nil
}

// write changes a page, again as often as another changed it meanwhile.
func (b *Notebook) write(ctx context.Context, call cdr.CallID, change func(*page) verdict) (page, verdict, error) {
	for range mostTries {
		p, revision, err := b.read(ctx, call)
		if err != nil {
			return p, refused, err
		}
		v := change(&p)
		if v != taken {
			return p, v, nil
		}
		data, err := json.Marshal(p)
		if err != nil {
			return p, refused, err
		}
		if _, err = b.pages.Update(ctx, string(call), data, revision); !errors.Is(err, ledger.ErrStale) {
			return p, v, err
		}
	}
	return page{}, refused, ledger.ErrStale
}
