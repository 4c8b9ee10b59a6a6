-- Rejected orders out of time or tries (T8), and unpaid ones whose campaign is over (T3).
SELECT o.order_id
FROM orders o
WHERE o.state = 'rejected' AND (o.deadline_ms < ?1 OR o.tries >= o.retake_tries)
UNION ALL
SELECT o.order_id
FROM orders o
JOIN campaign c ON c.school_id = o.school_id AND c.campaign_id = o.campaign_id
WHERE o.state = 'pending_payment' AND c.closes_at_ms <= ?1
LIMIT ?2
