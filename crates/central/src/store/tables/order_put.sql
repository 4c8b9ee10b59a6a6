INSERT INTO orders
    (school_id, order_id, campaign_id, station_id, number, person_key, subject, created_at_ms, state, photo, blob_id,
     withdrawn, tries, retake_tries, retake_within_ms, rejection, deadline_ms, price_fen, paid_fen, refunded_fen,
     payment_id, refund_id, collection, address, consent, link_kind, link_order, held_by, rev, received_at_ms,
     updated_at_ms, duplicate_person, phone, messages)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
     ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34)
ON CONFLICT (school_id, order_id) DO UPDATE SET
    subject = excluded.subject,
    state = excluded.state,
    photo = excluded.photo,
    blob_id = excluded.blob_id,
    withdrawn = excluded.withdrawn,
    tries = excluded.tries,
    rejection = excluded.rejection,
    deadline_ms = excluded.deadline_ms,
    paid_fen = excluded.paid_fen,
    refunded_fen = excluded.refunded_fen,
    payment_id = excluded.payment_id,
    refund_id = excluded.refund_id,
    address = excluded.address,
    held_by = excluded.held_by,
    rev = excluded.rev,
    updated_at_ms = excluded.updated_at_ms,
    duplicate_person = excluded.duplicate_person,
    phone = excluded.phone,
    messages = excluded.messages
