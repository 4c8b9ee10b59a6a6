-- Orders of one state as a reviewer takes them: exceptions first (taken although the check failed, a retake, another order of the
-- same person), then those the check warned of, then the others; in each, whoever waits longest. What the check said is read from
-- the photo's JSON, which this program alone writes: `warned` is left out when there is nothing to warn of.
SELECT * FROM (
    SELECT o.*,
        CASE WHEN o.photo NOT LIKE '%"verdict":"passed"%' OR o.tries > 0 OR o.duplicate_person <> 0 THEN CAST(0 AS BIGINT)
            WHEN o.photo LIKE '%"warned":[%' THEN CAST(1 AS BIGINT)
            ELSE CAST(2 AS BIGINT) END AS turn
    FROM orders o
    WHERE o.state = ?1
      AND (?2 IS NULL OR o.school_id = ?2)
      AND (?3 IS NULL OR o.campaign_id = ?3)
      AND (?4 IS NULL OR o.station_id = ?4)
) q
WHERE q.turn > ?5
   OR (q.turn = ?5 AND (q.received_at_ms > ?6 OR (q.received_at_ms = ?6 AND q.order_id > ?7)))
ORDER BY q.turn, q.received_at_ms, q.order_id
LIMIT ?8
