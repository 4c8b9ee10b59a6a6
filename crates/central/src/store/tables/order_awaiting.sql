-- Paid orders whose current photo the center holds; of one photo when one is named.
SELECT o.order_id
FROM orders o
JOIN blob b ON b.school_id = o.school_id AND b.blob_id = o.blob_id
WHERE o.state = 'paid'
  AND o.withdrawn = 0
  AND (?1 IS NULL OR o.school_id = ?1)
  AND (?2 IS NULL OR o.blob_id = ?2)
ORDER BY o.received_at_ms
LIMIT ?3
