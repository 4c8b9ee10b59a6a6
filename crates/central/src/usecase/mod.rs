//! What the center does, once, for routes, command, tests and the embedded center alike.
pub mod accounts;
pub mod apply;
pub mod backup;
pub mod campaigns;
pub mod desk;
pub mod enrol;
pub mod feed;
pub mod finished;
pub mod import;
pub mod ops;
pub mod orders;
pub mod photos;
pub mod queue;
pub mod review;
pub mod timers;
pub mod uploads;
pub mod verify;
