INSERT INTO outbox
  (op_id, order_id, rev, kind, body, body_sha256, prev_chain, chain, blob, created_at_ms, mono_ms, boot_id, state,
   next_try_at_ms)
VALUES
  (:op_id, :order_id, :rev, :kind, :body, :body_sha256, :prev_chain, :chain, :blob, :created_at_ms, :mono_ms,
   :boot_id, 'queued', 0)
