//! The station's use cases without a window: who sits, what became of each shot, the orders, the link to the center.
//! Two doors lead in: the window's commands (`src-tauri`) and loopback HTTP (`serve`); both make [`ipc::Call`]s.
mod board;
mod calls;
pub mod clock;
mod codes;
mod connect;
mod core;
mod demo;
mod demo_frames;
mod desk;
mod embedded;
mod gallery;
mod keep;
mod key;
mod link;
mod live;
pub mod names;
mod orders;
mod people;
mod picture;
mod prefs;
pub mod rehearse;
pub mod serve;
pub mod session;
mod setup;
mod shutter;
mod snapshot;
mod station;
mod tray;
mod trouble;
pub mod view;

pub use self::core::Core;
pub use calls::codes_in;
pub use picture::Picture;
pub use setup::RosterFile;
pub use station::{CameraUse, OpenError, Opening, Station, default_data_dir};
pub use trouble::Trouble;
