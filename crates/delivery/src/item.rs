//! What goes into a package: pictures with what is known of them, and the three lists of those without one.
use crate::error::SourceError;
use domain::order::PhotoRevision;
use domain::order_number::OrderNumber;
use domain::{OrderId, PersonKey, SizePx, Subject, UtcMs};

/// One approved photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its order.
    pub order: OrderId,
    /// The order's number.
    pub number: OrderNumber,
    /// The person.
    pub person: PersonKey,
    /// What is known of the person.
    pub subject: Subject,
    /// The photo it is derived from.
    pub photo: PhotoRevision,
    /// The standard it was finished by.
    pub spec: String,
    /// The standard's version.
    pub spec_version: String,
    /// Size of the finished picture.
    pub size: SizePx,
    /// Dots per inch written in the finished picture.
    pub dpi: u32,
    /// The name of the station.
    pub station: String,
    /// The operator who asked for consent and took it.
    pub operator: String,
}

/// Which list of people without a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListKind {
    /// Photos that belong to nobody on the roster, or whose name in the package is not certain.
    Unmatched,
    /// Photos that were sent back and not taken again.
    Rejected,
    /// People on the roster without a photo.
    Absent,
}

impl ListKind {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Unmatched, Self::Rejected, Self::Absent];
    /// The stem of its files.
    pub const fn stem(self) -> &'static str {
        match self {
            Self::Unmatched => "unmatched",
            Self::Rejected => "rejected",
            Self::Absent => "absent",
        }
    }
}

/// One person on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// The order's number, when there is an order.
    pub number: Option<String>,
    /// The person's key, when there is one.
    pub person: Option<PersonKey>,
    /// What is known of the person.
    pub subject: Subject,
    /// Why: ids of reasons, separated by blanks, or a word of ours.
    pub reason: String,
}

/// Where the contents come from. It is gone through twice, page by page, and must give the same items in the same order;
/// an item that changed between is put on the unmatched list rather than under a wrong name.
pub trait Source {
    /// Calls `each` for every approved photo.
    ///
    /// # Errors
    /// The source's own, or what `each` returned.
    fn items(&self, each: &mut dyn FnMut(Item) -> Result<(), SourceError>) -> Result<(), SourceError>;
    /// The finished picture of an item: a whole JPEG.
    ///
    /// # Errors
    /// When it cannot be derived; the package is not finished then.
    fn picture(&self, item: &Item) -> Result<Vec<u8>, SourceError>;
    /// Calls `each` for every row of a list.
    ///
    /// # Errors
    /// The source's own, or what `each` returned.
    fn list(&self, kind: ListKind, each: &mut dyn FnMut(ListRow) -> Result<(), SourceError>)
    -> Result<(), SourceError>;
}

/// What a package is, for its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Identifier of the package.
    pub id: String,
    /// The school's code.
    pub school_code: String,
    /// Identifier of the campaign.
    pub campaign: String,
    /// Its title.
    pub title: String,
    /// When the package was made; also the time of every file in it.
    pub made_at: UtcMs,
    /// Who made it: `central`, or a station's name.
    pub made_by: String,
}
