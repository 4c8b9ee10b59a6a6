//! A person (or their script) who asked for something, and what each role may do. Access to an object is decided twice: may
//! this role do it at all, and is the object of a school this account sees.
use crate::error::CentralError;
use crate::store::SchoolCode;
use crate::store::people::{AccountRole, AccountRow};

/// Something a route does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// Know oneself, and leave.
    Own,
    /// Read orders, masked.
    Orders,
    /// See a name, a number, a face.
    Reveal,
    /// Decide about photos.
    Review,
    /// Take orders into production and out of it.
    Produce,
    /// Take a class's money.
    TakeClass,
    /// Read payments.
    Payments,
    /// Send money back.
    Refund,
    /// Read campaigns, schools and stations.
    Campaigns,
    /// Take in and take back rosters.
    Rosters,
    /// Make and change campaigns, enrolment codes; revoke stations.
    Arrange,
    /// Make and fetch packages.
    Packages,
    /// Make and end accounts, tokens of others, webhooks.
    Accounts,
    /// Read the history of anything.
    Audit,
}

impl AccountRole {
    /// Whether this role may do it.
    pub const fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Admin => true,
            Self::Coordinator => match permission {
                P::Own
                | P::Orders
                | P::Reveal
                | P::Review
                | P::TakeClass
                | P::Payments
                | P::Campaigns
                | P::Rosters
                | P::Packages => true,
                P::Produce | P::Refund | P::Arrange | P::Accounts | P::Audit => false,
            },
            Self::Reviewer => match permission {
                P::Own | P::Orders | P::Reveal | P::Review | P::Payments | P::Refund | P::Campaigns => true,
                P::Produce | P::TakeClass | P::Rosters | P::Arrange | P::Packages | P::Accounts | P::Audit => false,
            },
            Self::Lab => match permission {
                P::Own | P::Orders | P::Reveal | P::Produce | P::Campaigns | P::Packages => true,
                P::Review
                | P::TakeClass
                | P::Payments
                | P::Refund
                | P::Rosters
                | P::Arrange
                | P::Accounts
                | P::Audit => false,
            },
            Self::Auditor => match permission {
                P::Own | P::Orders | P::Payments | P::Campaigns | P::Audit => true,
                P::Reveal
                | P::Review
                | P::Produce
                | P::TakeClass
                | P::Refund
                | P::Rosters
                | P::Arrange
                | P::Packages
                | P::Accounts => false,
            },
        }
    }
}

/// Who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account's name.
    pub account: String,
    /// What it may do.
    pub role: AccountRole,
    /// The one school it sees; all when none.
    pub school: Option<SchoolCode>,
    /// The session's or token's id.
    pub credential: String,
    /// What changes must be accompanied by; nothing for a token, which no page can send by itself.
    pub csrf: Option<String>,
}

impl Person {
    pub(crate) fn of(account: AccountRow, credential: String, csrf: Option<String>) -> Self {
        Self {
            account: account.name,
            role: account.role,
            school: account.school,
            credential,
            csrf,
        }
    }

    /// Whether objects of this school exist for this person.
    pub fn sees(&self, school: &SchoolCode) -> bool {
        self.school.as_ref().is_none_or(|own| own == school)
    }

    /// The school to list: the one asked for, or the person's own.
    ///
    /// # Errors
    /// `NotFound` for a school this person does not see.
    pub fn narrowed(&self, asked: Option<SchoolCode>) -> Result<Option<SchoolCode>, CentralError> {
        match asked {
            Some(school) if self.sees(&school) => Ok(Some(school)),
            Some(school) => Err(CentralError::not_found("school", school)),
            None => Ok(self.school.clone()),
        }
    }

    /// How the history names this person.
    pub fn who(&self) -> String {
        format!("{}:{}", self.role.id(), self.account)
    }
}
