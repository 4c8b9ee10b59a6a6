//! The four forms of a list say the same, read by programs that are not ours.
use crate::world::{School, absent, files, item, make, subject};
use calamine::{Data, Reader};
use delivery::Profile;
use std::collections::BTreeMap;
use std::io::Cursor;

fn package() -> BTreeMap<String, Vec<u8>> {
    let mut odd = subject("00123", "𠮷田 \"三\"\n", "1 班");
    odd.id_number = Some("430102200501011234".to_owned());
    odd.major = Some("=HYPERLINK(\"http://x\")".to_owned());
    let school = School {
        items: vec![item(1, odd), item(2, subject("2026002", "司马二", "1 班"))],
        lists: vec![absent("2026009", "缺席者")],
    };
    files(&make(&school, &Profile::find("school").unwrap()).pictures)
}

fn json(files: &BTreeMap<String, Vec<u8>>, name: &str) -> serde_json::Value {
    serde_json::from_slice(&files[name]).unwrap()
}

#[test]
fn csv_says_what_json_says_and_has_no_formula() {
    let files = package();
    let csv = &files["manifest.csv"];
    assert!(csv.starts_with("\u{feff}".as_bytes()));
    let mut csv = csv::Reader::from_reader(&csv[3..]);
    let heads: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
    let json = json(&files, "manifest.json");
    for (row, said) in csv.records().map(Result::unwrap).zip(json["rows"].as_array().unwrap()) {
        for (head, cell) in heads.iter().zip(&row) {
            let expected = match &said[head.as_str()] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(s) if s.starts_with('=') => format!("'{s}"),
                serde_json::Value::String(s) => s.clone(),
                number => number.to_string(),
            };
            assert_eq!(cell, expected, "{head}");
        }
    }
    assert_eq!(json["rows"][0]["id_number"], "430102200501011234");
    assert_eq!(json["rows"][0]["width_px"], 480);
    assert_eq!(json["rows"][0]["crop_width_px"], 480);
    assert_eq!(json["rows"][0]["check"], "overridden");
}

#[test]
fn a_workbook_keeps_numbers_of_people_as_text() {
    let files = package();
    let mut book = calamine::Xlsx::new(Cursor::new(files["manifest.xlsx"].clone())).unwrap();
    let sheet = book.worksheet_range("manifest").unwrap();
    let at = |title: &str| {
        sheet
            .rows()
            .next()
            .unwrap()
            .iter()
            .position(|c| *c == Data::String(title.to_owned()))
            .unwrap()
    };
    let row = sheet.rows().nth(1).unwrap();
    assert_eq!(row[at("证件号码")], Data::String("430102200501011234".to_owned()));
    assert_eq!(row[at("学号")], Data::String("00123".to_owned()));
    assert_eq!(row[at("姓名")], Data::String("𠮷田 \"三\"\n".to_owned()));
    assert_eq!(
        row[at("专业")],
        Data::String("=HYPERLINK(\"http://x\")".to_owned()),
        "text, not a formula"
    );
    assert_eq!(row[at("高（像素）")], Data::Float(640.0));
    assert!(book.worksheet_formula("manifest").unwrap().is_empty());
}

#[test]
fn a_dbf_reads_in_the_code_page_it_names() {
    let files = package();
    let reader = dbase::Reader::new(Cursor::new(files["manifest.dbf"].clone()));
    let rows: Vec<dbase::Record> = reader.unwrap().read().unwrap();
    assert_eq!(rows.len(), 2);
    let text = |row: &dbase::Record, field: &str| match row.get(field) {
        Some(dbase::FieldValue::Character(Some(text))) => text.trim().to_owned(),
        other => panic!("{field}: {other:?}"),
    };
    assert_eq!(text(&rows[0], "XM"), "𠮷田 \"三\"", "a letter beyond GBK survives");
    assert_eq!(text(&rows[0], "ZJHM"), "430102200501011234");
    assert_eq!(text(&rows[1], "FILE"), "images/1 班/2026002.jpg");
    assert_eq!(text(&rows[1], "XH"), "2026002");
}

#[test]
fn the_absent_list_names_who_is_missing() {
    let files = package();
    let json = json(&files, "absent.json");
    assert_eq!(json["rows"][0]["student_number"], "2026009");
    assert_eq!(json["rows"][0]["reason"], "no_photo");
}
