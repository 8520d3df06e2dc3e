package api

import (
	"context"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// Notes are the agents' notes on calls, kept as they type (agentdesk/notebook).
type Notes interface {
	// Note is an agent's note on a call, with those of its other agents. What was
	// never saved, or long ago, is of revision 0.
	Note(ctx context.Context, call cdr.CallID, agent string) (agentdesk.CallNote, error)
	// Save keeps a note, so that it outlives a crash, and returns it. With
	// agentdesk.ErrNoteChanged it returns the one that stands there instead. Saving the same
	// again is harmless.
	Save(ctx context.Context, save agentdesk.NoteSave) (agentdesk.CallNote, error)
	// Close tells the ledger the agent's note, with another text if one is given,
	// before a wrap-up is closed; and returns the text.
	Close(ctx context.Context, call cdr.CallID, agent string, text *string) (string, error)
}

// Articles are the knowledge bases (agentdesk/knowledge).
type Articles interface {
	// Search asks every base and returns after within at the latest, with what has
	// come and q.Reader may read, and who is missing.
	Search(ctx context.Context, q agentdesk.Question, within time.Duration) ([]agentdesk.FoundArticle, []agentdesk.Missing)
	// Article is one to read, in another language when there is none in that one;
	// agentdesk.ErrNoArticle, also when the reader may not.
	Article(ctx context.Context, base, id, language string, reader agentdesk.Reader) (agentdesk.Article, error)
}

// Directory knows the people who call. It must give up when ctx ends.
type Directory interface {
	// Numbers are all those of a contact, in E.164.
	Numbers(ctx context.Context, contact string) ([]string, error)
}

// Scripts are what the agents of queues say and check, by the definitions in
// force.
type Scripts interface {
	// Script is that of a queue, nil when it has none. It never blocks.
	Script(queue string) *agentdesk.Script
}
