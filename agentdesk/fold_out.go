package agentdesk

import "linekeeper/cdr"

// promise puts a call on the board that an agent promised a customer.
func (b *Board) promise(f cdr.Fact, s cdr.FollowUpAsked, change *Change) {
	b.begin(Call{
		ID: f.Call, State: InFlow, Number: s.From, Caller: cdr.Caller{Number: s.Number, Name: s.Name},
		Language: s.Language, ArrivedAt: f.At, Direction: cdr.Outward,
		FollowUp: &cdr.FollowUp{Of: s.Of, Agent: s.Agent, At: s.At, Until: s.Until, Note: s.Note, Mine: s.Mine},
	}, change)
}

// begin puts a call on the board that nobody rang us with.
func (b *Board) begin(c Call, change *Change) {
	if _, known := b.calls[c.ID]; known || c.ID == "" {
		return
	}
	b.calls[c.ID] = &call{Call: c}
	change.calls.add(c.ID)
}

// dial puts a call on the board that an agent makes.
func (b *Board) dial(f cdr.Fact, s cdr.Dialled, change *Change) {
	b.begin(Call{
		ID: f.Call, State: InFlow, Number: s.From, Caller: cdr.Caller{Number: s.Number}, Queue: s.Queue,
		ArrivedAt: f.At, Direction: cdr.Outward, By: s.Agent,
	}, change)
}
