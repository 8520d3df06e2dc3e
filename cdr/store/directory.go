package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

// Directory knows who has which number. Safe for concurrent use.
type Directory struct{ pool *pgxpool.Pool }

// NewDirectory returns the directory kept in pool.
func NewDirectory(pool *pgxpool.Pool) *Directory { return &Directory{pool: pool} }

// Entry is a contact with its numbers in E.164 ("+33…").
type Entry struct {
	Contact cdr.Contact
	Numbers []string
}

// Lookup returns the contact who has a number in E.164, and whether there is
// one. The caller sets the deadline.
func (d *Directory) Lookup(ctx context.Context, e164 string) (cdr.Contact, bool, error) {
	row, err := db.New(d.pool).ContactByNumber(ctx, text(e164))
	if errors.Is(err, pgx.ErrNoRows) {
		return cdr.Contact{}, false, nil
	}
	if err != nil {
		return cdr.Contact{}, false, fmt.Errorf("look a number up: %w", err)
	}
	return cdr.Contact{
		ID: row.ID, Name: row.Name, Email: row.Email,
		Site: row.Site, Language: row.Language, VIP: row.Vip,
	}, true, nil
}

// Numbers are all the numbers of a contact, in E.164; none of one who is not known.
func (d *Directory) Numbers(ctx context.Context, contact string) ([]string, error) {
	numbers, err := db.New(d.pool).NumbersOfContact(ctx, text(contact))
	if err != nil {
		return nil, fmt.Errorf("read the numbers of a contact: %w", err)
	}
	return numbers, nil
}

// UpsertContacts writes contacts and makes their numbers exactly the given
// ones, all or nothing. Other contacts stay; a number of another contact moves
// to the one given here. A number that is not E.164 is an error.
func (d *Directory) UpsertContacts(ctx context.Context, entries []Entry) error {
	now := time.Now()
	var contacts []db.PutContactParams
	var numbers []db.PutNumberParams
	var ids []string
	for _, e := range entries {
		c := e.Contact
		ids = append(ids, text(c.ID))
		contacts = append(contacts, db.PutContactParams{
			Now: now, Vip: c.VIP, ID: text(c.ID), Name: text(c.Name),
			Email: text(c.Email), Site: text(c.Site), Language: text(c.Language),
		})
		for _, n := range e.Numbers {
			numbers = append(numbers, db.PutNumberParams{E164: text(n), ContactID: text(c.ID)})
		}
	}
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := execAll(q.PutContact(ctx, contacts)); err != nil {
			return err
		}
		if err := q.ForgetNumbers(ctx, ids); err != nil {
			return err
		}
		return execAll(q.PutNumber(ctx, numbers))
	})
	if err != nil {
		return fmt.Errorf("write %d contacts: %w", len(entries), err)
	}
	return nil
}
