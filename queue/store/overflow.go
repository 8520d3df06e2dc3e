package store

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// causes are those a queue may say a word about, in the order they may come.
var causes = []string{
	string(cdr.LeftClosed), string(cdr.LeftFull), string(cdr.LeftJoinEmpty), string(cdr.LeftEmpty), string(cdr.LeftMaxWait),
}

// outsidePattern is a number to be dialled through the trunk.
var outsidePattern = regexp.MustCompile(`^\+?[0-9]{2,20}$`)

// digitPattern is a key of a telephone.
var digitPattern = regexp.MustCompile(`^[0-9*#]$`)

// edge is one way out of a queue that needs nobody's doing. What a queue says for
// when it is no more is none: nothing leads back to such a queue.
type edge struct {
	from, queue, flow, number string // to a queue, through a flow, or over the trunk
	at                        *token.Token
}

// overflow reads where calls go that the queue d does not keep, by cause.
func (s fields) overflow(d queue.Definition) map[cdr.LeaveCause]queue.Overflow {
	targets := map[cdr.LeaveCause]queue.Overflow{}
	s.pairs("overflow", "causes with their targets", "write overflow as {max-wait: {queue: support-n2}, full: busy}", func(key value, n ast.Node) {
		cause := cdr.LeaveCause(key.text)
		if !slices.Contains(causes, key.text) {
			s.complain(key.at, fmt.Sprintf("no call leaves a queue by %q to be sent on", clean(key.text)), "use one of "+strings.Join(causes, ", "))
			return
		}
		to, ok := s.target(n, s.what+" overflows to", d)
		if !ok {
			return
		}
		if cause == cdr.LeftClosed && to.Kind == cdr.ToCallback {
			s.complain(n.GetToken(), "a queue that is no more keeps no callback", "choose another target for closed")
		}
		s.neverHappens(key, d)
		if cause != cdr.LeftClosed && to.Queue+to.Flow+to.Number != "" {
			s.file.edges = append(s.file.edges, edge{d.ID, to.Queue, to.Flow, to.Number, n.GetToken()})
		}
		targets[cause] = to
	})
	if len(targets) == 0 {
		return nil
	}
	return targets
}

// neverHappens complains of a cause that the queue never has.
func (s fields) neverHappens(cause value, d queue.Definition) {
	lacks := map[cdr.LeaveCause]string{}
	if d.Most == 0 {
		lacks[cdr.LeftFull] = "max-calls"
	}
	if d.JoinEmpty == 0 {
		lacks[cdr.LeftJoinEmpty] = "join-empty"
	}
	if d.LeaveWhenEmpty == 0 {
		lacks[cdr.LeftEmpty] = "leave-when-empty"
	}
	if d.MaxWait == 0 {
		lacks[cdr.LeftMaxWait] = "max-wait"
	}
	if field, never := lacks[cdr.LeaveCause(cause.text)]; never {
		s.complain(cause.at, fmt.Sprintf("overflow %s never happens: %s has no %s", cause.text, s.what, field), "add "+field+", or remove this overflow")
	}
}

// exits reads the digits by which callers leave the queue d.
func (s fields) exits(d queue.Definition) map[string]queue.Overflow {
	exits := map[string]queue.Overflow{}
	s.pairs("exits", "digits with their targets", `write exits as {"0": {flow: helpdesk}, "9": voicemail}`, func(key value, n ast.Node) {
		switch {
		case !digitPattern.MatchString(key.text):
			s.complain(key.at, fmt.Sprintf("%q is no key of a telephone", clean(key.text)), `write one of 0 to 9, * or #, in quotes: "0"`)
			return
		case d.Callback != nil && d.Callback.Key == key.text:
			s.complain(key.at, fmt.Sprintf("key %s asks to be called back already", key.text), "choose another digit here, or another callback key")
			return
		}
		if to, ok := s.target(n, "key "+key.text+" of "+s.what+" leads to", d); ok {
			exits[key.text] = to
		}
	})
	if len(exits) == 0 {
		return nil
	}
	return exits
}

// bare are the targets that need no more than their name.
var bare = []string{string(cdr.ToVoicemail), string(cdr.ToCallback), string(cdr.ToBusy)}

const targetAdvice = `write {queue: NAME}, {flow: NAME}, {number: "0199000099"}, voicemail, callback or busy`

// target reads where a call goes.
func (s fields) target(n ast.Node, says string, d queue.Definition) (queue.Overflow, bool) {
	if m, ok := n.(*ast.MappingNode); ok {
		return s.targetNamed(m, says)
	}
	v, ok := s.file.scalar(n, "a target")
	if !ok {
		return queue.Overflow{}, false
	}
	if !slices.Contains(bare, v.text) {
		s.complain(v.at, fmt.Sprintf("%q is not where a call can go", clean(v.text)), targetAdvice)
		return queue.Overflow{}, false
	}
	to := queue.Overflow{Kind: cdr.OverflowKind(v.text)}
	if to.Kind == cdr.ToCallback && d.Callback == nil {
		s.complain(v.at, s.what+" has no callback rule", "add callback: {} to the queue, or choose another target")
	}
	return to, true
}

// targetNamed reads a target that says which queue, flow or number.
func (s fields) targetNamed(m *ast.MappingNode, says string) (queue.Overflow, bool) {
	t, ok := s.file.mapping(m, "a target", targetFields...)
	if !ok || len(t.nodes) != 1 || len(m.Values) != 1 {
		if ok && len(m.Values) == len(t.nodes) {
			s.complain(t.at, "a call goes to one place, not to several or none", targetAdvice)
		}
		return queue.Overflow{}, false
	}
	switch {
	case t.given("queue") != nil:
		v, ok := t.optional("queue")
		if ok {
			t.refer(aQueue, says, v)
		}
		return queue.Overflow{Kind: cdr.ToQueue, Queue: v.text}, ok
	case t.given("flow") != nil:
		v, ok := t.optional("flow")
		if ok {
			t.refer(aFlow, says, v)
		}
		return queue.Overflow{Kind: cdr.ToFlow, Flow: v.text}, ok
	case t.given("number") != nil:
		return t.outside()
	}
	s.complain(t.at, "the target is empty", targetAdvice)
	return queue.Overflow{}, false
}

// outside reads a number reached through the trunk.
func (s fields) outside() (queue.Overflow, bool) {
	v, ok := s.optional("number")
	if ok && !outsidePattern.MatchString(v.text) {
		s.complain(v.at, fmt.Sprintf("%q is not a number to dial", clean(v.text)), `write it as the trunk takes it, in quotes: "0199000099"`)
		return queue.Overflow{}, false
	}
	return queue.Overflow{Kind: cdr.ToNumber, Number: v.text}, ok
}
