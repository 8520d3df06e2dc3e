-- name: LastAgent :one
-- Each half reads the newest few of one index.
SELECT l.agent, l.arrived_at FROM (
    (SELECT n.agent, n.arrived_at FROM calls n
     WHERE n.caller_number = @caller_number AND n.caller_number <> '' AND n.agent <> ''
       AND n.arrived_at >= @since AND n.call_id <> @except_call
     ORDER BY n.arrived_at DESC LIMIT 1)
    UNION ALL
    (SELECT p.agent, p.arrived_at FROM calls p
     WHERE p.contact_id = @contact_id AND p.contact_id <> '' AND p.agent <> ''
       AND p.arrived_at >= @since AND p.call_id <> @except_call
     ORDER BY p.arrived_at DESC LIMIT 1)
) l
ORDER BY l.arrived_at DESC LIMIT 1;

-- name: RecentlyHandled :many
-- The newest of each queue, oldest first: how long agents were taken up.
SELECT q.queue::text AS queue, (t.talked_ms + t.wrap_up_ms)::bigint AS took_ms
FROM unnest(@queues::text[]) AS q (queue)
CROSS JOIN LATERAL (
    SELECT talked_ms, wrap_up_ms, connected_at FROM talks
    WHERE talks.queue = q.queue AND wrap_up_ms IS NOT NULL AND connected_at < @before
    ORDER BY connected_at DESC LIMIT @max_rows
) t
ORDER BY t.connected_at;

-- name: WaitAccuracy :many
-- What was expected at entry against what came, of calls that were answered while
-- their callers stood on the line, by queue and by day in the site's time zone.
SELECT
    v.queue, to_char(v.left_at AT TIME ZONE @zone::text, 'YYYY-MM-DD')::text AS day,
    count(*) AS answered,
    count(v.low_ms) AS told,
    count(*) FILTER (WHERE v.actual_ms BETWEEN v.low_ms AND v.high_ms) AS within,
    count(*) FILTER (WHERE v.actual_ms < v.low_ms) AS sooner,
    count(*) FILTER (WHERE v.actual_ms > v.high_ms) AS later,
    COALESCE(avg(v.actual_ms) FILTER (WHERE v.low_ms IS NOT NULL), 0)::bigint AS actual_ms,
    COALESCE(avg(v.low_ms), 0)::bigint AS low_ms,
    COALESCE(avg(v.high_ms), 0)::bigint AS high_ms,
    COALESCE(avg(GREATEST(v.low_ms - v.actual_ms, v.actual_ms - v.high_ms, 0)) FILTER (WHERE v.low_ms IS NOT NULL), 0)::bigint AS off_ms
FROM (
    SELECT queue, left_at, low_ms, high_ms,
           GREATEST((EXTRACT(epoch FROM left_at - COALESCE(estimated_at, entered_at)) * 1000)::bigint, 0) AS actual_ms
    FROM queue_visits
    WHERE left_at >= @since AND left_at < @until AND cause = 'answered' AND NOT callback
      AND (@queue::text = '' OR queue = @queue)
) v
GROUP BY 1, 2 ORDER BY 2, 1;

-- name: Overflows :many
SELECT queue, cause, overflow_to, overflow_target, count(*) AS calls FROM queue_visits
WHERE left_at >= @since AND left_at < @until AND overflow_to <> ''
  AND (@queue::text = '' OR queue = @queue)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 5 DESC, 2, 3, 4;

-- name: Callbacks :many
-- Newest first; each narrowing is off when its parameter is empty.
SELECT b.call_id, b.asked_at, b.not_before, b.not_after, b.reached_at, b.over_at, b.tries,
       b.queue, b.number, b.mode, b.asked_by, b.outcome, c.contact_id, c.contact_name, c.agent
FROM callbacks b JOIN calls c USING (call_id)
WHERE b.asked_at >= @since AND b.asked_at < @until
  AND (@queue::text = '' OR b.queue = @queue)
  AND (@outcome::text = '' OR b.outcome = @outcome)
ORDER BY b.asked_at DESC LIMIT @max_rows;

-- name: CallbackStatistics :many
SELECT
    queue, count(*) AS asked,
    count(*) FILTER (WHERE outcome = 'waiting') AS waiting,
    count(*) FILTER (WHERE outcome = 'reached') AS reached,
    count(*) FILTER (WHERE outcome = 'expired') AS expired,
    count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled,
    count(*) FILTER (WHERE outcome = 'resumed') AS resumed,
    count(*) FILTER (WHERE outcome = 'lost') AS lost,
    COALESCE(sum(tries), 0)::bigint AS tries,
    COALESCE(avg(EXTRACT(epoch FROM reached_at - asked_at) * 1000), 0)::bigint AS waited_ms,
    COALESCE(max(EXTRACT(epoch FROM reached_at - asked_at) * 1000), 0)::bigint AS longest_ms
FROM callbacks
WHERE asked_at >= @since AND asked_at < @until
  AND (@queue::text = '' OR queue = @queue)
GROUP BY 1 ORDER BY 1;

-- name: RecordsAfter :many
-- By key, so that a batch costs the same wherever it stands.
SELECT call_id, record FROM calls WHERE call_id > @after ORDER BY call_id LIMIT @max_rows;

-- name: CountRecords :one
SELECT count(*) FROM calls;
