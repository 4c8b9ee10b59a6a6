DELETE FROM people
WHERE campaign_id = :campaign_id AND person_key = :person_key
  AND NOT EXISTS (SELECT 1 FROM orders WHERE orders.campaign_id = :campaign_id AND orders.person_key = :person_key)
  AND NOT EXISTS (SELECT 1 FROM slots WHERE slots.campaign_id = :campaign_id AND slots.person_key = :person_key)
  AND NOT EXISTS (SELECT 1 FROM collected WHERE collected.campaign_id = :campaign_id AND collected.person_key = :person_key)
