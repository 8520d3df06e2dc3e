-- name: LockPosition :one
-- One projector at a time applies a fact: whoever holds the row.
SELECT seq, ledger FROM positions WHERE reader = @reader FOR UPDATE;

-- name: InitPosition :exec
INSERT INTO positions (seq, reader, ledger) VALUES (0, @reader, @ledger)
ON CONFLICT (reader) DO NOTHING;

-- name: ReadPosition :one
SELECT seq, ledger FROM positions WHERE reader = @reader;

-- name: MovePosition :exec
UPDATE positions SET seq = @seq, ledger = @ledger WHERE reader = @reader;

-- name: Records :many
-- The columns beside the record stand in for it when it cannot be read.
SELECT call_id, seq, arrived_at, ended_at, code, node, number, caller_number, caller_name, contact_id, contact_name,
       language, flow, outcome, cause, ended_by, record
FROM calls WHERE call_id = ANY(@call_ids::uuid[]);

-- name: Record :one
SELECT record FROM calls WHERE call_id = @call_id;

-- name: PutCall :batchexec
INSERT INTO calls (
    call_id, seq, arrived_at, ended_at, waited_ms, talked_ms, wrap_up_ms, offers, code, complete,
    node, number, caller_number, caller_name, contact_id, contact_name, language, flow,
    queue, agent, outcome, cause, ended_by, disposition, agents, record
) VALUES (
    @call_id, @seq, @arrived_at, @ended_at, @waited_ms, @talked_ms, @wrap_up_ms, @offers, @code, @complete,
    @node, @number, @caller_number, @caller_name, @contact_id, @contact_name, @language, @flow,
    @queue, @agent, @outcome, @cause, @ended_by, @disposition, @agents, @record
)
ON CONFLICT (call_id) DO UPDATE SET
    seq = excluded.seq, arrived_at = excluded.arrived_at, ended_at = excluded.ended_at,
    waited_ms = excluded.waited_ms, talked_ms = excluded.talked_ms, wrap_up_ms = excluded.wrap_up_ms,
    offers = excluded.offers, code = excluded.code, complete = excluded.complete,
    node = excluded.node, number = excluded.number,
    caller_number = excluded.caller_number, caller_name = excluded.caller_name,
    contact_id = excluded.contact_id, contact_name = excluded.contact_name,
    language = excluded.language, flow = excluded.flow, queue = excluded.queue, agent = excluded.agent,
    outcome = excluded.outcome, cause = excluded.cause, ended_by = excluded.ended_by,
    disposition = excluded.disposition, agents = excluded.agents, record = excluded.record;

-- name: PutTicketLink :batchexec
INSERT INTO ticket_links (call_id, noted_at, created, system, ticket, subject, url)
VALUES (@call_id, @noted_at, @created, @system, @ticket, @subject, @url)
ON CONFLICT (call_id, system, ticket) DO UPDATE SET
    noted_at = excluded.noted_at, created = excluded.created,
    subject = excluded.subject, url = excluded.url;

-- name: LastCalls :many
-- Each half reads the newest few of one index.
SELECT c.call_id, c.arrived_at, c.ended_at, c.waited_ms, c.talked_ms, c.number, c.caller_number,
       c.contact_id, c.queue, c.agent, c.outcome, c.disposition,
       c.agents,
       ARRAY(SELECT q #>> '{}' FROM (
                 SELECT jsonb_path_query(c.record, '$.queue') UNION SELECT jsonb_path_query(c.record, '$.queues[*].queue')
                 UNION SELECT jsonb_path_query(c.record, '$.talks[*].queue')) AS was (q)
             WHERE q <> '""')::text[] AS queues, -- all it is or was of
       COALESCE((SELECT w.note->>'note' FROM jsonb_array_elements(c.record->'wrap_ups') WITH ORDINALITY AS w (note, n)
                 WHERE w.note->>'note' <> '' ORDER BY w.n DESC LIMIT 1), '')::text AS note, -- the last one written
       COALESCE(c.record->>'direction', '')::text AS direction,
       jsonb_array_length(COALESCE(c.record->'recordings', '[]'))::int AS recorded
FROM calls c
WHERE c.call_id IN (
    (SELECT n.call_id FROM calls n WHERE n.caller_number = @caller_number AND n.caller_number <> '' AND n.call_id <> @except_call
     ORDER BY n.arrived_at DESC LIMIT @max_rows)
    UNION
    (SELECT p.call_id FROM calls p WHERE p.contact_id = @contact_id AND p.contact_id <> '' AND p.call_id <> @except_call
     ORDER BY p.arrived_at DESC LIMIT @max_rows)
)
ORDER BY c.arrived_at DESC LIMIT @max_rows;

-- name: NewestRecords :many
-- Each narrowing is off when its parameter is empty. A call is of a queue when it
-- is or was in it.
SELECT record FROM calls
WHERE arrived_at < @before
  AND (@queue::text = '' OR queue = @queue)
  AND (cardinality(@queues::text[]) = 0 OR queue = ANY (@queues::text[]) OR EXISTS (
        SELECT 1 FROM queue_visits v WHERE v.call_id = calls.call_id AND v.queue = ANY (@queues::text[])))
  AND (@agent::text = '' OR agents @> ARRAY[@agent::text])
  AND (@caller_number::text = '' OR caller_number = @caller_number)
ORDER BY arrived_at DESC LIMIT @max_rows;

-- name: TicketsOfCalls :many
SELECT call_id, noted_at, created, system, ticket, subject, url
FROM ticket_links WHERE call_id = ANY(@call_ids::uuid[])
ORDER BY call_id, system, ticket;
