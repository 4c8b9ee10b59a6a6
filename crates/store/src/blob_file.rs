//! One photo file: header, sealed bytes, tag. The header and the photo's id are authenticated with it.
//! Header: magic and version (8), key id (8), plain length (u64 little-endian), nonce (24).
//! The owning order is not part of it: an orphan finds its order later, and a reprint shares the photo of another.
use crate::error::BlobProblem;
use crate::keys::{DataKey, KeyId};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use domain::BlobId;

const MAGIC: &[u8; 7] = b"XYPHOTO";
const VERSION: u8 = 1;
/// Bytes of the header.
pub(crate) const HEADER: usize = 48;
/// Bytes of the tag after the sealed bytes.
pub(crate) const TAG: usize = 16;

/// Seals and opens photo files.
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
    key: KeyId,
}

/// A sealed photo: three parts to be written one after the other.
pub(crate) struct Sealed {
    pub(crate) header: [u8; HEADER],
    pub(crate) bytes: Vec<u8>,
    pub(crate) tag: [u8; TAG],
}

impl Sealer {
    pub(crate) fn new(key: &DataKey) -> Self {
        let photos = key.derive("xueying photos v1");
        Self {
            cipher: XChaCha20Poly1305::new((&*photos).into()),
            key: key.id(),
        }
    }

    pub(crate) fn seal(&self, id: &BlobId, plain: &[u8], nonce: [u8; 24]) -> Option<Sealed> {
        let mut header = [0; HEADER];
        header[..7].copy_from_slice(MAGIC);
        header[7] = VERSION;
        header[8..16].copy_from_slice(&self.key.0);
        header[16..24].copy_from_slice(&(plain.len() as u64).to_le_bytes());
        header[24..].copy_from_slice(&nonce);
        let mut bytes = plain.to_vec();
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce.into(), &associated(&header, id), bytes.as_mut_slice().into())
            .ok()?;
        Some(Sealed {
            header,
            bytes,
            tag: tag.into(),
        })
    }

    /// Opens a whole file and checks that it is this photo.
    pub(crate) fn open(&self, id: &BlobId, file: &[u8]) -> Result<Vec<u8>, BlobProblem> {
        let length = self.plain_length(file)?;
        let (header, sealed) = file.split_at(HEADER);
        if length.checked_add(TAG as u64) != Some(sealed.len() as u64) {
            return Err(BlobProblem::Truncated);
        }
        let (bytes, tag) = sealed.split_at(sealed.len() - TAG);
        let mut plain = bytes.to_vec();
        let mut nonce = [0; 24];
        nonce.copy_from_slice(&header[24..]);
        let mut whole = [0; TAG];
        whole.copy_from_slice(tag);
        self.cipher
            .decrypt_inout_detached(
                &nonce.into(),
                &associated(header, id),
                plain.as_mut_slice().into(),
                &whole.into(),
            )
            .map_err(|_| BlobProblem::Tampered)?;
        if BlobId::of(&plain) == *id {
            Ok(plain)
        } else {
            Err(BlobProblem::Tampered)
        }
    }

    /// The length of the plain photo, from the header alone.
    pub(crate) fn plain_length(&self, file: &[u8]) -> Result<u64, BlobProblem> {
        match file.strip_prefix(MAGIC).and_then(<[u8]>::first) {
            Some(&VERSION) => {}
            Some(&other) => return Err(BlobProblem::Newer(other)),
            None if MAGIC.starts_with(&file[..file.len().min(MAGIC.len())]) => return Err(BlobProblem::Truncated),
            None => return Err(BlobProblem::Foreign),
        }
        let Some(header) = file.get(..HEADER) else {
            return Err(BlobProblem::Truncated);
        };
        if header[8..16] != self.key.0 {
            return Err(BlobProblem::OtherKey);
        }
        let mut length = [0; 8];
        length.copy_from_slice(&header[16..24]);
        Ok(u64::from_le_bytes(length))
    }
}

fn associated(header: &[u8], id: &BlobId) -> Vec<u8> {
    [header, &id.0].concat()
}
