SELECT
  (SELECT count(*) FROM slots WHERE campaign_id = ?1 AND opened_at_ms >= ?2) AS slots,
  (SELECT count(DISTINCT slot_id) FROM shots WHERE campaign_id = ?1 AND captured_at_ms >= ?2 AND fate = 'accepted')
    AS slots_kept,
  (SELECT count(*) FROM shots AS s WHERE campaign_id = ?1 AND captured_at_ms >= ?2 AND fate = 'accepted'
     AND (SELECT count(*) FROM shots AS o WHERE o.slot_id = s.slot_id) = 1) AS first_try,
  -- A photo moved by a repair stands in two orders' revisions, and one that went to the tray still stands in one.
  (SELECT count(*) FROM (SELECT DISTINCT p.blob, p.captured_at_ms
     FROM photo_revisions AS p JOIN orders AS o ON o.id = p.order_id
     WHERE o.campaign_id = ?1 AND p.captured_at_ms >= ?2 AND o.link_kind IS NULL AND NOT EXISTS
       (SELECT 1 FROM shots AS s WHERE s.blob = p.blob AND s.captured_at_ms = p.captured_at_ms AND s.fate = 'orphan')))
    AS order_photos,
  (SELECT count(*) FROM orders WHERE campaign_id = ?1 AND created_at_ms >= ?2 AND link_kind IS NULL) AS orders
