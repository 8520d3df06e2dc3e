package live

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"linekeeper/agentdesk"
)

// saveWithin bounds one save or load.
const saveWithin = 5 * time.Second

// largestSave bounds what a saved board may unpack to: 64 MiB, some 200,000
// live calls.
const largestSave = 64 << 20

// load returns the saved board, or an empty one: a save that is lost or cannot
// be read only costs a longer replay.
func (h *Hub) load(ctx context.Context) *agentdesk.Board {
	board := agentdesk.NewBoard(h.cfg.Definitions, h.cfg.Location)
	if h.cfg.Saves == nil {
		return board
	}
	ctx, cancel := context.WithTimeout(ctx, saveWithin)
	defer cancel()
	packed, err := h.cfg.Saves.Load(ctx)
	if err == nil && len(packed) > 0 {
		err = h.unfold(board, packed)
	}
	if err != nil {
		h.log.Warn("the saved board cannot be used: reading the ledger from its start", "error", err)
	}
	return board
}

// kept is a saved board with the ledger its sequence belongs to, what it was made
// of, and the pages that have the agents' phones.
type kept struct {
	Ledger string            `json:"ledger"`
	Salt   string            `json:"salt"`
	Source []byte            `json:"source"`
	Board  json.RawMessage   `json:"board"`
	Phones map[string]string `json:"phones,omitempty"`
}

var errAnotherLedger = errors.New("it belongs to another ledger")

func (h *Hub) unfold(board *agentdesk.Board, packed []byte) error {
	data, err := unpack(packed)
	if err != nil {
		return err
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return fmt.Errorf("unpack the board: %w", err)
	}
	if k.Ledger != h.cfg.Facts.ID() {
		return errAnotherLedger
	}
	if err := board.Load(k.Board); err != nil {
		return err
	}
	h.expect(k.Phones, time.Now())
	if made := newSource(k.Ledger, k.Salt, h.cfg.Definitions); bytes.Equal(made[:], k.Source) {
		h.salt = k.Salt // the same definitions: consoles can go on
	}
	return nil
}

// save hands the board to the saver if it has changed since.
func (h *Hub) save(s *saver) {
	if s == nil || !h.caughtUp || h.board.Seq() == h.saved && !h.unsaved {
		return
	}
	data, err := h.board.Save()
	if err == nil {
		data, err = json.Marshal(kept{
			Ledger: h.cfg.Facts.ID(), Salt: h.salt, Source: h.source[:], Board: data, Phones: h.holders(),
		})
	}
	if err != nil {
		h.log.Error("the board cannot be saved", "error", err)
		return
	}
	s.hand(boardSave{seq: h.board.Seq(), data: data})
	h.saved, h.unsaved = h.board.Seq(), false
}

type boardSave struct {
	seq  uint64
	data []byte
}

// saver packs and writes saves in its own goroutine: the store may be slow.
type saver struct {
	work chan boardSave
	done chan struct{}
}

func startSaver(saves Saves, log *slog.Logger) *saver {
	if saves == nil {
		return nil
	}
	s := &saver{work: make(chan boardSave, 1), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		for b := range s.work {
			if err := write(saves, b); err != nil {
				log.Warn("the board was not saved", "seq", b.seq, "error", err)
			}
		}
	}()
	return s
}

// hand gives the saver a board, in place of one it has not begun to write.
func (s *saver) hand(b boardSave) {
	select {
	case <-s.work:
	default:
	}
	s.work <- b // room: the owner is the only one who fills it
}

// stop waits until the last save is written.
func (s *saver) stop() {
	if s == nil {
		return
	}
	close(s.work)
	<-s.done
}

func write(saves Saves, b boardSave) error {
	ctx, cancel := context.WithTimeout(context.Background(), saveWithin)
	defer cancel()
	packed, err := pack(b.data)
	if err != nil {
		return err
	}
	return saves.Save(ctx, packed, b.seq)
}

// pack compresses a board: NATS takes messages up to 1 MiB by default, which
// some 5,000 agents would fill.
func pack(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		return nil, fmt.Errorf("pack the board: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack the board: %w", err)
	}
	return out.Bytes(), nil
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack the board: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(r, largestSave))
	if err != nil {
		return nil, fmt.Errorf("unpack the board: %w", err)
	}
	return data, nil
}
