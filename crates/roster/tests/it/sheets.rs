//! The kinds of file, their encodings, headers and sheets.
use crate::files::{dbf, dbf_with, gbk, id_number, office_xlsx, xlsx};
use crate::{csv, told};
use expect_test::expect;
use roster::{Encoding, Field, HeaderRow, Mapping, Options, import, preview};

const HEADER: &str = "学号,姓名,身份证号\n";

fn text() -> String {
    format!(
        "{HEADER}20260001,张三,{}\n20260002,李四,{}\n",
        id_number(1),
        id_number(2)
    )
}

#[test]
fn csv_reads_the_same_in_every_encoding() {
    let utf16 = |swap: bool| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text().replace(',', "\t").encode_utf16().collect::<Vec<_>>());
        units
            .flat_map(|u: u16| if swap { u.to_be_bytes() } else { u.to_le_bytes() })
            .collect()
    };
    let files = [
        (text().into_bytes(), Encoding::Utf8),
        ([b"\xEF\xBB\xBF", text().as_bytes()].concat(), Encoding::Utf8),
        (gbk(&text()), Encoding::Gb18030),
        (encoding_rs::GB18030.encode(&text()).0.into_owned(), Encoding::Gb18030),
        (utf16(false), Encoding::Utf16Le),
        (utf16(true), Encoding::Utf16Be),
        (
            text().replace(',', ";").replace('\n', "\r\n").into_bytes(),
            Encoding::Utf8,
        ),
        (text().replace('\n', "\r").into_bytes(), Encoding::Utf8),
    ];
    for (bytes, encoding) in files {
        let got = import(&bytes, "名单.csv", &Options::default());
        assert_eq!(got.as_ref().unwrap().encoding, Some(encoding));
        assert_eq!(told(&got), csv(&text()), "{encoding:?}");
    }
}

#[test]
fn gb18030_keeps_rare_characters_that_gbk_loses() {
    let rare = format!("{HEADER}1,𬱖㛃,{}\n2,王䶮,{}\n", id_number(1), id_number(2));
    let whole = encoding_rs::GB18030.encode(&rare).0.into_owned();
    assert_eq!(told(&import(&whole, "a.csv", &Options::default())), csv(&rare));
}

