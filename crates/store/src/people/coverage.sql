SELECT class, count(*) AS people,
  sum(EXISTS (SELECT 1 FROM collected AS c WHERE c.campaign_id = p.campaign_id AND c.person_key = p.person_key)) AS collected
FROM people AS p
WHERE campaign_id = ?
GROUP BY class
ORDER BY min(position)
