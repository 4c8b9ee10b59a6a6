//! How does sync behave towards its neighbours: the station's store on one side, a center far away on the other?
#![allow(clippy::unwrap_used, missing_docs)]
mod desk;
mod glue;
mod http;
mod plan;
mod random_plan;
mod sim;
mod sim_net;
mod trace;
