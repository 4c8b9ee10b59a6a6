//! A sandbox of the documented contract of WeChat Pay API v3 (Native): the provider's side with real RSA keys, and callbacks
//! that come doubled, late, never, forged and in any order, by a seed.
//!
//! [`Provider`] is the state without a network, for property tests; [`Sandbox`] serves it over HTTP. It is a crate of its own
//! that nothing which is shipped may depend on (a tidy test sees to it), and a release build of `pay` talks to no sandbox.
mod bill;
mod chance;
mod keys;
mod mail;
mod provider;
mod serve;

pub use chance::{Chance, Faults};
pub use keys::{API_V3_KEY, APP_ID, Keys, MCH_ID};
pub use mail::{Callback, Forgery, SignedWith};
pub use provider::{Answer, Event, Provider};
pub use serve::{Sandbox, ServeError};
