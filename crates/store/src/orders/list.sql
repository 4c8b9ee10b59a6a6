SELECT * FROM order_rows AS orders
WHERE (:campaign IS NULL OR orders.campaign_id = :campaign)
  AND (:state IS NULL OR orders.state = :state)
  AND (:delivery IS NULL OR orders.delivery = :delivery)
  AND (:text IS NULL
    OR instr(orders.number, :text) > 0
    OR instr(orders.name, :text) > 0
    OR instr(orders.masked_name, :text) > 0
    OR instr(lower(orders.student_number), :lower) > 0
    OR lower(substr(orders.id_number, -4)) = :lower
    OR EXISTS (SELECT 1 FROM people
               WHERE people.campaign_id = orders.campaign_id AND people.person_key = orders.person_key
                 AND (instr(people.pinyin_initials, :reading) > 0 OR instr(people.pinyin_full, :reading) > 0)))
ORDER BY orders.created_at_ms DESC, orders.id DESC
LIMIT :limit OFFSET :offset
