INSERT INTO journal (seq, at_ms, who, what, order_id, shot_id, detail, prev, hash)
VALUES (:seq, :at_ms, :who, :what, :order_id, :shot_id, :detail, :prev, :hash)
