-- How many orders are in each state, how many of them are exceptions, and of how many the check warned (see order_review.sql).
SELECT state, COUNT(*) AS orders,
    COUNT(CASE WHEN photo LIKE '%"verdict":"passed"%' AND tries = 0 AND duplicate_person = 0 THEN NULL ELSE 1 END) AS exceptions,
    COUNT(CASE WHEN photo LIKE '%"verdict":"passed"%' AND tries = 0 AND duplicate_person = 0 AND photo LIKE '%"warned":[%'
        THEN 1 ELSE NULL END) AS warned
FROM orders
WHERE (?1 IS NULL OR school_id = ?1)
  AND (?2 IS NULL OR campaign_id = ?2)
GROUP BY state
