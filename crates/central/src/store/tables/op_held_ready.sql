-- Held ops whose photo or campaign is there by now.
SELECT op.station_id, op.op_id
FROM op
WHERE op.status = 'held'
  AND (
    (op.waits = 'blob' AND EXISTS (
        SELECT 1 FROM blob WHERE blob.school_id = op.school_id AND blob.blob_id = op.waits_for))
    OR (op.waits = 'campaign' AND EXISTS (
        SELECT 1 FROM campaign WHERE campaign.school_id = op.school_id AND campaign.campaign_id = op.waits_for))
  )
ORDER BY op.received_at_ms
LIMIT ?1
