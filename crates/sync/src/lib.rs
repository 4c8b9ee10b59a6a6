//! How does a station keep in step with the center? It pumps the outbox up and the changes down, and never gives up.
//!
//! [`plan`] decides and does nothing: events in, actions out, with time and chance passed in. [`run`] carries its actions out over a
//! [`Local`] (the station's store) and a [`Remote`] (HTTP). Deliberately absent: SQL, files, and what an event means to an order.
pub mod answer;
pub mod backoff;
pub mod failure;
pub mod plan;
pub mod request;

mod enrol;
mod error;
mod http;
mod local;
mod pump;
mod remote;

pub use enrol::{Enrolment, enrol};
pub use error::SyncError;
pub use http::{Arriving, HttpRemote, Plaintext};
pub use local::{Batch, Local, LocalFailure, PendingOp, PutOff};
pub use pump::{Blocking, Clock, Identity, Link, Pump, Random, Status, SystemClock, run};
pub use remote::{RawAnswer, Remote, Unreachable};
