package ledger

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"linekeeper/cdr"
)

// maxFact is the largest fact taken, in bytes of JSON: far above what any honest
// fact needs and below the broker's default message limit of 1 MiB.
const maxFact = 512 << 10

// encode writes a fact as the message that carries it.
func encode(f cdr.Fact) (*nats.Msg, error) {
	if f.ID == "" {
		return nil, fmt.Errorf("encode fact of kind %q: it has no ID", f.Kind())
	}
	f.Seq = 0 // the ledger's to give
	data, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	if len(data) > maxFact {
		return nil, fmt.Errorf("encode fact %q: %d bytes are more than the %d a fact may have", f.ID, len(data), maxFact)
	}
	msg := nats.NewMsg(subject(f))
	msg.Header.Set(jetstream.MsgIDHeader, headerSafe(f.ID))
	msg.Data = data
	return msg, nil
}

// decode reads a message back. What cannot be read becomes an Unknown story, so
// that one bad message never stops a reader; err then says what was wrong.
func decode(msg jetstream.Msg) (cdr.Fact, error) {
	var seq uint64
	meta, err := msg.Metadata()
	if err != nil {
		return cdr.Fact{}, fmt.Errorf("read a message's place in the ledger: %w", err)
	}
	seq = meta.Sequence.Stream
	var f cdr.Fact
	if err := json.Unmarshal(msg.Data(), &f); err != nil {
		return unreadable(msg, seq, meta), fmt.Errorf("decode fact %d: %w", seq, err)
	}
	f.Seq = seq
	return f, nil
}

// unreadable stands in for a message that is no fact. Its raw bytes are kept as
// a JSON string, since they may be anything.
func unreadable(msg jetstream.Msg, seq uint64, meta *jetstream.MsgMetadata) cdr.Fact {
	raw, _ := json.Marshal(string(msg.Data())) // a string always encodes
	f := cdr.Fact{
		ID:    msg.Headers().Get(jetstream.MsgIDHeader),
		Seq:   seq,
		At:    meta.Timestamp,
		Story: cdr.Unknown{Name: "unreadable", Raw: raw},
	}
	if call, ok := strings.CutPrefix(msg.Subject(), subjectRoot+"call."); ok {
		f.Call = cdr.CallID(call)
	}
	return f
}

// DefinitionsSubject is where the facts are filed that tell which definitions were
// in force, for who needs just those.
const DefinitionsSubject = subjectRoot + "definitions"

// subject is where a fact is filed: by its agent if it is about an agent's
// state, with the others of the audit log or of the definitions, else by its call.
func subject(f cdr.Fact) string {
	if s, ok := f.Story.(cdr.AgentChanged); ok {
		return subjectRoot + "agent." + token(s.Agent)
	}
	if _, is := f.Story.(cdr.Audited); is {
		return subjectRoot + "audit"
	}
	if _, is := f.Story.(cdr.Redefined); is {
		return DefinitionsSubject
	}
	if f.Call != "" {
		return subjectRoot + "call." + token(string(f.Call))
	}
	return subjectRoot + "other"
}

// token writes s so that it is one token of a NATS subject and of a bucket key:
// letters, digits, "-" and "_" stay, any other byte becomes "=XX".
func token(s string) string {
	if s == "" {
		return "=00"
	}
	if !strings.ContainsFunc(s, needsEscape) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if needsEscape(rune(s[i])) {
			fmt.Fprintf(&b, "=%02X", s[i])
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func needsEscape(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		return false
	}
	return true
}

// headerSafe keeps an ID from breaking out of its header line.
func headerSafe(id string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, id)
}

// untoken reads what token wrote. What token would not have written stays.
func untoken(s string) string {
	if s == "=00" {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '=' && i+2 < len(s) {
			if c, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
