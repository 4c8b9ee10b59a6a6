//! Sealed bundles: what a station has not been able to send, in one file for a USB stick. Only the center can open it, and it
//! is signed by the station. No file, clock or network here: the caller gives a writer and a reader.
//!
//! The file is an [age](https://age-encryption.org/v1) file (X25519, ChaCha20-Poly1305). Inside:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `XYBNDL1\n` |
//! | 4 | length of the manifest, big-endian |
//! | … | the manifest, JSON ([`Manifest`]) |
//! | 64 | Ed25519 signature of the station over `xueying-bundle-v1\n` and the manifest |
//! | `ops_bytes` | the ops, one JSON object a line, as `POST /v1/ops` takes them |
//! | … | the photos, one after the other, in the order and with the lengths of the manifest |
mod key;
mod manifest;
mod open;
mod seal;

pub use key::{BadKey, OpeningKey, SealingKey};
pub use manifest::{Manifest, PhotoEntry, StationEntry};
pub use open::{OpenError, Receiver, open};
pub use seal::{Contents, SealError, seal};

/// Most ops in one bundle: a month of full days.
pub const MAX_OPS: usize = 20_000;
/// Most photos in one bundle.
pub const MAX_PHOTOS: usize = 20_000;
/// Longest manifest in bytes: 120 for each photo, rounded up.
pub const MAX_MANIFEST_BYTES: usize = 4 << 20;
/// Longest list of ops in bytes: 4 KiB for each op, rounded up.
pub const MAX_OPS_BYTES: usize = 128 << 20;

const MAGIC: &[u8; 8] = b"XYBNDL1\n";
const SIGNED: &[u8] = b"xueying-bundle-v1\n";
const SIGNATURE_BYTES: usize = 64;

/// The bytes a station signs.
fn signed_bytes(manifest: &[u8]) -> Vec<u8> {
    [SIGNED, manifest].concat()
}
