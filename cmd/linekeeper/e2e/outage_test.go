package e2e

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"linekeeper/cdr"
)

// TestPostgreSQLIsDown: a call goes through as if nothing were, Bruno wraps it up,
// and its record is there when the database is back.
func TestPostgreSQLIsDown(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	bruno.ready(t)
	ctx := context.WithoutCancel(t.Context())
	if err := s.postgres().Stop(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.startPostgres(t) })

	call := s.dial(t, identity{"Inconnu", stranger()}, helpdesk)
	call.press1(t)
	talk := bruno.answer(t)
	call.await(t, cdr.KindConnected)
	hears(t, "Bruno", talk)
	call.hangUp(t)
	over(t, "Bruno", talk)
	call.await(t, cdr.KindEnded)
	bruno.wrapUp(t, call.id, cdr.NotReady)
	call.await(t, cdr.KindWrappedUp)
	if _, err := s.readRecord(call.id); err == nil || errors.Is(err, pgx.ErrNoRows) {
		t.Fatalf("PostgreSQL is not down: %v", err)
	}

	s.startPostgres(t)
	call.told(t, "arrived", "flow-started", "menu-chosen", "queue-entered", "wait-estimated", "offered", "popped", "rung",
		"offer-ended", "queue-left", "connected", "talk-ended", "ended", "noted", "wrapped-up")
	assertEnd(t, s.record(t, call.visit), cdr.OutcomeAnswered, cdr.ByCaller)
}

func (s *stack) startPostgres(t *testing.T) {
	t.Helper()
	if err := s.postgres().Start(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}
