//! How does the demo's list look as a school would send it?
use super::people::Person;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

const HEADER: [&str; 13] = [
    "学号",
    "姓名",
    "性别",
    "身份证号",
    "考生号",
    "学校代码",
    "学院",
    "专业",
    "层次",
    "学制",
    "班级",
    "入学年份",
    "手机号",
];
const SCHOOL_CODE: &str = "99901";

fn cells(person: &Person) -> [String; 13] {
    let (faculty, major, class) = person.faculty();
    [
        person.student_number(),
        person.name.to_owned(),
        person.sex().to_owned(),
        person.id_number.clone(),
        person.exam_number(),
        SCHOOL_CODE.to_owned(),
        faculty.to_owned(),
        major.to_owned(),
        "本科".to_owned(),
        "4".to_owned(),
        class.to_owned(),
        "2026".to_owned(),
        person.phone(),
    ]
}

/// A workbook with a title above the header; every number is text.
pub fn xlsx(people: &[Person]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 9, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = book.add_worksheet().set_name("2026级新生")?;
    let title = Format::new().set_bold().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 12, "学影示范大学2026级新生名单（虚构，仅供演示）", &title)?;
    for (column, name) in (0u16..).zip(HEADER) {
        sheet.write_with_format(1, column, name, &title)?;
        sheet.set_column_width(column, if name.ends_with('号') { 20 } else { 12 })?;
    }
    for (row, person) in (2u32..).zip(people) {
        for (column, text) in (0u16..).zip(cells(person)) {
            sheet.write_string(row, column, text)?;
        }
    }
    book.save_to_buffer()
}

/// The same as GBK text with Windows line ends. `㛃` is not in GBK and takes the four bytes GB 18030 has for it.
pub fn gbk_csv(people: &[Person]) -> Result<Vec<u8>, String> {
    let mut text = HEADER.join(",") + "\r\n";
    for person in people {
        text.push_str(&cells(person).join(","));
        text.push_str("\r\n");
    }
    let (bytes, _, lost) = encoding_rs::GB18030.encode(&text);
    if lost {
        Err("a name of the demo cannot be written in GB 18030".to_owned())
    } else {
        Ok(bytes.into_owned())
    }
}

/// Which frame shows whom: for scripts and tests that must know the right answer.
pub fn key_to_frames(people: &[Person]) -> String {
    let mut text = String::from("frame,name,student_number,code\n");
    for person in people {
        if let Some(frame) = person.frame {
            let (name, number, code) = (person.name, person.student_number(), person.code(frame));
            text.push_str(&format!("{frame},{name},{number},{code}\n"));
        }
    }
    text
}
