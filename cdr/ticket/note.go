package ticket

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // notes are dated in the agents' own time, on any machine
	"unicode"

	"linekeeper/cdr"
)

// NoteText tells the story of a call in plain text, in English if the language
// starts with "en", else in French; times are those of loc, with their offset. What
// names does not know, and everything if it is nil, is called by its ID.
//
// Whatever came from outside stands on its own line or in its own field, free
// of control characters, so that no caller can forge a line.
func NoteText(r *cdr.Record, language string, loc *time.Location, names Names) string {
	n := newNoteWriter(language, loc, names)
	n.head(r)
	n.way(r)
	n.people(r)
	n.line(n.words.outcome, n.words.of("", string(r.Outcome)))
	n.line(n.words.call, string(r.Call))
	return n.b.String()
}

// noteWriter writes the lines of one note.
type noteWriter struct {
	b     strings.Builder
	words words
	loc   *time.Location
	names Names
}

func newNoteWriter(language string, loc *time.Location, names Names) *noteWriter {
	w := french
	if strings.HasPrefix(strings.ToLower(language), "en") {
		w = english
	}
	return &noteWriter{words: w, loc: loc, names: names}
}

// line writes "label: a, b", or nothing if there is no part.
func (n *noteWriter) line(label string, parts ...string) {
	var told []string
	for _, p := range parts {
		if p = clean(p, maxField); p != "" {
			told = append(told, p)
		}
	}
	if len(told) > 0 {
		fmt.Fprintf(&n.b, "%s%s%s\n", label, n.words.colon, strings.Join(told, ", "))
	}
}

func (n *noteWriter) head(r *cdr.Record) {
	length := ""
	if !r.ArrivedAt.IsZero() && !r.EndedAt.IsZero() {
		length = n.span(r.EndedAt.Sub(r.ArrivedAt))
	}
	call, who, ours := n.words.arrived, n.words.caller, n.words.dialled
	if r.Direction == cdr.Outward {
		call, who, ours = n.words.out, n.words.called, n.words.shown
	}
	n.line(call, n.time(r.ArrivedAt), length)
	number := r.Caller.Number
	if number == "" {
		number = n.words.withheld
	}
	if r.Contact != nil {
		n.line(who, r.Contact.Name, number, r.Contact.Email, r.Contact.Site)
	} else {
		n.line(who, r.Caller.Name, number)
	}
	n.line(ours, r.Number)
	n.line(n.words.by, n.name(ThingAgent, r.By), n.name(ThingQueue, r.Queue))
	if f := r.FollowUp; f != nil {
		n.line(n.words.promised, n.name(ThingAgent, f.Agent), n.time(f.At), string(f.Of))
		n.text(f.Note)
	}
}

// way tells the menus and queues, and where the queues sent the call.
func (n *noteWriter) way(r *cdr.Record) {
	var menu []string
	for _, m := range r.Menu {
		menu = append(menu, clean(m.Digit, maxField)+" "+clean(m.Choice, maxField))
	}
	n.line(n.words.menu, strings.Join(menu, " › "))
	for _, v := range r.Visits {
		n.line(n.words.queue, n.name(ThingQueue, v.Queue), n.words.wait+" "+n.span(v.Waited), n.words.of("left-", string(v.Cause)))
	}
	if p := r.Resumed; p != nil {
		n.line(n.words.resumed, n.words.since+" "+n.time(p.EnteredAt), string(p.From))
	}
	for _, o := range r.Overflows {
		n.line(n.words.overflow, n.name(ThingQueue, o.Queue), n.words.of("left-", string(o.Cause)), n.to(string(o.To), o.Target))
	}
	n.callback(r.Callback)
	if m := r.Voicemail; m != nil {
		n.line(n.words.voicemail, n.time(m.At), n.span(m.Length))
	}
}

// callback tells the wish to be called back and what became of it.
func (n *noteWriter) callback(c *cdr.Callback) {
	if c == nil {
		return
	}
	tries := ""
	if c.Tries > 0 {
		tries = n.words.tries + " " + strconv.Itoa(c.Tries)
	}
	outcome := n.words.of("back-", string(c.Outcome))
	if !c.ReachedAt.IsZero() {
		outcome += " " + n.time(c.ReachedAt)
	}
	n.line(n.words.callback, n.words.asked+" "+n.time(c.AskedAt), n.words.of("asked-", c.By), c.Number, tries, outcome)
}

