//! What is a column of a roster? Ids of `Field` in `crates/roster/src/field.rs`.
export const roster_field = {
  name: ['姓名', 'Name'],
  sex: ['性别', 'Sex'],
  id_number: ['证件号码', 'ID number'],
  student_number: ['学号', 'Student number'],
  exam_number: ['考生号', 'Exam number'],
  school_code: ['学校代码', 'School code'],
  faculty: ['院系', 'Faculty'],
  major: ['专业', 'Major'],
  level: ['层次', 'Level'],
  years: ['学制', 'Years'],
  class: ['班级', 'Class'],
  entry_year: ['入学年份', 'Entry year'],
  graduation_year: ['毕业年份', 'Graduation year'],
  phone: ['手机号', 'Phone'],
} as const;
