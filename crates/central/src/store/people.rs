//! Rows of accounts and of what they come in with.
use crate::store::SchoolCode;
use domain::UtcMs;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountRole {
    /// Everything.
    Admin,
    /// A school's coordinator: sees and reviews the own school alone, takes a class's money, hands over packages.
    Coordinator,
    /// Decides about photos and refunds.
    Reviewer,
    /// Produces approved orders.
    Lab,
    /// Reads everything masked, and the history; changes nothing.
    Auditor,
}

impl AccountRole {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Admin, Self::Coordinator, Self::Reviewer, Self::Lab, Self::Auditor];
    /// The stable word used in rows and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Coordinator => "coordinator",
            Self::Reviewer => "reviewer",
            Self::Lab => "lab",
            Self::Auditor => "auditor",
        }
    }
    /// Reads [`AccountRole::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.id() == id)
    }
}

/// An account. Its name is unique at the whole center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// The one school it sees; all when none.
    pub school: Option<SchoolCode>,
    /// Its name: 3–64 lower-case letters, digits, dots, dashes.
    pub name: String,
    /// What it may do.
    pub role: AccountRole,
    /// Argon2id, in PHC's form.
    pub password: String,
    /// When it was made.
    pub created_at: UtcMs,
    /// When it was disabled, if it was.
    pub disabled_at: Option<UtcMs>,
    /// Wrong passwords since the last right one.
    pub failed: u32,
    /// No password is tried before this time.
    pub locked_until: Option<UtcMs>,
}

/// What a request proves an account with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// A person's session, by cookie.
    Session,
    /// A script's token, by header.
    Token,
}

impl CredentialKind {
    /// The stable word used in rows and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
        }
    }
    /// Reads [`CredentialKind::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Session, Self::Token].into_iter().find(|k| k.id() == id)
    }
}

/// A session or a token; only the hash of its secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRow {
    /// Its id, to name it by.
    pub id: String,
    /// SHA-256 of the secret.
    pub secret: [u8; 32],
    /// Which kind.
    pub kind: CredentialKind,
    /// The account.
    pub account: String,
    /// What a token is for.
    pub title: String,
    /// When it was made.
    pub created_at: UtcMs,
    /// When it was last used, to the minute.
    pub seen_at: UtcMs,
    /// When it ends whatever happens.
    pub expires_at: UtcMs,
}
