SELECT count(*) AS total,
  coalesce(sum(EXISTS (SELECT 1 FROM receipt_entries WHERE receipt_entries.blob = photos.blob)), 0) AS safe
FROM (SELECT DISTINCT blob FROM photo_revisions) AS photos