#[test]
fn a_wrong_choice_of_encoding_is_refused_with_the_right_one() {
    let choose = |encoding| Options {
        encoding: Some(encoding),
        ..Options::default()
    };
    expect!["roster_wrong_encoding: reading the roster: the text is not utf-8; try gb18030\n"]
        .assert_eq(&told(&import(&gbk(&text()), "a.csv", &choose(Encoding::Utf8))));
    expect!["roster_wrong_encoding: reading the roster: the text is not gb18030; try utf-8\n"]
        .assert_eq(&told(&import(text().as_bytes(), "a.csv", &choose(Encoding::Gb18030))));
    let big5 = encoding_rs::BIG5.encode("學號,姓名\n1,陳大文\n").0.into_owned();
    let mapped = Options {
        mapping: Some(Mapping(vec![Some(Field::StudentNumber), Some(Field::Name)])),
        ..choose(Encoding::Big5)
    };
    expect![[r#"
        2: name=陳大文 student_number=1
    "#]]
    .assert_eq(&told(&import(&big5, "a.csv", &mapped)));
}

#[test]
fn an_office_workbook_comes_in_with_its_wounds_listed() {
    let bytes = office_xlsx();
    let shown = preview(&bytes, "新生.xlsx", None).unwrap();
    assert_eq!(shown.sheets, ["封面", "新生"]);
    assert_eq!(
        (shown.sheet.as_deref(), shown.header_row, shown.row_count),
        (Some("新生"), Some(3), 5)
    );
    assert_eq!(shown.encoding, None);
    assert_eq!(shown.mapping.column(Field::IdNumber), Some(2));
    expect![[r#"
        4: name=张安 id_number=43010220080101001X student_number=202600001 faculty=信息学院 years=4 entry_year=2026-09-01
        5: name=张宁 student_number=202600002 faculty=信息学院 years=4 entry_year=2026-09-01
        6: name=张和 id_number=430102200801010036 student_number=202600003 faculty=信息学院 years=4 entry_year=2026-09-01
        9: name=张乐 id_number=430102200801010044 student_number=202600004 faculty=信息学院 years=4 entry_year=2026-09-01
        ! 5 证件号码（18位） IdMangled ValueDropped 4.3010***********5E17
        ! 7 - RepeatedHeader RowRefused -
    "#]].assert_eq(&told(&import(&bytes, "新生.xlsx", &Options::default())));
    let other = Options {
        sheet: Some("封面".into()),
        ..Options::default()
    };
    expect!["roster_no_name_column: reading the roster: no column holds the name; say which one does\n"]
        .assert_eq(&told(&import(&bytes, "新生.xlsx", &other)));
    let none = Options {
        sheet: Some("名单".into()),
        ..Options::default()
    };
    assert_eq!(
        import(&bytes, "新生.xlsx", &none).unwrap_err().code(),
        "roster_no_such_sheet"
    );
}

#[test]
fn a_legacy_xls_comes_in() {
    let bytes = include_bytes!("../fixtures/legacy.xls");
    let shown = preview(bytes, "名单.xls", None).unwrap();
    assert_eq!(shown.sheets, ["说明", "名单"]);
    assert_eq!((shown.header_row, shown.row_count), (Some(2), 1500));
    let got = import(bytes, "名单.xls", &Options::default()).unwrap();
    assert_eq!(got.rows.len(), 1500);
    for (n, row) in got.rows.iter().enumerate() {
        let name = char::from_u32(0x4E00 + n as u32).unwrap();
        assert!(row.name.starts_with(&format!("测试{name}")), "row {}", row.row);
        assert_eq!(row.student_number, Some((202_600_000 + n).to_string()));
        assert_eq!(row.entry_year.as_deref(), Some("2026-09-01"));
        assert_eq!(row.years.as_deref(), Some("4"));
    }
    let third = got.rows.get(3).unwrap();
    assert_eq!((third.id_number.as_deref(), third.row), (None, 6));
    let mangled: Vec<_> = got.problems.iter().map(|p| (p.row, p.problem.code())).collect();
    // Line 703 ends in 000 and holds by chance; in a column someone rounded that proves nothing.
    assert_eq!(mangled, [(6, "id_mangled"), (703, "id_mangled")]);
}

#[test]
fn dbf_keeps_every_digit_and_leaves_deleted_records_out() {
    let mut bytes = dbf(&[
        ("张三", &id_number(1), "20260001"),
        ("李四", &id_number(2), "20260002"),
        ("王五", "", "20260003"),
    ]);
    let record_bytes = 1 + 30 + 18 + 12;
    let second = bytes.len() - 1 - 2 * record_bytes;
    assert_eq!(bytes[second], b' ');
    bytes[second] = b'*';
    let got = import(&bytes, "XSXX.DBF", &Options::default());
    assert_eq!(got.as_ref().unwrap().encoding, Some(Encoding::Gb18030));
    expect![[r#"
        1: name=张三 id_number=43010220080101001X student_number=20260001
        3: name=王五 student_number=20260003
    "#]]
    .assert_eq(&told(&got));
    // Known by its content too, whatever it is called; and with Chinese column names.
    assert_eq!(told(&import(&bytes, "学生.txt", &Options::default())), told(&got));
    let mut named = dbf_with("NAMEXX", "IDNUMBER", "NOXX", &[("张三", "", "1")]);
    for (plain, chinese) in [("NAMEXX", "姓名\0\0"), ("NOXX", "学号")] {
        let at = named.windows(plain.len()).position(|w| w == plain.as_bytes()).unwrap();
        let name = gbk(chinese);
        named.splice(at..at + plain.len(), name.into_iter().take(plain.len()));
    }
    expect![[r#"
        1: name=张三 student_number=1
    "#]]
    .assert_eq(&told(&import(&named, "a.dbf", &Options::default())));
}

#[test]
fn twenty_thousand_rows_come_in() {
    let title = ["学号", "姓名", "身份证号", "学院", "手机号"]
        .map(str::to_owned)
        .to_vec();
    let rows: Vec<Vec<String>> = std::iter::once(title)
        .chain((0..20_000).map(|n| {
            let han = char::from_u32(0x4E00 + n as u32 % 20_000).unwrap();
            vec![
                format!("2026{n:06}"),
                format!("林{han}"),
                id_number(n),
                format!("第{}学院", n % 20),
                format!("139{n:08}"),
            ]
        }))
        .collect();
    let text: String = rows.iter().map(|r| r.join(",") + "\n").collect();
    let files = [xlsx(&rows), gbk(&text), text.clone().into_bytes()];
    for bytes in files {
        let got = import(&bytes, "名单", &Options::default()).unwrap();
        assert_eq!((got.rows.len(), got.problems.len(), got.refused), (20_000, 0, 0));
        let last = got.rows.last().unwrap();
        assert_eq!((last.row, last.student_number.as_deref()), (20_001, Some("2026019999")));
    }
}

#[test]
fn headers_are_recognised_as_schools_write_them() {
    let told: Vec<String> = [
        "姓名",
        "*姓 名",
        "学生姓名",
        "姓名（必填）",
        "Name",
        "XM",
        "证件号码",
        "身份证号:",
        "考生号",
        "学号\n(10位)",
        "毕业生姓名",
        "手机号码",
        "院（系）",
        "院系",
        "父亲姓名",
        "备注",
        "",
    ]
    .iter()
    .map(|h| format!("{h:?} {:?}", Field::from_header(h)))
    .collect();
    expect![[r#"
        "姓名" Some(Name)
        "*姓 名" Some(Name)
        "学生姓名" Some(Name)
        "姓名（必填）" Some(Name)
        "Name" Some(Name)
        "XM" Some(Name)
        "证件号码" Some(IdNumber)
        "身份证号:" Some(IdNumber)
        "考生号" Some(ExamNumber)
        "学号\n(10位)" Some(StudentNumber)
        "毕业生姓名" Some(Name)
        "手机号码" Some(Phone)
        "院（系）" Some(Faculty)
        "院系" Some(Faculty)
        "父亲姓名" None
        "备注" None
        "" None"#]]
    .assert_eq(&told.join("\n"));
    for field in Field::ALL {
        assert_eq!(Field::from_id(field.id()), Some(field));
    }
}

#[test]
fn a_mapping_and_a_missing_header_can_be_said() {
    let bytes = "20260001,张三\n20260002,李四\n".as_bytes();
    assert_eq!(
        import(bytes, "a.csv", &Options::default()).unwrap_err().code(),
        "roster_no_name_column"
    );
    let mapping = |fields: [Option<Field>; 2]| Options {
        mapping: Some(Mapping(fields.to_vec())),
        header: HeaderRow::Absent,
        ..Options::default()
    };
    let right = mapping([Some(Field::StudentNumber), Some(Field::Name)]);
    assert_eq!(import(bytes, "a.csv", &right).unwrap().rows.len(), 2);
    for (fields, code) in [
        ([Some(Field::Name), Some(Field::Name)], "roster_field_twice"),
        ([None, Some(Field::Name)], "roster_no_key_column"),
        ([Some(Field::StudentNumber), None], "roster_no_name_column"),
    ] {
        assert_eq!(import(bytes, "a.csv", &mapping(fields)).unwrap_err().code(), code);
    }
}

#[test]
fn a_row_becomes_an_entry_with_its_key() {
    let got = import(text().as_bytes(), "a.csv", &Options::default()).unwrap();
    let entry = got.rows.first().unwrap().entry().unwrap();
    assert_eq!(entry.key.text(), "roster:20260001");
    assert_eq!(entry.subject.shown_name().as_deref(), Some("张*"));
    assert_eq!(format!("{:?}", got.rows.first().unwrap()), "RosterRow(line 2)");
}

#[test]
fn the_demo_roster_comes_in_whole_from_both_files() {
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo");
    let sheets = ["roster.xlsx", "roster-gbk.csv"].map(|name| {
        let bytes = std::fs::read(demo.join(name)).unwrap();
        let got = import(&bytes, name, &Options::default()).unwrap();
        assert_eq!((got.rows.len(), got.problems.as_slice()), (30, [].as_slice()), "{name}");
        got.rows.into_iter().map(|r| r.entry().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(sheets[0], sheets[1]);
}
