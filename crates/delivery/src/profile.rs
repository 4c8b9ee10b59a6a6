//! Delivery profiles: how a receiver wants the package, as a TOML file with its rules checked once.
use crate::error::ProfileError;
use crate::table::{self, Column};
use crate::template::Template;
use serde::Deserialize;

/// A form the lists come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// UTF-8 with a byte order mark, so that sheet programs read it right.
    Csv,
    /// One object with one line for each row.
    Json,
    /// A workbook; every number of a person is text in it.
    Xlsx,
    /// dBASE III in GB18030.
    Dbf,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Json, Self::Xlsx, Self::Dbf];
    /// The ending of its files.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
            Self::Dbf => "dbf",
        }
    }
}

/// A profile that holds.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// The name of each picture.
    pub image: Template,
    /// Nothing but pictures may be in the zip; everything else goes into a second one.
    pub pictures_only: bool,
    /// The forms of each list.
    pub forms: Vec<Form>,
    pub(crate) columns: Vec<&'static Column>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: String,
    image: String,
    #[serde(default)]
    pictures_only: bool,
    forms: Vec<Form>,
    columns: Vec<String>,
}

/// The profiles that come with the program.
const BUILT_IN: [&str; 3] = [
    include_str!("../profiles/school.toml"),
    include_str!("../profiles/blind.toml"),
    include_str!("../profiles/pictures-only.toml"),
];

impl Profile {
    /// Reads a profile file.
    ///
    /// # Errors
    /// Names what does not hold.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text)?;
        let id_holds = (1..=40).contains(&file.id.len())
            && file
                .id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !id_holds {
            return Err(ProfileError::Id);
        }
        let mut columns = Vec::new();
        for key in &file.columns {
            let column = table::by_key(key).filter(|c| c.key != "reason");
            let column = column.ok_or_else(|| ProfileError::Column(key.clone()))?;
            if columns.contains(&column) {
                return Err(ProfileError::Columns);
            }
            columns.push(column);
        }
        if columns.is_empty() {
            return Err(ProfileError::Columns);
        }
        let mut forms = file.forms;
        forms.sort_unstable();
        forms.dedup();
        Ok(Self {
            id: file.id,
            title: file.title,
            image: Template::parse(&file.image)?,
            pictures_only: file.pictures_only,
            forms,
            columns,
        })
    }

    /// The profiles that come with the program.
    pub fn built_in() -> Vec<Self> {
        BUILT_IN.iter().filter_map(|text| Self::parse(text).ok()).collect()
    }

    /// A built-in profile by its id.
    pub fn find(id: &str) -> Option<Self> {
        Self::built_in().into_iter().find(|p| p.id == id)
    }
}
