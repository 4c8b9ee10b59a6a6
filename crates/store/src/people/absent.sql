SELECT p.* FROM people AS p
WHERE p.campaign_id = ?1
  AND NOT EXISTS (SELECT 1 FROM collected AS c WHERE c.campaign_id = p.campaign_id AND c.person_key = p.person_key)
ORDER BY min(p.position) OVER (PARTITION BY p.class), p.position
LIMIT ?2
