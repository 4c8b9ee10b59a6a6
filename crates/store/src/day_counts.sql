SELECT
  (SELECT count(*) FROM slots WHERE campaign_id = ?1 AND opened_at_ms >= ?2) AS slots,
  (SELECT count(DISTINCT slot_id) FROM shots WHERE campaign_id = ?1 AND captured_at_ms >= ?2 AND fate = 'accepted')
    AS slots_kept,
  (SELECT count(*) FROM shots AS s WHERE campaign_id = ?1 AND captured_at_ms >= ?2 AND fate = 'accepted'
     AND (SELECT count(*) FROM shots AS o WHERE o.slot_id = s.slot_id) = 1) AS first_try,
  (SELECT count(*) FROM photo_revisions AS p JOIN orders AS o ON o.id = p.order_id
     WHERE o.campaign_id = ?1 AND p.captured_at_ms >= ?2 AND o.link_kind IS NULL) AS order_photos,
  (SELECT count(*) FROM orders WHERE campaign_id = ?1 AND created_at_ms >= ?2 AND link_kind IS NULL) AS orders
