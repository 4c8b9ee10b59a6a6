//! What the windows and the station say to each other: one type for each answer and each argument, and the list of calls.
//! TypeScript is generated from here into `ui/src/lib/ipc` (`cargo xtask bindings`). No rules, no conversion: those are
//! the station's. All names are masked unless a type says otherwise; times are milliseconds since 1970 UTC.
mod admin;
mod call;
mod day;
mod desk;
mod kiosk;
mod order;
mod status;

pub use admin::*;
pub use call::*;
pub use day::*;
pub use desk::*;
pub use kiosk::*;
pub use order::*;
pub use status::*;

/// Derives what every type of this crate needs.
macro_rules! view {
    ($($(#[$meta:meta])* pub $kind:ident $name:ident $body:tt)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[ts(export)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub $kind $name $body
    )+};
}
pub(crate) use view;