// others tells who was asked in and whom the call was given to.
func (n *noteWriter) others(r *cdr.Record) {
	for _, g := range r.Guests {
		what := n.words.of("party-", string(cdr.PartyMissed))
		switch {
		case g.Cause == cdr.PartyTookOver:
			continue // told with the transfer
		case !g.JoinedAt.IsZero():
			what = n.words.talk + " " + n.span(g.Talked)
		}
		n.line(n.words.guest, n.target(string(g.As), g.Target), what)
	}
	for _, h := range r.Handovers {
		consulted := ""
		if h.Consulted {
			consulted = n.words.consulted
		}
		n.line(n.words.given, n.name(ThingAgent, h.By), n.to(string(h.To), h.Target), consulted)
	}
}

// to says where a call went.
func (n *noteWriter) to(kind, target string) string {
	return strings.TrimSpace(n.words.of("to-", kind) + " " + clean(n.target(kind, target), maxField))
}

// target names what a call went to, or who was asked into it.
func (n *noteWriter) target(kind, target string) string {
	switch kind {
	case string(cdr.ToQueue):
		return n.name(ThingQueue, target)
	case string(cdr.PartyAgent):
		return n.name(ThingAgent, target)
	}
	return target
}

// time writes a moment with its offset; the zero time is nothing.
func (n *noteWriter) time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	local := t.In(n.loc)
	return local.Format(n.words.date) + " (" + local.Format("UTC-07:00") + ")"
}

// people tells the offers that came to nothing, the talks and the wrap-ups.
func (n *noteWriter) people(r *cdr.Record) {
	for _, o := range r.Offers {
		if o.Outcome != cdr.OfferAnswered && o.Outcome != cdr.OfferElsewhere { // who rang along missed nothing
			n.line(n.words.offer, n.name(ThingAgent, o.Agent), n.words.of("offer-", string(o.Outcome)), n.name(ThingRejection, o.Reason), n.span(o.Rang))
		}
	}
	for _, t := range r.Talks {
		held := ""
		if t.Held > 0 {
			held = n.words.held + " " + n.span(t.Held)
		}
		by := "by-"
		if r.Direction == cdr.Outward {
			by = "out-by-" // who is called is no caller
		}
		n.line(n.words.agent, n.name(ThingAgent, t.Agent), n.words.talk+" "+n.span(t.Talked), held, n.words.of(by, string(t.By)))
	}
	n.meanwhile(r)
	n.others(r)
	for _, u := range r.WrapUps {
		if u.Disposition == "" && u.Note == "" && u.Took == 0 {
			continue // nobody wrote anything
		}
		n.line(n.words.wrapUp, n.name(ThingAgent, u.Agent), n.name(ThingDisposition, u.Disposition), n.span(u.Took))
		n.text(u.Note)
	}
	for i := range r.Notes {
		n.typed(r, &r.Notes[i])
	}
}

// meanwhile tells what happened to the talks: phones that went, remote support, what
// was recorded.
func (n *noteWriter) meanwhile(r *cdr.Record) {
	for _, l := range r.PhoneLosses {
		back := n.words.notBack
		if !l.BackAt.IsZero() {
			back = n.words.back + " " + n.span(l.Away)
		}
		n.line(n.words.phoneLost, n.name(ThingAgent, l.Agent), n.time(l.At), back)
	}
	for _, u := range r.Support {
		n.line(n.words.support, n.name(ThingTool, u.Tool), u.Code, n.words.of("how-", string(u.How)), n.name(ThingAgent, u.Agent))
	}
	for _, p := range r.Recordings {
		deleted := ""
		if !p.DeletedAt.IsZero() {
			deleted = n.words.deleted
		}
		n.line(n.words.recording, n.words.part+" "+strconv.Itoa(p.Part), n.name(ThingAgent, p.Agent), n.span(p.Length), n.words.of("recorded-", string(p.Why)), deleted)
	}
}

// span writes a duration as people say it: "3 min 05 s", "12 s".
func (n *noteWriter) span(d time.Duration) string {
	s := int(max(d, 0).Round(time.Second) / time.Second)
	switch {
	case s >= 3600:
		return fmt.Sprintf("%d h %02d min %02d s", s/3600, s/60%60, s%60)
	case s >= 60:
		return fmt.Sprintf("%d min %02d s", s/60, s%60)
	default:
		return fmt.Sprintf("%d s", s)
	}
}

// The longest text of one field, and of one line an agent wrote, in characters.
const (
	maxField = 200
	maxLine  = 4000
)

// clean drops control and formatting characters (line breaks, bidirectional
// overrides) and cuts what is longer than longest characters.
func clean(s string, longest int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	return strings.TrimSpace(s)
}
