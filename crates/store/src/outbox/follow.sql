UPDATE orders SET delivery =
  (SELECT CASE
      WHEN count(*) = 0 THEN 'local'
      WHEN sum(state = 'quarantined') > 0 THEN 'quarantined'
      WHEN sum(state = 'queued') > 0 THEN 'queued'
      WHEN sum(state = 'sent') > 0 THEN 'sent'
      ELSE 'acknowledged'
    END
   FROM outbox WHERE outbox.order_id = orders.id)
WHERE id = ?
