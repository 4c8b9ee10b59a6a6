INSERT INTO shots
  (id, campaign_id, slot_id, blob, bytes, captured_at_ms, camera_sequence, original_width, original_height, fate,
   fate_at_ms)
VALUES
  (:id, :campaign_id, :slot_id, :blob, :bytes, :captured_at_ms, :camera_sequence, :original_width, :original_height,
   :fate, :captured_at_ms)
