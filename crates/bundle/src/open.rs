//! Opening a bundle: nothing it says is believed before it is checked, and no length it names is reserved before it came.
use crate::key::OpeningKey;
use crate::manifest::Manifest;
use crate::{MAGIC, MAX_MANIFEST_BYTES, MAX_OPS, MAX_OPS_BYTES, MAX_PHOTOS, SIGNATURE_BYTES, signed_bytes};
use domain::BlobId;
use ed25519_dalek::{Signature, Verifier};
use sha2::Digest;
use std::io::{self, BufRead, Read};
use wire::op::Op;

/// What takes a bundle in. The calls come in this order: `begin` once, `photo` for each, `end` once when the whole file was
/// there and nothing of it was changed.
pub trait Receiver {
    /// Why it would not.
    type Error;
    /// Who made the bundle; its signature holds. A refusal ends the reading.
    ///
    /// # Errors
    /// When nothing more of this bundle is wanted.
    fn begin(&mut self, manifest: &Manifest) -> Result<(), Self::Error>;
    /// One photo, whose bytes are those of its name.
    ///
    /// # Errors
    /// When it cannot be taken; the reading ends.
    fn photo(&mut self, id: &BlobId, bytes: &[u8]) -> Result<(), Self::Error>;
    /// The ops, in their order, after all photos.
    ///
    /// # Errors
    /// When they cannot be taken.
    fn end(&mut self, ops: Vec<Op>) -> Result<(), Self::Error>;
}

/// A bundle that was not taken in, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum OpenError<E> {
    /// No sealed file, or one for somebody else.
    #[error("it is not a bundle sealed to this center")]
    NotForUs,
    /// The file ends early or its bytes were changed.
    #[error("the bundle is cut short or damaged: copy it again from the station")]
    Damaged,
    /// It does not hold what a bundle must.
    #[error("the bundle does not hold: {0}")]
    Form(&'static str),
    /// The manifest is not signed with the key it names.
    #[error("the bundle is not signed by the station it names")]
    Signature,
    /// From a later version.
    #[error("the bundle has version {0}, this program knows version 1")]
    Version(u32),
    /// The file could not be read.
    #[error("reading the bundle: {0}")]
    Read(io::Error),
    /// The receiver would not.
    #[error("{0}")]
    Refused(E),
}

/// Reads a bundle and gives its parts to the receiver.
///
/// # Errors
/// As [`OpenError`] says. Photos given before stay with the receiver; ops are given only when everything held.
pub fn open<R: BufRead, T: Receiver>(
    input: R,
    key: &OpeningKey,
    receiver: &mut T,
) -> Result<Manifest, OpenError<T::Error>> {
    let decryptor = age::Decryptor::new_buffered(input).map_err(|e| match e {
        age::DecryptError::Io(source) if source.kind() != io::ErrorKind::UnexpectedEof => OpenError::Read(source),
        _ => OpenError::NotForUs,
    })?;
    let identity: &dyn age::Identity = &key.0;
    let mut plain = decryptor
        .decrypt(std::iter::once(identity))
        .map_err(|_| OpenError::NotForUs)?;
    let manifest = head(&mut plain)?;
    receiver.begin(&manifest).map_err(OpenError::Refused)?;
    let lines = take(&mut plain, manifest.ops_bytes)?;
    if hex::encode(sha2::Sha256::digest(&lines)) != manifest.ops_sha256 {
        return Err(OpenError::Form("the changes are not those of the manifest"));
    }
    let ops = ops(&lines, manifest.ops)?;
    for entry in &manifest.photos {
        let id = entry.id().ok_or(OpenError::Form("a photo's name is not of its form"))?;
        let bytes = take(&mut plain, entry.bytes)?;
        if BlobId::of(&bytes) != id {
            return Err(OpenError::Form("a photo is not the one it is named after"));
        }
        receiver.photo(&id, &bytes).map_err(OpenError::Refused)?;
    }
    let mut more = [0];
    match plain.read(&mut more) {
        Ok(0) => {}
        Ok(_) => return Err(OpenError::Form("there is more in it than the manifest says")),
        Err(e) => return Err(broken(e)),
    }
    receiver.end(ops).map_err(OpenError::Refused)?;
    Ok(manifest)
}

fn head<E>(plain: &mut impl Read) -> Result<Manifest, OpenError<E>> {
    if take(plain, MAGIC.len())? != MAGIC {
        return Err(OpenError::Form("it does not begin as a bundle"));
    }
    let length = take(plain, 4)?;
    let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
    if length > MAX_MANIFEST_BYTES {
        return Err(OpenError::Form("the manifest is too long"));
    }
    let text = take(plain, length)?;
    let signature = take(plain, SIGNATURE_BYTES)?;
    let version: Version = serde_json::from_slice(&text).map_err(|_| OpenError::Form("the manifest does not read"))?;
    if version.version != 1 {
        return Err(OpenError::Version(version.version));
    }
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|_| OpenError::Form("the manifest does not read"))?;
    let signature = Signature::from_slice(&signature).map_err(|_| OpenError::Signature)?;
    let key = manifest.station.key().ok_or(OpenError::Signature)?;
    key.verify(&signed_bytes(&text), &signature)
        .map_err(|_| OpenError::Signature)?;
    let bounds = [
        manifest.ops <= MAX_OPS,
        manifest.ops_bytes <= MAX_OPS_BYTES,
        manifest.photos.len() <= MAX_PHOTOS,
        manifest.photos.iter().all(|p| p.bytes <= wire::MAX_BLOB_BYTES),
    ];
    if bounds.contains(&false) {
        return Err(OpenError::Form("it holds more than a bundle may"));
    }
    Ok(manifest)
}

/// The one field every version has.
#[derive(serde::Deserialize)]
struct Version {
    version: u32,
}

fn ops<E>(lines: &[u8], count: usize) -> Result<Vec<Op>, OpenError<E>> {
    let read = |line: &[u8]| serde_json::from_slice(line).map_err(|_| OpenError::Form("a change does not read"));
    let ops: Vec<Op> = lines
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .map(read)
        .collect::<Result<_, _>>()?;
    if ops.len() == count {
        Ok(ops)
    } else {
        Err(OpenError::Form("there are not as many changes as the manifest says"))
    }
}

/// Reads exactly this many bytes; memory grows with what really comes.
fn take<E>(plain: &mut impl Read, bytes: usize) -> Result<Vec<u8>, OpenError<E>> {
    let mut taken = Vec::new();
    plain.take(bytes as u64).read_to_end(&mut taken).map_err(broken)?;
    if taken.len() == bytes {
        Ok(taken)
    } else {
        Err(OpenError::Damaged)
    }
}

/// age reports changed and missing bytes as errors of the data; everything else is the disk's.
fn broken<E>(error: io::Error) -> OpenError<E> {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => OpenError::Damaged,
        _ => OpenError::Read(error),
    }
}
