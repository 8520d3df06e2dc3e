package pop

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Past is the past a database is filled with.
type Past struct {
	Calls   int
	Callers int // each has about as many of the calls, but for the first
	// Busy is the share of the calls that come from one number: a switchboard.
	Busy float64
	Seed uint64
}

// columns are those of the table calls, in the order of row.
var columns = []string{
	"call_id", "seq", "arrived_at", "ended_at", "waited_ms", "talked_ms", "wrap_up_ms", "offers", "code", "complete",
	"node", "number", "caller_number", "caller_name", "contact_id", "contact_name", "language", "flow",
	"queue", "agent", "outcome", "cause", "ended_by", "disposition", "agents", "record",
}

// fillers is how many connections copy at once.
const fillers = 2

// Fill fills an empty database with our schema. Indexes are made again when all
// rows are there, as a restore would.
func (p Past) Fill(ctx context.Context, pool *pgxpool.Pool, told io.Writer) error {
	began := time.Now()
	say := func(what string) { fmt.Fprintf(told, "%5.0f s  %s\n", time.Since(began).Seconds(), what) }
	for _, table := range unlogged {
		if _, err := pool.Exec(ctx, "ALTER TABLE "+table+" SET UNLOGGED"); err != nil {
			return fmt.Errorf("fill the past: %w", err)
		}
	}
	made, err := dropIndexes(ctx, pool)
	if err != nil {
		return fmt.Errorf("fill the past: %w", err)
	}
	say(fmt.Sprintf("copying %d calls", p.Calls))
	if err := together(fillers, func(part int) error { return p.copy(ctx, pool, part) }); err != nil {
		return fmt.Errorf("fill the past: %w", err)
	}
	for _, step := range append(made, linkTickets, "VACUUM ANALYZE calls", "VACUUM ANALYZE ticket_links") {
		say(step)
		if _, err := pool.Exec(ctx, step); err != nil {
			return fmt.Errorf("fill the past: %s: %w", step, err)
		}
	}
	say("filled")
	return nil
}

// unlogged are the tables that need not survive a crash here, which is quicker to
// fill and the same to read; those that refer to calls come before it.
var unlogged = []string{"ticket_links", "queue_visits", "talks", "callbacks", "calls"}

// linkTickets gives every third call a ticket.
const linkTickets = `INSERT INTO ticket_links (call_id, noted_at, created, system, ticket, subject, url) SELECT call_id, ended_at, true, 'rt', seq::text, 'Imprimante', '' FROM calls WHERE seq % 3 = 0`

// dropIndexes drops the indexes of calls but its key and returns what makes them
// again.
func dropIndexes(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	rows, err := pool.Query(ctx, `SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'calls' AND indexname <> 'calls_pkey' ORDER BY indexname`)
	if err != nil {
		return nil, err
	}
	type index struct{ Drop, Definition string }
	indexes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return nil, err
	}
	var made []string
	for _, i := range indexes {
		if _, err := pool.Exec(ctx, i.Drop); err != nil {
			return nil, err
		}
		made = append(made, i.Definition)
	}
	return made, nil
}

// copy copies every fillers-th call.
func (p Past) copy(ctx context.Context, pool *pgxpool.Pool, part int) error {
	random := rand.New(rand.NewPCG(p.Seed, uint64(part))) //nolint:gosec // the past is made up
	n := part
	_, err := pool.CopyFrom(ctx, pgx.Identifier{"calls"}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		if n >= p.Calls {
			return nil, nil
		}
		row := p.row(n, random)
		n += fillers
		return row, nil
	}))
	return err
}

// newest is when the last call of the past came; the first came two years before.
var newest = time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)

const years = 2 * 365 * 24 * time.Hour

// row is the n-th call of the past.
func (p Past) row(n int, random *rand.Rand) []any {
	at := newest.Add(-years + time.Duration(float64(years)*float64(n)/float64(p.Calls)))
	caller := 0
	if random.Float64() >= p.Busy {
		caller = 1 + random.IntN(p.Callers-1)
	}
	contact := Contact(caller)
	if caller%5 == 0 {
		contact = "" // the directory does not know everybody
	}
	agent := fmt.Sprintf("agent%03d", random.IntN(200))
	note := fmt.Sprintf("Appel %d : imprimante du deuxième étage, pilote remplacé, à revoir si cela recommence.", n)
	return []any{
		callID(at, n), int64(n + 1), at, at.Add(4 * time.Minute), int64(20_000), int64(180_000), int64(30_000), int32(1), int32(16), true,
		"pbx1", "0199000001", Number(caller), "", contact, "Marie Dupont", "fr", "helpdesk",
		"support-n1", agent, "answered", "hangup", "caller", "resolved",
		[]string{agent},
		record(Number(caller), agent, note, at),
	}
}

// Number is the number of a caller of the past.
func Number(caller int) string { return fmt.Sprintf("+3319900%06d", caller) }

// Contact is the directory's ID of a caller of the past.
func Contact(caller int) string { return fmt.Sprintf("contact-%d", caller) }

// callID is a UUIDv7 of a time (RFC 9562 §5.7), the n-th of its kind.
func callID(at time.Time, n int) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|0x7000) //nolint:gosec // after 1970
	binary.BigEndian.PutUint64(id[8:], 0x8000000000000000|uint64(n))      //nolint:gosec // not negative
	return id
}

// record is a call's record as long as most are: a menu, a stay in a queue, an
// offer with the reasons of six agents, a talk and a wrap-up.
func record(number, agent, note string, at time.Time) []byte {
	t := at.Format(time.RFC3339)
	return fmt.Appendf(nil, `{"call":"x","seq":1,"node":"pbx1","number":"0199000001","caller":{"number":"%[1]s"},"language":"fr","flow":"helpdesk",`+
		`"flow_version":"0123456789abcdef","arrived_at":"%[2]s","ended_at":"%[2]s","menu":[{"menu":"menu-support","digit":"1","choice":"Incident","at":"%[2]s"}],`+
		`"attributes":{"category":"incident"},"queues":[{"queue":"support-n1","entered_at":"%[2]s","left_at":"%[2]s","cause":"answered","waited_ns":20000000000}],`+
		`"offers":[{"offer":"x-1","agent":"%[3]s","queue":"support-n1","at":"%[2]s","popped_at":"%[2]s","rung_at":"%[2]s","ended_at":"%[2]s","outcome":"answered","rang_ns":4000000000,`+
		`"why":[{"agent":"%[3]s","name":"Alice Moreau","verdict":"chosen","rule":"longest-idle","seconds":120},{"agent":"a","name":"Bruno","verdict":"connected"},`+
		`{"agent":"b","name":"Chloé","verdict":"wrap-up","seconds":12},{"agent":"c","name":"David","verdict":"idle-for-less","seconds":30},{"agent":"d","name":"Emma","verdict":"not-ready","reason":"pause"}]}],`+
		`"talks":[{"offer":"x-1","agent":"%[3]s","queue":"support-n1","connected_at":"%[2]s","ended_at":"%[2]s","talked_ns":180000000000,"by":"caller"}],`+
		`"wrap_ups":[{"offer":"x-1","agent":"%[3]s","disposition":"resolved","note":"%[4]s","at":"%[2]s","took_ns":30000000000}],`+
		`"outcome":"answered","cause":"hangup","ended_by":"caller","code":16}`, number, t, agent, note)
}
