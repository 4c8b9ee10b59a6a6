INSERT INTO photo_revisions
  (order_id, revision, blob, original_width, original_height, crop_x, crop_y, crop_width, crop_height, captured_at_ms,
   check_result, check_failed, override_reason, check_warned)
VALUES
  (:order_id, :revision, :blob, :original_width, :original_height, :crop_x, :crop_y, :crop_width, :crop_height,
   :captured_at_ms, :check_result, :check_failed, :override_reason, :check_warned)
ON CONFLICT DO NOTHING
