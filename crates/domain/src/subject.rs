//! The person in front of the camera, as far as this job may know them.
use crate::id::CodeHash;

/// The key of a person within a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PersonKey {
    /// Graduate job: the hash of the collection code. One person with two registrations has two.
    Code(CodeHash),
    /// Freshman or staff job: the roster's key (student number, else ID number, else exam number).
    Roster(String),
    /// Someone not on the roster, entered on the day and merged later.
    Temporary(String),
}

impl PersonKey {
    /// One text for the store and the wire: `code:<hex>`, `roster:<key>` or `temporary:<key>`.
    pub fn text(&self) -> String {
        match self {
            Self::Code(hash) => format!("code:{}", hash.hex()),
            Self::Roster(key) => format!("roster:{key}"),
            Self::Temporary(key) => format!("temporary:{key}"),
        }
    }
    /// Reads [`PersonKey::text`] back.
    pub fn from_text(text: &str) -> Option<Self> {
        let (kind, key) = text.split_once(':')?;
        match kind {
            "code" => CodeHash::from_hex(key).ok().map(Self::Code),
            "roster" if !key.is_empty() => Some(Self::Roster(key.to_owned())),
            "temporary" if !key.is_empty() => Some(Self::Temporary(key.to_owned())),
            _ => None,
        }
    }
}

/// What is known of a person. Masked forms stand in where the job is blind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Subject {
    /// 姓名 where the job may know it.
    pub name: Option<String>,
    /// Masked name from the collection code.
    pub masked_name: Option<String>,
    /// 证件号码 as written; not every paper is a resident ID.
    pub id_number: Option<String>,
    /// Masked ID number from the collection code.
    pub masked_id: Option<String>,
    pub sex: Option<String>,
    pub student_number: Option<String>,
    pub exam_number: Option<String>,
    pub school_code: Option<String>,
    pub faculty: Option<String>,
    pub major: Option<String>,
    pub level: Option<String>,
    pub years: Option<String>,
    pub class: Option<String>,
    pub entry_year: Option<String>,
    pub graduation_year: Option<String>,
    pub phone: Option<String>,
}

impl Subject {
    /// The name a screen may show without a reveal.
    pub fn shown_name(&self) -> Option<String> {
        self.masked_name
            .clone()
            .or_else(|| self.name.as_deref().map(crate::mask::name))
    }
    /// The ID number a screen may show without a reveal.
    pub fn shown_id(&self) -> Option<String> {
        self.masked_id
            .clone()
            .or_else(|| self.id_number.as_deref().map(crate::mask::id_number))
    }
}

/// One line of a roster: a key and what the sheet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterEntry {
    /// Key within the campaign.
    pub key: PersonKey,
    /// The fields.
    pub subject: Subject,
}

impl RosterEntry {
    /// Makes an entry, keyed by student number, else ID number, else exam number.
    /// `None` when the row has none of them.
    pub fn new(subject: Subject) -> Option<Self> {
        let key = [&subject.student_number, &subject.id_number, &subject.exam_number]
            .into_iter()
            .flatten()
            .next()?;
        Some(Self {
            key: PersonKey::Roster(key.clone()),
            subject,
        })
    }
}
