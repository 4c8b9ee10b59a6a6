//! The center: it takes what stations send, lets reviewers decide, and tells the stations.
//!
//! [`Central`] is an opened center. Routes (`http`), the `central` command, tests and the embedded center of the desktop all
//! call the same use cases on it. Rules are in `domain`, messages in `wire`, rows behind [`store::CentralStore`], photo bytes
//! behind [`blobs::BlobStore`]. The web console's pages are built in `ui/` and only served here.
//!
//! At rest: the data directory has mode 0700, the signing key 0600; photos and database are not encrypted by the center
//! itself, so the disk under it should be. TLS ends in front of it, at a proxy.
pub mod blobs;
mod block;
mod center;
mod change;
mod config;
mod error;
mod http;
mod key;
mod password;
mod person;
pub mod sms;
pub mod store;
mod usecase;
mod wakes;

pub use center::Central;
/// Accounts, what they may do, and the routes they use.
pub mod people {
    pub use crate::http::people::{ROUTES, Route};
    pub use crate::person::{Permission, Person};
    pub use crate::store::people::{AccountRole, AccountRow};
    pub use crate::usecase::accounts::Admitted;
    pub use crate::usecase::desk::Decision;
    pub use crate::usecase::reconcile::read_day;
    pub use crate::usecase::webhooks::client as webhook_client;
}

pub use http::my::routes as site_routes;
pub use http::openapi::document as openapi;

pub use config::{Chance, Clock, Config, Limits, SystemChance, SystemClock};
pub use error::CentralError;
pub use store::{OrderFilter, SchoolCode};
pub use usecase::backup::Copied;
pub use usecase::contact::Contact;
pub use usecase::enrol::EnrolCode;
pub use usecase::feed::{Feed, Gaps};
pub use usecase::import::Strangers;
pub use usecase::orders::{OrderDetail, OrderLine};
pub use usecase::payments::Settled;
pub use usecase::photos::Upload;
pub use usecase::reconcile::{DayOutcome, DayPaper};
pub use usecase::rosters::{Imported, Missing, Sheet};
pub use usecase::timers::Tick;
pub use usecase::verify::{Severity, VerifyFinding, VerifyReport};
