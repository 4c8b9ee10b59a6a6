//! Which fields does a roster have, and what do schools call them?
use crate::RosterError;

/// A field of a roster row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// 姓名
    Name,
    /// 性别
    Sex,
    /// 证件号码
    IdNumber,
    /// 学号
    StudentNumber,
    /// 考生号
    ExamNumber,
    /// 学校代码
    SchoolCode,
    /// 院系
    Faculty,
    /// 专业
    Major,
    /// 层次
    Level,
    /// 学制
    Years,
    /// 班级
    Class,
    /// 入学年份
    EntryYear,
    /// 毕业年份
    GraduationYear,
    /// 手机号
    Phone,
}

/// Headers in use, normalised. The short Latin ones are the column names of CHSI's own DBF tables.
const HEADERS: &[(Field, &[&str])] = &[
    (
        Field::Name,
        &["姓名", "名字", "xm", "name", "fullname", "学生", "姓名name"],
    ),
    (Field::Sex, &["性别", "xb", "sex", "gender"]),
    (
        Field::IdNumber,
        &[
            "证件号码",
            "证件号",
            "身份证号",
            "身份证号码",
            "身份证",
            "身份证件号",
            "身份证件号码",
            "公民身份号码",
            "居民身份证号",
            "居民身份证号码",
            "有效证件号码",
            "sfzh",
            "sfzhm",
            "sfzjh",
            "zjhm",
            "idnumber",
            "idcard",
            "idno",
        ],
    ),
    (
        Field::StudentNumber,
        &[
            "学号",
            "学籍号",
            "工号",
            "学号工号",
            "学工号",
            "xh",
            "xjh",
            "gh",
            "studentnumber",
            "studentid",
            "studentno",
        ],
    ),
    (
        Field::ExamNumber,
        &[
            "考生号",
            "考号",
            "报名号",
            "准考证号",
            "ksh",
            "zkzh",
            "examnumber",
            "examid",
            "examno",
        ],
    ),
    (
        Field::SchoolCode,
        &[
            "学校代码",
            "院校代码",
            "学校标识码",
            "院校代号",
            "学校代号",
            "xxdm",
            "yxdm",
            "schoolcode",
        ],
    ),
    (
        Field::Faculty,
        &[
            "院系",
            "学院",
            "系所",
            "院系名称",
            "学院名称",
            "所在院系",
            "所在学院",
            "二级学院",
            "院系所",
            "系别",
            "分院",
            "部门",
            "xsh",
            "xsmc",
            "yxmc",
            "xymc",
            "yx",
            "xy",
            "faculty",
            "department",
            "college",
        ],
    ),
    (
        Field::Major,
        &["专业", "专业名称", "所学专业", "录取专业", "zy", "zymc", "major"],
    ),
    (
        Field::Level,
        &[
            "层次",
            "学历层次",
            "培养层次",
            "办学层次",
            "学历",
            "cc",
            "pycc",
            "level",
            "degree",
        ],
    ),
    (
        Field::Years,
        &["学制", "学习年限", "修业年限", "xz", "years", "duration"],
    ),
    (
        Field::Class,
        &[
            "班级",
            "班级名称",
            "行政班",
            "行政班级",
            "所在班级",
            "班号",
            "bh",
            "bj",
            "bjmc",
            "class",
        ],
    ),
    (
        Field::EntryYear,
        &[
            "入学年份",
            "入学年度",
            "入学日期",
            "入学年月",
            "入学时间",
            "年级",
            "所在年级",
            "rxny",
            "rxrq",
            "rxnf",
            "nj",
            "entryyear",
            "grade",
        ],
    ),
    (
        Field::GraduationYear,
        &[
            "毕业年份",
            "毕业年度",
            "毕业日期",
            "毕业年月",
            "毕业时间",
            "预计毕业日期",
            "届别",
            "byny",
            "byrq",
            "yjbyrq",
            "bynf",
            "graduationyear",
        ],
    ),
    (
        Field::Phone,
        &[
            "手机号",
            "手机",
            "手机号码",
            "联系电话",
            "联系方式",
            "电话",
            "电话号码",
            "移动电话",
            "本人手机",
            "本人电话",
            "lxdh",
            "sjh",
            "sjhm",
            "phone",
            "mobile",
            "tel",
            "phonenumber",
        ],
    ),
];

