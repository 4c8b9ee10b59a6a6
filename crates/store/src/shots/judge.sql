UPDATE shots SET
  crop_x = :crop_x, crop_y = :crop_y, crop_width = :crop_width, crop_height = :crop_height,
  verdict = :verdict, findings_json = :findings_json
WHERE id = :id
