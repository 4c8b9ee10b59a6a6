WITH hits AS (
  SELECT row_id, position,
    CASE
      WHEN name = :typed OR lower(student_number) = :lower OR id_last4 = :lower THEN 0
      WHEN instr(pinyin_initials || ' ', :reading || ' ') > 0 THEN 1
      WHEN instr(pinyin_initials, :reading) > 0 THEN 2
      WHEN instr(pinyin_full, :reading) > 0 THEN 3
      WHEN instr(name, :typed) > 0 OR instr(masked_name, :typed) > 0 THEN 4
      WHEN instr(lower(student_number), :lower) > 0 OR instr(person_key, :code) = 1 THEN 5
    END AS rank
  FROM people INDEXED BY people_by_words
  WHERE campaign_id = :campaign_id
)
SELECT people.* FROM
  (SELECT row_id, rank, position FROM hits WHERE rank IS NOT NULL ORDER BY rank, position, row_id LIMIT :limit) AS best
  JOIN people USING (row_id)
ORDER BY best.rank, best.position, row_id
