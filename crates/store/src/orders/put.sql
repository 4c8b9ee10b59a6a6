INSERT INTO orders
  (id, number, campaign_id, station_id, person_key, name, masked_name, id_number, masked_id, sex, student_number,
   exam_number, school_code, faculty, major, level, years, class, entry_year, graduation_year, phone, created_at_ms,
   state, photo_revision, withdrawn, tries, retake_tries, retake_within_ms, rejected_for, rejected_note,
   rejected_at_ms, rejected_until_ms, price_fen, paid_fen, refunded_fen, payment_id, refund_id, collection, address,
   consent_id, link_kind, link_order_id, held_by)
VALUES
  (:id, :number, :campaign_id, :station_id, :person_key, :name, :masked_name, :id_number, :masked_id, :sex,
   :student_number, :exam_number, :school_code, :faculty, :major, :level, :years, :class, :entry_year,
   :graduation_year, :phone, :created_at_ms, :state, :photo_revision, :withdrawn, :tries, :retake_tries,
   :retake_within_ms, :rejected_for, :rejected_note, :rejected_at_ms, :rejected_until_ms, :price_fen, :paid_fen,
   :refunded_fen, :payment_id, :refund_id, :collection, :address, :consent_id, :link_kind, :link_order_id, :held_by)
ON CONFLICT (id) DO UPDATE SET
  number = excluded.number, campaign_id = excluded.campaign_id, station_id = excluded.station_id,
  person_key = excluded.person_key, name = excluded.name, masked_name = excluded.masked_name,
  id_number = excluded.id_number, masked_id = excluded.masked_id, sex = excluded.sex,
  student_number = excluded.student_number, exam_number = excluded.exam_number, school_code = excluded.school_code,
  faculty = excluded.faculty, major = excluded.major, level = excluded.level, years = excluded.years,
  class = excluded.class, entry_year = excluded.entry_year, graduation_year = excluded.graduation_year,
  phone = excluded.phone, created_at_ms = excluded.created_at_ms, state = excluded.state,
  photo_revision = excluded.photo_revision, withdrawn = excluded.withdrawn, tries = excluded.tries,
  retake_tries = excluded.retake_tries, retake_within_ms = excluded.retake_within_ms,
  rejected_for = excluded.rejected_for, rejected_note = excluded.rejected_note,
  rejected_at_ms = excluded.rejected_at_ms, rejected_until_ms = excluded.rejected_until_ms,
  price_fen = excluded.price_fen, paid_fen = excluded.paid_fen, refunded_fen = excluded.refunded_fen,
  payment_id = excluded.payment_id, refund_id = excluded.refund_id, collection = excluded.collection,
  address = excluded.address, consent_id = excluded.consent_id, link_kind = excluded.link_kind,
  link_order_id = excluded.link_order_id, held_by = excluded.held_by
