-- Orders of one state as a reviewer takes them: exceptions first (taken although the check failed, a retake, another order of the
-- same person), then whoever waits longest. The verdict is read from the photo's JSON, which this program alone writes.
SELECT * FROM (
    SELECT o.*,
        CASE WHEN o.photo LIKE '%"verdict":"passed"%' AND o.tries = 0 AND o.duplicate_person = 0
            THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS calm
    FROM orders o
    WHERE o.state = ?1
      AND (?2 IS NULL OR o.school_id = ?2)
      AND (?3 IS NULL OR o.campaign_id = ?3)
      AND (?4 IS NULL OR o.station_id = ?4)
) q
WHERE q.calm > ?5
   OR (q.calm = ?5 AND (q.received_at_ms > ?6 OR (q.received_at_ms = ?6 AND q.order_id > ?7)))
ORDER BY q.calm, q.received_at_ms, q.order_id
LIMIT ?8
