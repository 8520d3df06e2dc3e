package ticket

import "cmp"

// Thing is a kind of thing that a note names.
type Thing string

// The things that have names of their own, in the definitions in force.
const (
	ThingAgent       Thing = "agent"
	ThingQueue       Thing = "queue"
	ThingDisposition Thing = "disposition"
	ThingRejection   Thing = "rejection"
	ThingTool        Thing = "tool" // of remote support
)

// Names gives a thing's name in both languages, empty if it has none, or no more.
// It is safe for concurrent use.
type Names func(what Thing, id string) (fr, en string)

// name is what a thing is called in the note's language, its ID if it has no name.
func (n *noteWriter) name(what Thing, id string) string {
	if n.names == nil || id == "" {
		return id
	}
	return cmp.Or(n.words.said(n.names(what, id)), id)
}