/// Words before a header that change nothing: 考生姓名 is 姓名. A father's name (父亲姓名) is not.
const OWNERS: [&str; 5] = ["学生", "考生", "新生", "本人", "毕业生"];

impl Field {
    /// Every field, in the order of a sheet.
    pub const ALL: [Self; 14] = [
        Self::Name,
        Self::Sex,
        Self::IdNumber,
        Self::StudentNumber,
        Self::ExamNumber,
        Self::SchoolCode,
        Self::Faculty,
        Self::Major,
        Self::Level,
        Self::Years,
        Self::Class,
        Self::EntryYear,
        Self::GraduationYear,
        Self::Phone,
    ];

    /// The stable word used in options and on the wire.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Sex => "sex",
            Self::IdNumber => "id_number",
            Self::StudentNumber => "student_number",
            Self::ExamNumber => "exam_number",
            Self::SchoolCode => "school_code",
            Self::Faculty => "faculty",
            Self::Major => "major",
            Self::Level => "level",
            Self::Years => "years",
            Self::Class => "class",
            Self::EntryYear => "entry_year",
            Self::GraduationYear => "graduation_year",
            Self::Phone => "phone",
        }
    }
    /// Reads [`Field::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.id() == id)
    }
    /// The field a header names. Blanks, stars, colons and what stands in brackets do not count.
    pub fn from_header(header: &str) -> Option<Self> {
        let (header, inside) = (plain(header, Brackets::LeftOut), plain(header, Brackets::Opened));
        let known = |text: &str| HEADERS.iter().find(|(_, names)| names.contains(&text)).map(|(f, _)| *f);
        // 院（系） is 院系; 学号（必填） is 学号.
        known(&header)
            .or_else(|| known(&inside))
            .or_else(|| OWNERS.iter().find_map(|owner| known(header.strip_prefix(owner)?)))
    }
    /// Whether a cell of this field is written in digits and Latin letters, and never in words.
    pub(crate) const fn is_number(self) -> bool {
        match self {
            Self::IdNumber
            | Self::StudentNumber
            | Self::ExamNumber
            | Self::SchoolCode
            | Self::Years
            | Self::EntryYear
            | Self::GraduationYear
            | Self::Phone => true,
            Self::Name | Self::Sex | Self::Faculty | Self::Major | Self::Level | Self::Class => false,
        }
    }
    /// Whether the field can tell people apart.
    pub const fn is_key(self) -> bool {
        matches!(self, Self::StudentNumber | Self::IdNumber | Self::ExamNumber)
    }
}

/// For each column of a sheet, the field it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping(pub Vec<Option<Field>>);

impl Mapping {
    /// Takes each header for what it says; where two say the same, the first column counts.
    pub fn guess<'a>(header: impl IntoIterator<Item = &'a str>) -> Self {
        let mut taken = Vec::new();
        Self(
            header
                .into_iter()
                .map(|cell| {
                    let field = Field::from_header(cell).filter(|f| !taken.contains(f))?;
                    taken.push(field);
                    Some(field)
                })
                .collect(),
        )
    }
    /// How many columns hold a field.
    pub fn known(&self) -> usize {
        self.0.iter().flatten().count()
    }
    /// The column of a field, from 0.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.0.iter().position(|f| *f == Some(field))
    }
    pub(crate) fn check(&self) -> Result<(), RosterError> {
        for field in Field::ALL {
            if self.0.iter().filter(|f| **f == Some(field)).count() > 1 {
                return Err(RosterError::FieldTwice { field });
            }
        }
        if self.column(Field::Name).is_none() {
            return Err(RosterError::NoNameColumn);
        }
        if !self.0.iter().flatten().any(|f| f.is_key()) {
            return Err(RosterError::NoKeyColumn);
        }
        Ok(())
    }
}

/// What becomes of text in brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brackets {
    LeftOut,
    Opened,
}

fn plain(header: &str, brackets: Brackets) -> String {
    let mut depth = 0usize;
    let mut text = String::new();
    for c in header.chars().map(crate::value::half_width) {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if (depth > 0 && brackets == Brackets::LeftOut) || c.is_whitespace() || c.is_control() => {}
            '*' | ':' | '_' | '-' | '/' | '、' | '.' | '\'' | '"' | '\u{feff}' | '\u{fffd}' => {}
            _ => text.extend(c.to_lowercase()),
        }
    }
    text
}
