//! Files as spreadsheets write them.
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

/// An ID number that holds, of an invented person.
pub fn id_number(serial: usize) -> String {
    let body = format!(
        "43010220080{:01}{:02}{:03}",
        serial / 28_000 % 9 + 1,
        serial / 1000 % 28 + 1,
        serial % 1000
    );
    let check = domain::id_number::IdNumber::check_digit(body.as_bytes()).unwrap();
    format!("{body}{}", char::from(check))
}

/// A sheet of texts.
pub fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate() {
            sheet.write(r as u32, c as u16, text.as_str()).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// A workbook as a school office leaves it: a cover sheet, a title, numbers for IDs, dates, formulas, a repeated header.
pub fn office_xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("封面")
        .unwrap()
        .write(0, 0, "请勿修改")
        .unwrap();
    let sheet = book.add_worksheet().set_name("新生").unwrap();
    sheet.merge_range(0, 0, 0, 5, "2026级新生名单", &Format::new()).unwrap();
    for (c, title) in ["学号", "*姓名", "证件号码（18位）", "所在学院", "入学日期", "学制"]
        .iter()
        .enumerate()
    {
        sheet.write(2, c as u16, *title).unwrap();
        sheet.write(6, c as u16, *title).unwrap();
    }
    let day = Format::new().set_num_format("yyyy/m/d");
    for (row, serial) in [(3, 1), (4, 2), (5, 3), (8, 4)] {
        sheet.write(row, 0, 202_600_000 + serial as u32).unwrap();
        sheet
            .write(row, 1, format!("张\u{3000}{}", ["安", "宁", "和", "乐"][serial - 1]))
            .unwrap();
        sheet.write(row, 2, id_number(serial)).unwrap();
        sheet
            .write(row, 3, Formula::new("=\"信息\"&\"学院\"").set_result("信息学院"))
            .unwrap();
        let at = ExcelDateTime::from_ymd(2026, 9, 1).unwrap();
        sheet.write_with_format(row, 4, &at, &day).unwrap();
        sheet.write(row, 5, 4.0).unwrap();
    }
    // Typed as a number: the last three digits are gone.
    sheet.write_number(4, 2, 430_102_200_801_010_023_f64).unwrap();
    book.save_to_buffer().unwrap()
}

/// A DBF with GBK text, as student registers export.
pub fn dbf(rows: &[(&str, &str, &str)]) -> Vec<u8> {
    dbf_with("XM", "SFZH", "XH", rows)
}

/// A DBF with column names of one's own. The writer writes UTF-8 names; callers with Chinese names want [`gbk`] first.
pub fn dbf_with(name: &str, id: &str, number: &str, rows: &[(&str, &str, &str)]) -> Vec<u8> {
    use dbase::{FieldValue, Record, TableWriterBuilder};
    let mut out = std::io::Cursor::new(Vec::new());
    {
        let mut writer = TableWriterBuilder::with_encoding(dbase::encoding::EncodingRs::from(encoding_rs::GBK))
            .add_character_field(name.try_into().unwrap(), 30)
            .add_character_field(id.try_into().unwrap(), 18)
            .add_numeric_field(number.try_into().unwrap(), 12, 0)
            .build_with_dest(&mut out);
        for (person, id_number, student) in rows {
            let mut record = Record::default();
            record.insert(name.to_owned(), FieldValue::Character(Some((*person).to_owned())));
            record.insert(id.to_owned(), FieldValue::Character(Some((*id_number).to_owned())));
            record.insert(number.to_owned(), FieldValue::Numeric(student.parse().ok()));
            writer.write_record(&record).unwrap();
        }
        writer.finalize().unwrap();
    }
    out.into_inner()
}

/// GBK bytes of a text.
pub fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}
