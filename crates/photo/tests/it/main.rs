//! Does `photo` keep its promises to its neighbours?
#![allow(clippy::unwrap_used)]
mod colour;
mod decode;
mod finish;
mod header;
mod hostile;
mod picture;
mod stand;
mod support;
