SELECT * FROM receipts
WHERE id IN (SELECT receipt_id FROM receipt_entries
             JOIN outbox ON outbox.op_id = receipt_entries.op_id
             WHERE outbox.order_id = ?)
ORDER BY at_ms DESC, id DESC
