SELECT * FROM people
WHERE campaign_id = ?1 AND position > ?2
  AND NOT EXISTS (SELECT 1 FROM collected
                  WHERE collected.campaign_id = people.campaign_id AND collected.person_key = people.person_key)
ORDER BY position, row_id
LIMIT ?3
