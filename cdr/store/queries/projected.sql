-- name: PutVisit :batchexec
INSERT INTO queue_visits (
    call_id, entered_at, left_at, waited_ms, estimated_at, low_ms, high_ms, n, place, announced,
    short, callback, queue, cause, overflow_to, overflow_target
) VALUES (
    @call_id, @entered_at, @left_at, @waited_ms, @estimated_at, @low_ms, @high_ms, @n, @place, @announced,
    @short, @callback, @queue, @cause, @overflow_to, @overflow_target
)
ON CONFLICT (call_id, n) DO UPDATE SET
    entered_at = excluded.entered_at, left_at = excluded.left_at, waited_ms = excluded.waited_ms,
    estimated_at = excluded.estimated_at, low_ms = excluded.low_ms, high_ms = excluded.high_ms,
    place = excluded.place, announced = excluded.announced, short = excluded.short,
    callback = excluded.callback, queue = excluded.queue, cause = excluded.cause,
    overflow_to = excluded.overflow_to, overflow_target = excluded.overflow_target;

-- name: PutTalk :batchexec
INSERT INTO talks (call_id, connected_at, ended_at, talked_ms, wrap_up_ms, n, agent, queue)
VALUES (@call_id, @connected_at, @ended_at, @talked_ms, @wrap_up_ms, @n, @agent, @queue)
ON CONFLICT (call_id, n) DO UPDATE SET
    connected_at = excluded.connected_at, ended_at = excluded.ended_at, talked_ms = excluded.talked_ms,
    wrap_up_ms = excluded.wrap_up_ms, agent = excluded.agent, queue = excluded.queue;

-- name: PutCallback :batchexec
INSERT INTO callbacks (
    call_id, asked_at, not_before, not_after, reached_at, over_at, tries, queue, number, mode, asked_by, outcome
) VALUES (
    @call_id, @asked_at, @not_before, @not_after, @reached_at, @over_at, @tries, @queue, @number, @mode, @asked_by, @outcome
)
ON CONFLICT (call_id) DO UPDATE SET
    asked_at = excluded.asked_at, not_before = excluded.not_before, not_after = excluded.not_after,
    reached_at = excluded.reached_at, over_at = excluded.over_at, tries = excluded.tries, queue = excluded.queue,
    number = excluded.number, mode = excluded.mode, asked_by = excluded.asked_by, outcome = excluded.outcome;

-- name: SetAside :exec
INSERT INTO unreadable (set_aside_at, seq, what, ledger, call, error, record)
VALUES (@now, @seq, @what, @ledger, @call, @error, @record)
ON CONFLICT (ledger, seq, what, call) DO NOTHING;

-- name: Unreadable :many
SELECT set_aside_at, seq, what, ledger, call, error FROM unreadable
ORDER BY set_aside_at DESC, seq DESC LIMIT @max_rows;
