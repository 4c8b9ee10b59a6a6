//! One file for each table: its rows to cells and back, and its SQL, written once for every engine.
mod account;
mod blob;
mod campaign;
mod enrol_code;
mod entry;
mod feed;
mod guest;
mod history;
mod op;
mod order;
mod order_cells;
mod order_queue;
mod package;
mod refund;
mod review_outcome;
mod roster;
mod setting;
mod station;
mod trade;
mod upload;
mod webhook;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod portable;
