package live

import (
	"encoding/json"
	"time"

	"github.com/gorilla/websocket"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// The messages of asyncapi.yaml, field for field.

type snapshotMessage struct {
	Type   string            `json:"type"`
	Seq    uint64            `json:"seq"`
	Epoch  string            `json:"epoch"`
	At     time.Time         `json:"at"`
	Agents []agentdesk.Agent `json:"agents"`
	Queues []agentdesk.Queue `json:"queues"`
	Calls  []agentdesk.Call  `json:"calls"`
}

type deltaMessage struct {
	Type   string            `json:"type"`
	Seq    uint64            `json:"seq"`
	Agents []agentdesk.Agent `json:"agents,omitempty"`
	Queues []agentdesk.Queue `json:"queues,omitempty"`
	Calls  []agentdesk.Call  `json:"calls,omitempty"`
	Gone   []cdr.CallID      `json:"gone,omitempty"`
}

type consolesMessage struct {
	Type     string   `json:"type"`
	Consoles []ailing `json:"consoles"`
}

type phoneMessage struct {
	Type  string `json:"type"`
	Here  bool   `json:"here"`
	Taken bool   `json:"taken,omitempty"`
}

type beatMessage struct {
	Type string    `json:"type"`
	At   time.Time `json:"at"`
	Seq  uint64    `json:"seq,omitempty"`
}

type byeMessage struct {
	Type   string    `json:"type"`
	Reason byeReason `json:"reason"`
}

// byeReason is why the server closes a socket.
type byeReason string

// The reasons of a bye.
const (
	signedOut  byeReason = "signed-out" // do not come back
	restarting byeReason = "restarting" // come back
)

// heard is a message from a console: any of the contract's, the fields of the
// others empty.
type heard struct {
	Type  string      `json:"type"`
	Offer cdr.OfferID `json:"offer"`
	health
}

// snapshot is a message that lacks its time.
func snapshot(seq uint64, epoch string, v agentdesk.View) *snapshotMessage {
	return &snapshotMessage{
		Type: "snapshot", Seq: seq, Epoch: epoch,
		Agents: list(v.Agents), Queues: list(v.Queues), Calls: list(v.Calls),
	}
}

func delta(seq uint64, v agentdesk.View) deltaMessage {
	return deltaMessage{Type: "delta", Seq: seq, Agents: v.Agents, Queues: v.Queues, Calls: v.Calls, Gone: v.Gone}
}

// list is never null in JSON.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// frame is an encoded message, a snapshot that the writer encodes when it comes to
// it, or the word to fetch a fresh one then. Many consoles share an encoded one; its
// compressed form is made once.
type frame struct {
	message  *websocket.PreparedMessage
	size     int
	snapshot *snapshotMessage
	resync   bool
}

// resync in an outbox stands for a snapshot taken when it is its turn.
var resync = &frame{resync: true}

// encode panics on what cannot be: every message is made of plain types.
func encode(message any) *frame {
	data, err := json.Marshal(message)
	if err != nil {
		panic("live: encode a message: " + err.Error())
	}
	prepared, err := websocket.NewPreparedMessage(websocket.TextMessage, data)
	if err != nil {
		panic("live: prepare a message: " + err.Error())
	}
	return &frame{message: prepared, size: len(data)}
}
