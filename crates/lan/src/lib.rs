//! How do stations of one school warn each other without internet? Each keeps a row of lines, whom it has collected and of whom that
//! no longer holds, says over UDP how far its row goes, and gives the lines to a neighbour that asks for what it misses.
//!
//! [`plan`] decides and does nothing: events in, actions out, with time and chance passed in. [`start`] carries its actions out over a
//! socket and a [`Claims`] (the station's store). Everything is sealed with a key the school's stations have from their center; people
//! are told of by a keyed hash. Deliberately absent: SQL, and what a claim means at the desk.
pub mod datagram;
pub mod plan;

mod claims;
mod key;
mod peer;
mod place;
mod run;
mod tally;
mod terms;

pub use claims::{Claim, Claims, ClaimsFailure, Line, Mark, Said, Told};
pub use key::{SUBJECT_BYTES, SchoolKey, Subject};
pub use place::{PORT, Place, Reach};
pub use run::{Clock, Lan, Me, State, Station, Status, start};
pub use tally::Tally;
