INSERT INTO collected (campaign_id, person_key, at_ms, order_id, station_id)
VALUES (:campaign_id, :person_key, :at_ms, :order_id, :station_id)
ON CONFLICT DO NOTHING
