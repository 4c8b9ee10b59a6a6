//! How do bytes become trustworthy pixels, and pixels the delivered file? No file, clock or network here.
//!
//! Conventions: sRGB, 8 bits a channel, row-major, no alpha; the origin is the top-left corner; pixel `i` covers `i..i + 1`,
//! so its centre is `i + 0.5`.
pub mod colour;
mod decode;
mod encode;
mod finish;
mod grey;
mod icc;
pub mod jpeg;
mod orientation;
mod picture;
mod stand;

pub use colour::{Lab, delta_e_2000, luminance};
pub use decode::{ColourSource, DecodeError, Decoded, Limits, Scale, decode, decode_any};
pub use encode::{Chroma, EncodeError, Encoding, Huffman, encode, encode_jpeg};
pub use finish::{Finish, FinishError, Finished, finish};
pub use grey::decode_grey;
pub use jpeg::{FileKind, JpegHeader, Stamp, inspect};
pub use orientation::Orientation;
pub use picture::{Picture, PictureError};
pub use stand::{MARK_BYTES, marked};

/// Computes the SHA-256 of a byte string.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}
