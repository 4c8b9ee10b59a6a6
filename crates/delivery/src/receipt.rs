//! The signed receipt of a package, and the check that a package is the one it speaks of.
use crate::item::Head;
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Read, Seek};

/// Name of the list of hashes; `sha256sum -c checksums.txt` reads it.
pub const CHECKSUMS: &str = "checksums.txt";
/// Name of the receipt.
pub const RECEIPT: &str = "receipt.json";
/// Version of what is signed.
const FORMAT: &str = "xueying-package-v1";
/// Most bytes of the list of hashes that are read: a million files with long names.
const MAX_CHECKSUMS_BYTES: u64 = 300 << 20;
/// Most bytes of a receipt.
const MAX_RECEIPT_BYTES: u64 = 64 << 10;

/// What a package is and holds, signed by whoever made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What is signed.
    pub body: Body,
    /// Ed25519 public key, base64.
    pub public_key: String,
    /// Ed25519 over the format's name, a line break and the body as JSON; base64.
    pub signature: String,
}

/// The signed part, in the order of its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// `xueying-package-v1`.
    pub format: String,
    /// The package.
    pub package_id: String,
    /// The profile it was made by.
    pub profile: String,
    /// The school.
    pub school_code: String,
    /// The campaign.
    pub campaign_id: String,
    /// The campaign's title.
    pub title: String,
    /// When it was made.
    pub made_at_ms: i64,
    /// By whom.
    pub made_by: String,
    /// Pictures in it.
    pub pictures: u64,
    /// Rows of the list of photos that belong to nobody for certain.
    pub unmatched: u64,
    /// Rows of the list of rejected photos.
    pub rejected: u64,
    /// Rows of the list of people without a photo.
    pub absent: u64,
    /// SHA-256 of `checksums.txt`, in hex.
    pub checksums_sha256: String,
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Pictures.
    pub pictures: u64,
    /// Rows of each list, in the order of `ListKind::ALL`.
    pub lists: [u64; 3],
}

impl Receipt {
    pub(crate) fn sign(key: &SigningKey, profile: &str, head: &Head, counts: Counts, checksums_sha256: String) -> Self {
        let [unmatched, rejected, absent] = counts.lists;
        let body = Body {
            format: FORMAT.to_owned(),
            package_id: head.id.clone(),
            profile: profile.to_owned(),
            school_code: head.school_code.clone(),
            campaign_id: head.campaign.clone(),
            title: head.title.clone(),
            made_at_ms: head.made_at.0,
            made_by: head.made_by.clone(),
            pictures: counts.pictures,
            unmatched,
            rejected,
            absent,
            checksums_sha256,
        };
        let signature = key.sign(&signed_bytes(&body));
        Self {
            body,
            public_key: STANDARD.encode(key.verifying_key().to_bytes()),
            signature: STANDARD.encode(signature.to_bytes()),
        }
    }

    /// Whether this key signed it.
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let bytes = STANDARD.decode(&self.signature).ok();
        let signature = bytes.and_then(|b| Signature::from_slice(&b).ok());
        self.body.format == FORMAT && signature.is_some_and(|s| key.verify(&signed_bytes(&self.body), &s).is_ok())
    }
}

fn signed_bytes(body: &Body) -> Vec<u8> {
    let mut bytes = format!("{FORMAT}\n").into_bytes();
    // A body is strings and whole numbers, which always encode; an empty tail would fit no signature.
    bytes.extend(serde_json::to_vec(body).unwrap_or_default());
    bytes
}

/// Why a package is not what its receipt says.
#[derive(Debug, thiserror::Error)]
pub enum BadPackage {
    /// No zip.
    #[error("the zip does not read: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// Reading failed.
    #[error("reading the package: {0}")]
    Read(#[from] std::io::Error),
    /// A file every package has is missing.
    #[error("{0} is missing")]
    Missing(String),
    /// The receipt is no receipt, or another key signed it.
    #[error("the receipt is not signed by this key")]
    NotSigned,
    /// A file is not the one that was packed.
    #[error("{0} is not the file that was packed")]
    Changed(String),
    /// A file nobody packed.
    #[error("{0} was added")]
    Added(String),
}

/// Checks every file of a package, in one zip or in pictures and papers, against the receipt and the key.
///
/// # Errors
/// Names the first thing that is not as it was packed.
pub fn verify<R: Read + Seek>(zips: Vec<R>, key: &VerifyingKey) -> Result<Receipt, BadPackage> {
    let mut zips = zips
        .into_iter()
        .map(zip::ZipArchive::new)
        .collect::<Result<Vec<_>, _>>()?;
    let mut whole = |name: &str, most: u64| {
        let zip = zips.iter_mut().find(|z| z.index_for_name(name).is_some());
        let zip = zip.ok_or_else(|| BadPackage::Missing(name.to_owned()))?;
        let mut bytes = Vec::new();
        zip.by_name(name)?.take(most).read_to_end(&mut bytes)?;
        Ok::<_, BadPackage>(bytes)
    };
    let receipt: Receipt =
        serde_json::from_slice(&whole(RECEIPT, MAX_RECEIPT_BYTES)?).map_err(|_| BadPackage::NotSigned)?;
    if !receipt.is_signed_by(key) {
        return Err(BadPackage::NotSigned);
    }
    let checksums = whole(CHECKSUMS, MAX_CHECKSUMS_BYTES)?;
    if hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&checksums)) != receipt.body.checksums_sha256 {
        return Err(BadPackage::Changed(CHECKSUMS.to_owned()));
    }
    let text = String::from_utf8(checksums).map_err(|_| BadPackage::Changed(CHECKSUMS.to_owned()))?;
    let mut expected: BTreeMap<&str, &str> = text
        .lines()
        .filter_map(|l| l.split_once("  "))
        .map(|(h, n)| (n, h))
        .collect();
    for zip in &mut zips {
        for at in 0..zip.len() {
            let mut file = zip.by_index(at)?;
            let name = file.name()?.into_owned();
            if name == RECEIPT || name == CHECKSUMS {
                continue;
            }
            let packed = expected
                .remove(name.as_str())
                .ok_or_else(|| BadPackage::Added(name.clone()))?;
            if sha256_of(&mut file)? != packed {
                return Err(BadPackage::Changed(name));
            }
        }
    }
    match expected.into_keys().next() {
        Some(name) => Err(BadPackage::Missing(name.to_owned())),
        None => Ok(receipt),
    }
}

fn sha256_of(from: &mut impl Read) -> std::io::Result<String> {
    use sha2::Digest;
    let mut hash = sha2::Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(hex::encode(hash.finalize())),
            n => hash.update(&buffer[..n]),
        }
    }
}
