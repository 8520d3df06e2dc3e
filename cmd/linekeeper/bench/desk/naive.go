package desk

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/queue"
)

// naive is what is built first: the board under a lock, and either the whole of
// what each viewer may see, each second, made once for all who see the same; or
// every change, made once, to everyone, by the hub of gorilla/websocket's chat
// example, which drops a client that is 256 messages behind.
type naive struct {
	cancel  context.CancelFunc
	running sync.WaitGroup
	chat    bool

	mu    sync.Mutex
	board *agentdesk.Board
	rooms map[chan []byte]agentdesk.Viewer
}

// chatBehind is the chat example's buffer for each client.
const chatBehind = 256

func newNaive(defs queue.Definitions, facts *ledger.Ledger, chat bool) *naive {
	ctx, cancel := context.WithCancel(context.Background())
	n := &naive{cancel: cancel, chat: chat, board: agentdesk.NewBoard(defs, time.UTC), rooms: map[chan []byte]agentdesk.Viewer{}}
	n.running.Go(func() { _ = facts.Read(ctx, 1, n.fold) })
	if !chat {
		n.running.Go(func() { n.repeat(ctx) })
	}
	return n
}

// everything is the whole floor.
var everything = agentdesk.Viewer{Account: "everyone", Role: agentdesk.RoleSupervisor}

func (n *naive) fold(f cdr.Fact) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	change := n.board.Apply(f)
	if !n.chat || change.Empty() {
		return nil
	}
	data, err := json.Marshal(lower(n.board.Delta(change, everything)))
	for room := range n.rooms {
		select {
		case room <- data:
		default:
			close(room)
			delete(n.rooms, room)
		}
	}
	return err
}

// repeat sends all of it each second; a client that is still busy with the last
// is left out.
func (n *naive) repeat(ctx context.Context) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case <-second.C:
		case <-ctx.Done():
			return
		}
		n.mu.Lock()
		shared := map[string][]byte{}
		for room, viewer := range n.rooms {
			class := viewer.Class()
			if shared[class] == nil {
				shared[class], _ = json.Marshal(lower(n.board.View(viewer))) // plain types
			}
			if len(room) == 0 {
				room <- shared[class]
			}
		}
		n.mu.Unlock()
	}
}

// lower is a view with the names of the contract.
func lower(v agentdesk.View) map[string]any {
	return map[string]any{"agents": v.Agents, "queues": v.Queues, "calls": v.Calls, "gone": v.Gone}
}

var plain = websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024} // the example's

func (n *naive) serve(w http.ResponseWriter, r *http.Request, viewer agentdesk.Viewer) {
	ws, err := plain.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer ws.Close()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				return
			}
		}
	}()
	n.talk(ws, viewer, gone)
	_ = ws.Close()
	<-gone
}

// all sends what the viewer may see.
func (n *naive) all(ws *websocket.Conn, viewer agentdesk.Viewer) error {
	n.mu.Lock()
	view := n.board.View(viewer)
	n.mu.Unlock()
	data, err := json.Marshal(lower(view))
	if err != nil {
		return err
	}
	return ws.WriteMessage(websocket.TextMessage, data)
}

// talk sends what comes into the room, after the state to begin with.
func (n *naive) talk(ws *websocket.Conn, viewer agentdesk.Viewer, gone <-chan struct{}) {
	if n.all(ws, viewer) != nil {
		return
	}
	room := make(chan []byte, chatBehind)
	n.mu.Lock()
	n.rooms[room] = viewer
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		delete(n.rooms, room)
		n.mu.Unlock()
	}()
	for {
		select {
		case data, open := <-room:
			if !open || ws.SetWriteDeadline(time.Now().Add(10*time.Second)) != nil || ws.WriteMessage(websocket.TextMessage, data) != nil {
				return
			}
		case <-gone:
			return
		}
	}
}

func (n *naive) stop(context.Context) error {
	n.cancel()
	n.running.Wait()
	return nil
}
