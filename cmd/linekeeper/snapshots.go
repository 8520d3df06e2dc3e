package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"linekeeper/cdr/ledger"
)

// saved is a bucket of snapshots, as actors and floor keep theirs: one writer a
// key, so that revisions are of no use to them.
type saved struct{ bucket *ledger.Bucket }

func (s saved) Put(ctx context.Context, key string, value []byte) error {
	_, err := s.bucket.Put(ctx, key, value)
	return err
}

func (s saved) Delete(ctx context.Context, key string) error { return s.bucket.Delete(ctx, key) }

func (s saved) All(ctx context.Context) (map[string][]byte, error) {
	all, err := s.bucket.All(ctx)
	if err != nil {
		return nil, err
	}
	values := make(map[string][]byte, len(all))
	for _, snap := range all {
		values[snap.Key] = snap.Value
	}
	return values, nil
}

// boardKey is the one key of the board's bucket.
const boardKey = "board"

// boardSaves keeps the desk's board: its sequence, then its data. A board
// behind the one that is there is not worth keeping.
type boardSaves struct{ bucket *ledger.Bucket }

func (b boardSaves) Load(ctx context.Context) ([]byte, error) {
	snap, err := b.bucket.Get(ctx, boardKey)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(snap.Value) < 8 {
		return nil, fmt.Errorf("saved board has %d bytes", len(snap.Value))
	}
	return snap.Value[8:], nil
}

func (b boardSaves) Save(ctx context.Context, data []byte, seq uint64) error {
	_, err := b.bucket.Put(ctx, boardKey, append(binary.BigEndian.AppendUint64(nil, seq), data...))
	return err
}
