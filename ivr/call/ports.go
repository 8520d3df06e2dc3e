package call

import (
	"context"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Floor takes what calls tell the queues. Tell never blocks, keeps the order of
// one caller's events, and is safe for concurrent use. queue/floor implements it
// and answers through Calls.Offer and Calls.Withdraw.
type Floor interface {
	Tell(ev queue.Event)
}

// Ledger appends facts. Append never blocks, keeps the order of one writer's
// facts, retries until the ledger has them, and then calls stored (from any
// goroutine). Appending a fact of a known ID again stores nothing.
type Ledger interface {
	Append(stored func(), facts ...cdr.Fact)
}

// Snapshots keep the state of live calls across a crash. When Put returns nil
// the state survives the end of the process. Safe for concurrent use.
type Snapshots interface {
	Put(ctx context.Context, key string, value []byte) error
	Delete(ctx context.Context, key string) error
	All(ctx context.Context) (map[string][]byte, error)
}

// Directory knows people by their number (E.164). It may be slow or dead: the
// actor asks outside its goroutine, under a deadline, and goes on without.
type Directory interface {
	Lookup(ctx context.Context, number string) (cdr.Contact, bool, error)
}

// Consoles says whether an agent has a console open, which will acknowledge a
// screen pop. It never blocks.
type Consoles interface {
	Open(agent string) bool
}
