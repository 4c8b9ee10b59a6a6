SELECT * FROM outbox
WHERE state IN ('queued', 'sent')
  AND next_try_at_ms <= :now
  AND NOT EXISTS (SELECT 1 FROM outbox AS before
                  WHERE before.order_id = outbox.order_id AND before.rev < outbox.rev
                    AND (before.state = 'quarantined'
                      OR (before.state = 'queued' AND before.next_try_at_ms > :now)))
ORDER BY seq
LIMIT :limit
