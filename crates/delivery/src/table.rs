//! The columns of the lists: their keys, their headings, and how a row is read from an item.
use crate::item::{Item, ListRow};
use domain::mask;
use domain::order::LocalCheck;
use domain::time::UtcOffset;
use domain::{PersonKey, Subject};
use serde::{Deserialize, Serialize};

/// One cell. Numbers of people are text, so that no program rounds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// Nothing known.
    Empty,
    /// A count, a size or a length.
    Number(u64),
    /// Anything else.
    Text(String),
}

impl Cell {
    /// The cell as text.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Number(n) => n.to_string(),
            Self::Text(t) => t.clone(),
        }
    }
}

/// One column.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Its key in JSON, csv and profiles.
    pub key: &'static str,
    /// Its heading in a sheet.
    pub title_zh: &'static str,
    /// Its name in a DBF: at most ten letters.
    pub dbf: &'static str,
}

const fn column(key: &'static str, title_zh: &'static str, dbf: &'static str) -> Column {
    Column { key, title_zh, dbf }
}

/// Every column there is.
pub const COLUMNS: &[Column] = &[
    column("file", "文件", "FILE"),
    column("order_number", "订单号", "ORDERNO"),
    column("code_hash", "采集码摘要", "CODEHASH"),
    column("name", "姓名", "XM"),
    column("masked_name", "姓名（掩码）", "XMYM"),
    column("sex", "性别", "XB"),
    column("id_number", "证件号码", "ZJHM"),
    column("masked_id", "证件号码（掩码）", "ZJHMYM"),
    column("student_number", "学号", "XH"),
    column("exam_number", "考生号", "KSH"),
    column("school_code", "学校代码", "XXDM"),
    column("faculty", "院系", "YX"),
    column("major", "专业", "ZY"),
    column("level", "层次", "CC"),
    column("years", "学制", "XZ"),
    column("class", "班级", "BJ"),
    column("entry_year", "入学年份", "RXNF"),
    column("graduation_year", "毕业年份", "BYNF"),
    column("sha256", "SHA-256", "SHA256"),
    column("bytes", "字节数", "BYTES"),
    column("width_px", "宽（像素）", "WIDTHPX"),
    column("height_px", "高（像素）", "HEIGHTPX"),
    column("dpi", "分辨率", "DPI"),
    column("spec", "照片标准", "SPEC"),
    column("spec_version", "标准版本", "SPECVER"),
    column("captured_at", "拍摄时间", "CAPTURED"),
    column("station", "采集点", "STATION"),
    column("operator", "操作员", "OPERATOR"),
    column("crop_x_px", "裁剪左", "CROPX"),
    column("crop_y_px", "裁剪上", "CROPY"),
    column("crop_width_px", "裁剪宽", "CROPW"),
    column("crop_height_px", "裁剪高", "CROPH"),
    column("check", "初审", "CHECK"),
    column("failed_measures", "未过项", "FAILED"),
    column("reason", "原因", "REASON"),
];

/// The columns of the three lists of people without a picture.
pub const LIST_COLUMNS: &[&str] = &[
    "order_number",
    "code_hash",
    "name",
    "masked_name",
    "id_number",
    "masked_id",
    "student_number",
    "exam_number",
    "faculty",
    "major",
    "class",
    "reason",
];

/// The fields of a person a picture's name may be made of.
pub const FIELDS: &[&str] = &[
    "order_number",
    "code_hash",
    "name",
    "masked_name",
    "sex",
    "id_number",
    "masked_id",
    "student_number",
    "exam_number",
    "school_code",
    "faculty",
    "major",
    "level",
    "years",
    "class",
    "entry_year",
    "graduation_year",
];

/// The column with this key.
pub fn by_key(key: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|c| c.key == key)
}

/// One field of a person.
pub fn field(key: &str, number: Option<&str>, person: Option<&PersonKey>, s: &Subject) -> Option<String> {
    match key {
        "order_number" => number.map(str::to_owned),
        "code_hash" => match person {
            Some(PersonKey::Code(hash)) => Some(hash.hex()),
            Some(PersonKey::Roster(_) | PersonKey::Temporary(_)) | None => None,
        },
        "name" => s.name.clone(),
        "masked_name" => s.masked_name.clone().or_else(|| s.name.as_deref().map(mask::name)),
        "sex" => s.sex.clone(),
        "id_number" => s.id_number.clone(),
        "masked_id" => s
            .masked_id
            .clone()
            .or_else(|| s.id_number.as_deref().map(mask::id_number)),
        "student_number" => s.student_number.clone(),
        "exam_number" => s.exam_number.clone(),
        "school_code" => s.school_code.clone(),
        "faculty" => s.faculty.clone(),
        "major" => s.major.clone(),
        "level" => s.level.clone(),
        "years" => s.years.clone(),
        "class" => s.class.clone(),
        "entry_year" => s.entry_year.clone(),
        "graduation_year" => s.graduation_year.clone(),
        _ => None,
    }
}

/// What is known of a written picture beyond its item.
pub struct Written<'w> {
    /// Its path in the package.
    pub file: &'w str,
    /// SHA-256 of its bytes, in hex.
    pub sha256: &'w str,
    /// Its length.
    pub bytes: u64,
}

/// The row of a picture.
pub fn item_row(columns: &[&'static Column], item: &Item, written: &Written<'_>) -> Vec<Cell> {
    columns.iter().map(|c| item_cell(c.key, item, written)).collect()
}

fn item_cell(key: &str, item: &Item, written: &Written<'_>) -> Cell {
    let number = |n: u32| Cell::Number(u64::from(n));
    let crop = item.photo.crop;
    match key {
        "file" => Cell::Text(written.file.to_owned()),
        "sha256" => Cell::Text(written.sha256.to_owned()),
        "bytes" => Cell::Number(written.bytes),
        "width_px" => number(item.size.width),
        "height_px" => number(item.size.height),
        "dpi" => number(item.dpi),
        "spec" => Cell::Text(item.spec.clone()),
        "spec_version" => Cell::Text(item.spec_version.clone()),
        "captured_at" => Cell::Text(item.photo.captured_at.civil(UtcOffset::CHINA).to_string()),
        "station" => Cell::Text(item.station.clone()),
        "operator" => Cell::Text(item.operator.clone()),
        "crop_x_px" => number(crop.x),
        "crop_y_px" => number(crop.y),
        "crop_width_px" => number(crop.width),
        "crop_height_px" => number(crop.height),
        "check" => Cell::Text(check_word(&item.photo.check).to_owned()),
        "failed_measures" => failed(&item.photo.check),
        _ => field(key, Some(item.number.as_str()), Some(&item.person), &item.subject).map_or(Cell::Empty, Cell::Text),
    }
}

/// The row of somebody without a picture.
pub fn list_row(columns: &[&'static Column], row: &ListRow) -> Vec<Cell> {
    let cell = |c: &&'static Column| match c.key {
        "reason" => Cell::Text(row.reason.clone()),
        key => field(key, row.number.as_deref(), row.person.as_ref(), &row.subject).map_or(Cell::Empty, Cell::Text),
    };
    columns.iter().map(cell).collect()
}

const fn check_word(check: &LocalCheck) -> &'static str {
    match check {
        LocalCheck::Passed => "passed",
        LocalCheck::Failed(_) => "failed",
        LocalCheck::Overridden { .. } => "overridden",
    }
}

fn failed(check: &LocalCheck) -> Cell {
    if *check == LocalCheck::Passed {
        return Cell::Empty;
    }
    let ids: Vec<_> = check.failed().iter().map(|m| m.id()).collect();
    Cell::Text(ids.join(" "))
}
