-- Holds are of the order's own history alone: a reviewer leaves two for each photo looked at.
SELECT * FROM history
WHERE what NOT IN ('hold', 'release')
  AND (?1 IS NULL OR school_id = ?1)
  AND (at_ms < ?2
    OR (at_ms = ?2 AND (school_id < ?3
      OR (school_id = ?3 AND (subject < ?4 OR (subject = ?4 AND seq < ?5))))))
ORDER BY at_ms DESC, school_id DESC, subject DESC, seq DESC
LIMIT ?6
