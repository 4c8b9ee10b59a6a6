SELECT * FROM orders
WHERE (?1 IS NULL OR school_id = ?1)
  AND (?2 IS NULL OR campaign_id = ?2)
  AND (?3 IS NULL OR station_id = ?3)
  AND (?4 IS NULL OR state = ?4)
  AND (?5 IS NULL OR person_key = ?5)
  AND (?6 IS NULL OR number = ?6)
  AND (received_at_ms < ?7 OR (received_at_ms = ?7 AND order_id < ?8))
ORDER BY received_at_ms DESC, order_id DESC
LIMIT ?9
