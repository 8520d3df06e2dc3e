package asterisk

import (
	"context"
	"errors"
	"fmt"
)

// State is where a node's line stands; the diagram is in doc.go.
type State string

// The states of a node.
const (
	Stopped    State = "stopped"    // not started, or stopped
	Connecting State = "connecting" // no socket, or its inventory not yet delivered
	Ready      State = "ready"      // events flow and the last inventory was delivered
	Replaced   State = "replaced"   // another controller took the application
)

var (
	// ErrReplaced says that another controller took the application over: this
	// one commands nothing any more until it is stopped and started.
	ErrReplaced = errors.New("another controller has taken the application over")
	// ErrStopped says that the node was not started or has been stopped.
	ErrStopped = errors.New("the line to Asterisk is stopped")
)

// State tells where the line stands now. It is safe for concurrent use.
func (n *Node) State() State {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.state
}

// Ready tells whether the node is in control of its Asterisk.
func (n *Node) Ready() bool { return n.State() == Ready }

// WaitReady returns nil once the node is ready, ErrReplaced if it never will
// be, or ctx's error. A stopped node is waited for: it may be started yet.
func (n *Node) WaitReady(ctx context.Context) error {
	return n.WaitState(ctx, Ready)
}

// WaitState waits for any state, as WaitReady does for Ready.
func (n *Node) WaitState(ctx context.Context, want State) error {
	for {
		n.mu.Lock()
		state, changed := n.state, n.changed
		n.mu.Unlock()
		switch {
		case state == want:
			return nil
		case state == Replaced && want != Stopped:
			return ErrReplaced
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait until asterisk %s is %s (it is %s): %w", n.cfg.Node, want, state, ctx.Err())
		}
	}
}

// become changes the state.
func (n *Node) become(to State, cause any) { n.transit(to, cause, func() {}) }

// transit changes the state, and with it what also changes under the lock. It
// is the only place that does.
func (n *Node) transit(to State, cause any, also func()) {
	n.mu.Lock()
	also()
	from := n.state
	if from == to || (from == Replaced && to != Stopped) {
		n.mu.Unlock()
		return
	}
	n.state = to
	close(n.changed)
	n.changed = make(chan struct{})
	n.mu.Unlock()

	if to == Replaced {
		n.log.Error("another controller took this application: commanding nothing any more",
			"from", from, "to", to, "app", n.cfg.App)
		return
	}
	n.log.Info("asterisk line", "from", from, "to", to, "cause", cause)
}

// mayCommand refuses commands that would disturb another controller's calls.
func (n *Node) mayCommand() error {
	switch n.State() {
	case Replaced:
		return ErrReplaced
	case Stopped:
		return ErrStopped
	case Connecting, Ready:
	}
	return nil
}
