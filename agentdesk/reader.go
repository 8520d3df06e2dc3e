package agentdesk

import "slices"

// Reader says which knowledge articles somebody may read. The zero value reads
// those that are everybody's.
type Reader struct {
	All    bool     // every article: administrators, supervisors of the whole floor
	Queues []string // and those that name one of these
}

// Reader is the viewer as a reader of articles: an agent reads those of the queues
// they see, a supervisor those their right holds for besides. An administrator, who
// reads the definitions, reads all.
func (v Viewer) Reader() Reader {
	if v.SeesAll() || v.Role == RoleAdministrator {
		return Reader{All: true}
	}
	return Reader{Queues: slices.Clone(v.Queues)}
}

// Reads says whether an article that names these queues may be read: one that names
// none is everybody's.
func (r Reader) Reads(queues []string) bool {
	named := func(queue string) bool { return slices.Contains(r.Queues, queue) }
	return r.All || len(queues) == 0 || slices.ContainsFunc(queues, named)
}
