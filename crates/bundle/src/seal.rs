//! Making a bundle: the manifest first, so that the center can refuse a stranger's before it reads the rest.
use crate::key::SealingKey;
use crate::manifest::{Manifest, PhotoEntry, StationEntry};
use crate::{MAGIC, MAX_OPS, MAX_PHOTOS, signed_bytes};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::BlobId;
use ed25519_dalek::{Signer, SigningKey};
use sha2::Digest;
use std::io::{self, Write};
use wire::op::Op;

/// What goes into a bundle.
#[derive(Debug, Clone)]
pub struct Contents<'a> {
    /// The station's id at the center, when it has one.
    pub station_id: Option<&'a str>,
    /// Name people give it.
    pub station_name: &'a str,
    /// Version of the program.
    pub app_version: &'a str,
    /// The station's clock, in ms since 1970 UTC.
    pub created_at_ms: i64,
    /// The ops, in the order of the outbox.
    pub ops: &'a [Op],
    /// The photos the ops name, each once, with their lengths in bytes.
    pub photos: &'a [(BlobId, usize)],
}

/// A bundle that could not be made. What was written so far is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum SealError<E> {
    /// Too much for one bundle.
    #[error("a bundle takes at most {MAX_OPS} changes and {MAX_PHOTOS} photos; sync or export more often")]
    TooMuch,
    /// A photo could not be read.
    #[error("reading photo {id}: {source}")]
    Photo {
        /// Which.
        id: BlobId,
        /// Why.
        source: E,
    },
    /// The photo's bytes are not those of its name.
    #[error("photo {id} is damaged")]
    Damaged {
        /// Which.
        id: BlobId,
    },
    /// The ops cannot be written as JSON.
    #[error("writing the changes: {0}")]
    Json(#[from] serde_json::Error),
    /// The file could not be written.
    #[error("writing the bundle: {0}")]
    Write(#[from] io::Error),
}

/// Writes a bundle; photos are asked for one at a time and never held together.
///
/// # Errors
/// When there is too much for one, a photo cannot be read, or the writer fails. Then nothing that was written can be used.
pub fn seal<W: Write, E>(
    out: W,
    to: &SealingKey,
    station: &SigningKey,
    contents: &Contents<'_>,
    mut photo: impl FnMut(&BlobId) -> Result<Vec<u8>, E>,
) -> Result<W, SealError<E>> {
    if contents.ops.len() > MAX_OPS || contents.photos.len() > MAX_PHOTOS {
        return Err(SealError::TooMuch);
    }
    let mut lines = Vec::new();
    for op in contents.ops {
        serde_json::to_writer(&mut lines, op)?;
        lines.push(b'\n');
    }
    let manifest = serde_json::to_vec(&manifest(station, contents, &lines))?;
    let length = u32::try_from(manifest.len()).map_err(|_| SealError::TooMuch)?;
    let signature = station.sign(&signed_bytes(&manifest));

    let recipient: &dyn age::Recipient = &to.0;
    let encryptor = age::Encryptor::with_recipients(std::iter::once(recipient)).map_err(io::Error::other)?;
    let mut sealed = encryptor.wrap_output(out)?;
    sealed.write_all(MAGIC)?;
    sealed.write_all(&length.to_be_bytes())?;
    sealed.write_all(&manifest)?;
    sealed.write_all(&signature.to_bytes())?;
    sealed.write_all(&lines)?;
    for (id, length) in contents.photos {
        let bytes = photo(id).map_err(|source| SealError::Photo { id: *id, source })?;
        if bytes.len() != *length || BlobId::of(&bytes) != *id {
            return Err(SealError::Damaged { id: *id });
        }
        sealed.write_all(&bytes)?;
    }
    Ok(sealed.finish()?)
}

fn manifest(station: &SigningKey, contents: &Contents<'_>, lines: &[u8]) -> Manifest {
    Manifest {
        version: 1,
        station: StationEntry {
            id: contents.station_id.map(str::to_owned),
            public_key: STANDARD.encode(station.verifying_key().to_bytes()),
            name: contents.station_name.to_owned(),
            app_version: contents.app_version.to_owned(),
        },
        created_at_ms: contents.created_at_ms,
        ops: contents.ops.len(),
        ops_bytes: lines.len(),
        ops_sha256: hex::encode(sha2::Sha256::digest(lines)),
        photos: contents
            .photos
            .iter()
            .map(|(id, bytes)| PhotoEntry {
                blob_id: id.to_string(),
                bytes: *bytes,
            })
            .collect(),
    }
}
