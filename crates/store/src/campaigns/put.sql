INSERT INTO campaigns
  (id, title, school_code, school_name, job, number_prefix, price_fen, collection, pictures, spec, opens_at_ms,
   closes_at_ms, retake_tries, retake_within_ms, consent_version)
VALUES
  (:id, :title, :school_code, :school_name, :job, :number_prefix, :price_fen, :collection, :pictures, :spec,
   :opens_at_ms, :closes_at_ms, :retake_tries, :retake_within_ms, :consent_version)
ON CONFLICT (id) DO UPDATE SET
  title = excluded.title, school_code = excluded.school_code, school_name = excluded.school_name, job = excluded.job,
  number_prefix = excluded.number_prefix, price_fen = excluded.price_fen, collection = excluded.collection,
  pictures = excluded.pictures, spec = excluded.spec, opens_at_ms = excluded.opens_at_ms,
  closes_at_ms = excluded.closes_at_ms, retake_tries = excluded.retake_tries,
  retake_within_ms = excluded.retake_within_ms, consent_version = excluded.consent_version
