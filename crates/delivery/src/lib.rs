//! Delivery packages: which name each finished picture gets, what lists lie beside it, and the signed receipt over all of it.
//!
//! [`write`] streams a [`Source`] into a zip by a [`Profile`]. It never holds more than one picture, so that 50,000 cost no
//! more memory than 50. [`fate`] tells what becomes of an order. Deliberately absent: whose orders are read, and where a package
//! is kept.
mod error;
mod fate;
mod forms;
mod item;
mod package;
mod papers;
mod profile;
mod receipt;
mod spool;
mod table;
mod template;

pub use error::{DeliveryError, ProfileError, SourceError, TemplateError};
pub use fate::{Fate, fate};
pub use item::{Head, Item, ListKind, ListRow, Source};
pub use package::{Outputs, Package, count, list, write};
pub use profile::{Form, Profile};
pub use receipt::{BadPackage, CHECKSUMS, Counts, RECEIPT, Receipt, verify};
pub use template::Template;
