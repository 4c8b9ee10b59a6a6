-- What the local check warned of. An older binary writes none and does not look at it.
ALTER TABLE photo_revisions ADD COLUMN check_warned TEXT NOT NULL DEFAULT '';

DROP VIEW order_rows;
CREATE VIEW order_rows AS
  SELECT orders.*,
    photo.revision, photo.blob, photo.original_width, photo.original_height, photo.crop_x, photo.crop_y,
    photo.crop_width, photo.crop_height, photo.captured_at_ms, photo.check_result, photo.check_failed,
    photo.override_reason, photo.check_warned,
    consents.text_version AS consent_text_version, consents.language AS consent_language,
    consents.at_ms AS consent_at_ms, consents.asked_by AS consent_asked_by
  FROM orders
    JOIN photo_revisions AS photo ON photo.order_id = orders.id AND photo.revision = orders.photo_revision
    JOIN consents ON consents.id = orders.consent_id;
