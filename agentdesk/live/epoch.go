package live

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"

	"linekeeper/agentdesk"
	"linekeeper/queue"
)

// source names what a board is made of. A sequence means nothing beside another
// ledger, other definitions, or a ledger whose end was lost and written anew. Nor
// after definitions that were in force for a while: what they did not have is
// lost from the board. The salt tells these apart.
type source [sha256.Size]byte

// makeSource names what the board is made of from now on; without a salt it is
// like none before. Owner only.
func (h *Hub) makeSource(salt string) {
	if salt == "" {
		salt = rand.Text()
	}
	h.salt = salt
	h.source = newSource(h.cfg.Facts.ID(), salt, h.cfg.Definitions)
}

// newSource is the same in every process for the same ledger, salt and
// definitions.
func newSource(ledger, salt string, defs queue.Definitions) source {
	data, err := json.Marshal(defs)
	if err != nil {
		panic("live: encode definitions: " + err.Error()) // plain types
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q ", ledger, salt)
	_, _ = sum.Write(data)
	return source(sum.Sum(nil))
}

// epochBytes are enough for no two to meet by chance.
const epochBytes = 12

// epoch is what a console that comes back has to name: the board's source, and
// who looks with which rights. Deltas for other eyes would leave a page wrong.
func (s source) epoch(v agentdesk.Viewer) string {
	sum := sha256.New()
	_, _ = sum.Write(s[:])
	_, _ = io.WriteString(sum, fmt.Sprintf("%+v", v))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:epochBytes])
}
