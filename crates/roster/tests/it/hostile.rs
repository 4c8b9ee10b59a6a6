//! Files that lie about themselves: a clear error, no panic, no memory beyond the limits.
use crate::files::{dbf, gbk, id_number, office_xlsx};
use crate::{csv, told};
use expect_test::expect;
use roster::{MAX_FILE_BYTES, Options, import, preview};
use std::io::Write;
use zip::write::SimpleFileOptions;

fn code(bytes: &[u8], name: &str) -> &'static str {
    match import(bytes, name, &Options::default()) {
        Ok(_) => "read",
        Err(error) => error.code(),
    }
}

/// Rewrites one part of a workbook.
fn with_part(part: &str, content: impl Fn(&mut dyn Write)) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(office_xlsx())).unwrap();
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let name = old.by_index(index).unwrap().name().unwrap().into_owned();
        if name == part {
            new.start_file(name, SimpleFileOptions::default()).unwrap();
            content(&mut new);
        } else {
            new.raw_copy_file(old.by_index_raw(index).unwrap()).unwrap();
        }
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn what_is_no_sheet_is_named() {
    let zip_of = |name: &str| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(b"hello").unwrap();
        zip.finish().unwrap().into_inner()
    };
    let mut told_all = String::new();
    for (bytes, name) in [
        (Vec::new(), "empty.xlsx"),
        (b" \r\n\t".to_vec(), "blank.csv"),
        (b"MZ\x90\0\x03\0\0\0".to_vec(), "setup.xlsx"),
        (b"%PDF-1.7".to_vec(), "list.xls"),
        (b"\xFF\xD8\xFF\xE0".to_vec(), "list.csv"),
        (b"a,b\0c,d".to_vec(), "list.csv"),
        (b"PK\x03\x04 broken".to_vec(), "list.xlsx"),
        (zip_of("notes.txt"), "list.xlsx"),
        (zip_of("content.xml"), "list.ods"),
        (zip_of("xl/workbook.bin"), "list.xlsb"),
        (zip_of("xl/workbook.xml"), "list.xlsx"),
        (b"<html><table><tr><td>\xD5\xC5\xC8\xFD".to_vec(), "list.xls"),
        (vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "list.xls"),
        (b"hello".to_vec(), "list.dbf"),
        ("学号,姓名\n".into(), "list.csv"),
        ("学号,学院\n1,信息\n".into(), "list.csv"),
    ] {
        told_all.push_str(&format!("{name}: {}", told(&import(&bytes, name, &Options::default()))));
    }
    expect![[r#"
        empty.xlsx: roster_empty: reading the roster: the file is empty
        blank.csv: roster_empty: reading the roster: the file is empty
        setup.xlsx: roster_not_a_sheet: reading the roster: this is a Windows program, not a sheet
        list.xls: roster_not_a_sheet: reading the roster: this is a PDF, not a sheet
        list.csv: roster_not_a_sheet: reading the roster: this is a picture, not a sheet
        list.csv: roster_not_a_sheet: reading the roster: this is a file of bytes, not a sheet
        list.xlsx: roster_damaged: reading the roster: the xlsx file is damaged: its archive cannot be read
        list.xlsx: roster_not_a_sheet: reading the roster: this is a packed archive, not a sheet
        list.ods: roster_unsupported: reading the roster: an OpenDocument sheet is not read; open it in Excel or WPS and save it as xlsx
        list.xlsb: roster_unsupported: reading the roster: a binary workbook (xlsb) is not read; open it in Excel or WPS and save it as xlsx
        list.xlsx: roster_damaged: reading the roster: the xlsx file is damaged: a part of it cannot be read
        list.xls: roster_unsupported: reading the roster: a web page saved as a sheet is not read; open it in Excel or WPS and save it as xlsx
        list.xls: roster_damaged: reading the roster: the xls file is damaged: its sector size is none
        list.dbf: roster_damaged: reading the roster: the dbf file is damaged: its header breaks off
        list.csv: roster_no_rows: reading the roster: there is no row below the header
        list.csv: roster_no_name_column: reading the roster: no column holds the name; say which one does
    "#]].assert_eq(&told_all);
    assert_eq!(code(&vec![b'a'; MAX_FILE_BYTES + 1], "list.csv"), "roster_too_large");
}

#[test]
fn a_bomb_is_found_by_unpacking_it_and_not_by_what_it_says() {
    let bomb = with_part("xl/worksheets/sheet2.xml", |out| {
        let spaces = vec![b' '; 1 << 20];
        for _ in 0..300 {
            out.write_all(&spaces).unwrap();
        }
    });
    assert!(bomb.len() < 1 << 20);
    assert_eq!(code(&bomb, "a.xlsx"), "roster_bomb");
    // The same with sizes in the directory and the local header that say otherwise.
    let mut liar = bomb.clone();
    let real = (300_u32 << 20).to_le_bytes();
    while let Some(at) = liar.windows(4).position(|w| w == real) {
        liar[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let got = code(&liar, "a.xlsx");
    assert!(matches!(got, "roster_bomb" | "roster_damaged"), "{got}");
}

#[test]
fn declared_sizes_reserve_nothing() {
    let strings = with_part("xl/sharedStrings.xml", |out| {
        out.write_all(b"<sst uniqueCount = \"99999999999\"><si><t>x</t></si></sst>")
            .unwrap();
    });
    assert_eq!(code(&strings, "a.xlsx"), "roster_damaged");
    let far = with_part("xl/worksheets/sheet2.xml", |out| {
        let cells = "<c r=\"A1\" t=\"str\"><v>学号</v></c><c r=\"B1\" t=\"str\"><v>姓名</v></c>";
        let last = "<row r=\"1048576\"><c r=\"A1048576\"><v>7</v></c><c r=\"B1048576\" t=\"str\"><v>赵一</v></c></row>";
        let sheet = format!(
            "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\">{cells}</row>{last}</sheetData></worksheet>"
        );
        out.write_all(sheet.as_bytes()).unwrap();
    });
    assert_eq!(
        told(&import(&far, "a.xlsx", &Options::default())),
        "1048576: name=赵一 student_number=7\n"
    );
    let wide = with_part("xl/worksheets/sheet2.xml", |out| {
        out.write_all(b"<worksheet><sheetData><row r=\"1\"><c r=\"XFD1\"><v>7</v></c></row></sheetData></worksheet>")
            .unwrap();
    });
    assert_eq!(code(&wide, "a.xlsx"), "roster_too_many_columns");
}

#[test]
fn one_long_string_used_often_is_kept_short() {
    let mut rows = String::new();
    for row in 2..4000 {
        rows.push_str(&format!(
            "<row r=\"{row}\"><c r=\"A{row}\"><v>{row}</v></c><c r=\"B{row}\" t=\"s\"><v>2</v></c></row>"
        ));
    }
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(office_xlsx())).unwrap();
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..zip.len() {
        let name = zip.by_index(index).unwrap().name().unwrap().into_owned();
        let content = match name.as_str() {
            "xl/sharedStrings.xml" => {
                let long = "长".repeat(1 << 20);
                format!("<sst><si><t>学号</t></si><si><t>姓名</t></si><si><t>{long}</t></si></sst>")
            }
            "xl/worksheets/sheet2.xml" => format!(
                "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>{rows}</sheetData></worksheet>"
            ),
            _ => {
                new.raw_copy_file(zip.by_index_raw(index).unwrap()).unwrap();
                continue;
            }
        };
        new.start_file(name, SimpleFileOptions::default()).unwrap();
        new.write_all(content.as_bytes()).unwrap();
    }
    let bytes = new.finish().unwrap().into_inner();
    let got = import(&bytes, "a.xlsx", &Options::default()).unwrap();
    assert_eq!((got.rows.len(), got.refused), (0, 3998));
}

#[test]
fn too_many_rows_and_swallowed_lines_are_refused() {
    let rows: String = (0..=roster::MAX_ROWS).map(|n| format!("{n},赵一\n")).collect();
    assert_eq!(
        code(format!("学号,姓名\n{rows}").as_bytes(), "a.csv"),
        "roster_too_many_rows"
    );
    expect!["roster_unclosed_quote: reading the roster: a quotation mark in line 3 is never closed\n"].assert_eq(&csv(
        "学号,姓名,学院\n1,赵一,信息\n2,\"钱二,信息\n3,孙三,信息\n4,李四,信息\n",
    ));
}

#[test]
fn a_dbf_that_lies_is_refused() {
    let whole = dbf(&[("张三", &id_number(1), "1"), ("李四", &id_number(2), "2")]);
    let lie = |at: usize, bytes: &[u8]| {
        let mut file = whole.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        told(&import(&file, "a.dbf", &Options::default()))
    };
    let mut all = String::new();
    all += &lie(4, &u32::MAX.to_le_bytes());
    all += &lie(4, &3_u32.to_le_bytes());
    all += &lie(4, &1_u32.to_le_bytes());
    all += &lie(8, &u16::MAX.to_le_bytes());
    all += &lie(10, &0_u16.to_le_bytes());
    all += &lie(10, &7_u16.to_le_bytes());
    all += &lie(32 + 16, &[255]);
    all += &told(&import(&whole[..whole.len() - 30], "a.dbf", &Options::default()));
    expect![[r#"
        roster_too_many_rows: reading the roster: more than 200000 rows
        roster_damaged: reading the roster: the dbf file is damaged: it holds fewer records than it declares
        roster_damaged: reading the roster: the dbf file is damaged: it holds more records than it declares
        roster_damaged: reading the roster: the dbf file is damaged: its header is longer than the file
        roster_damaged: reading the roster: the dbf file is damaged: its columns do not fill its records
        roster_damaged: reading the roster: the dbf file is damaged: its columns do not fill its records
        roster_damaged: reading the roster: the dbf file is damaged: its columns do not fill its records
        roster_damaged: reading the roster: the dbf file is damaged: it holds fewer records than it declares
    "#]]
    .assert_eq(&all);
}

/// Small, fast, and the same on every machine (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }
}

#[test]
fn torn_and_altered_files_never_panic() {
    let text = format!(
        "学号,姓名,身份证号\n1,\"张三\",{}\n2,李四,{}\n",
        id_number(1),
        id_number(2)
    );
    let legacy = include_bytes!("../fixtures/legacy.xls").to_vec();
    let files: [(&str, Vec<u8>, usize); 5] = [
        ("a.csv", text.clone().into_bytes(), 2000),
        ("b.csv", gbk(&text), 2000),
        (
            "c.dbf",
            dbf(&[("张三", &id_number(1), "1"), ("李四", &id_number(2), "2")]),
            4000,
        ),
        ("d.xlsx", office_xlsx(), 200),
        ("e.xls", legacy, 80),
    ];
    let mut chance = Chance(0x5EED);
    for (name, whole, rounds) in files {
        for round in 0..rounds {
            let mut bytes = whole.clone();
            // Heads decide more than bodies: half of the changes go there.
            let reach = if round % 2 == 0 {
                bytes.len().min(700)
            } else {
                bytes.len()
            };
            for _ in 0..=chance.below(6) {
                let at = chance.below(reach);
                bytes[at] = [0, 0xFF, 0x7F, b'*', chance.below(256) as u8][chance.below(5)];
            }
            if round % 5 == 0 {
                bytes.truncate(chance.below(whole.len()));
            }
            let _ = preview(&bytes, name, None);
            let _ = import(&bytes, name, &Options::default());
        }
    }
}
