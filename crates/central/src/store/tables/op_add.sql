INSERT INTO op
    (school_id, station_id, op_id, order_id, rev, body, captured_at_ms, mono_ms, boot_id, chain, content_hash, blob_id,
     received_at_ms, settled_at_ms, status, order_rev, state, waits, waits_for, problem)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
