INSERT INTO people
  (campaign_id, person_key, position, name, masked_name, id_number, masked_id, sex, student_number, exam_number,
   school_code, faculty, major, level, years, class, entry_year, graduation_year, phone, pinyin_full, pinyin_initials,
   id_last4, id_index)
VALUES
  (:campaign_id, :person_key, :position, :name, :masked_name, :id_number, :masked_id, :sex, :student_number,
   :exam_number, :school_code, :faculty, :major, :level, :years, :class, :entry_year, :graduation_year, :phone,
   :pinyin_full, :pinyin_initials, :id_last4, :id_index)
ON CONFLICT (campaign_id, person_key) DO UPDATE SET
  position = excluded.position, name = excluded.name, masked_name = excluded.masked_name,
  id_number = excluded.id_number, masked_id = excluded.masked_id, sex = excluded.sex,
  student_number = excluded.student_number, exam_number = excluded.exam_number, school_code = excluded.school_code,
  faculty = excluded.faculty, major = excluded.major, level = excluded.level, years = excluded.years,
  class = excluded.class, entry_year = excluded.entry_year, graduation_year = excluded.graduation_year,
  phone = excluded.phone, pinyin_full = excluded.pinyin_full, pinyin_initials = excluded.pinyin_initials,
  id_last4 = excluded.id_last4, id_index = excluded.id_index
