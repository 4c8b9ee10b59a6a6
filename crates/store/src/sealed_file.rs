//! The data key in a file, sealed under an unlock secret with Argon2id and XChaCha20-Poly1305.
//! The file: magic and version (8), memory KiB, passes, lanes (u32 little-endian each), salt (16), nonce (24), sealed key (48).
use crate::error::is_full;
use crate::files;
use crate::keys::{DataKey, KeyError, KeyProvider};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const MAGIC: &[u8; 7] = b"XYSEAL\n";
const VERSION: u8 = 1;
const HEADER: usize = 8 + 12 + 16 + 24;
const SEALED: usize = 32 + 16;
const NAME: &str = "sealed file";

/// What one try of the secret costs. Kept in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB, 8 to 1,048,576.
    pub memory_kib: u32,
    /// Passes over it, 1 to 16.
    pub passes: u32,
}

impl Default for Cost {
    /// m = 19 MiB, t = 2: OWASP's recommendation for Argon2id, 29 ms on the reference machine.
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
        }
    }
}

/// An opened sealed key.
#[derive(Debug)]
pub struct SealedFile {
    path: PathBuf,
    key: DataKey,
}

impl SealedFile {
    /// Makes a new data key and seals it. The file is readable by its owner only.
    ///
    /// # Errors
    /// When there is one already, the cost is not possible, or the file cannot be written.
    pub fn create(path: &Path, secret: &[u8], cost: Cost) -> Result<Self, KeyError> {
        let there = path.try_exists().map_err(|e| io("creating the sealed key", e))?;
        if there {
            return Err(KeyError::AlreadyThere);
        }
        let key = DataKey::generate()?;
        write(path, &seal(&key, secret, cost)?)?;
        Ok(Self {
            path: path.to_owned(),
            key,
        })
    }

    /// Opens a sealed key.
    ///
    /// # Errors
    /// Missing, damaged, from a later version, or the secret does not fit: each its own.
    pub fn open(path: &Path, secret: &[u8]) -> Result<Self, KeyError> {
        let bytes = files::read_at_most(path, HEADER + SEALED + 1).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => KeyError::Missing,
            _ => io("opening the sealed key", e),
        })?;
        Ok(Self {
            path: path.to_owned(),
            key: unseal(&bytes, secret)?,
        })
    }

    /// Seals the same key under another secret; the old one no longer opens it. Data stays as it is.
    ///
    /// # Errors
    /// When the cost is not possible or the file cannot be written; the old secret then still opens it.
    pub fn change_secret(&self, secret: &[u8], cost: Cost) -> Result<(), KeyError> {
        write(&self.path, &seal(&self.key, secret, cost)?)
    }
}

impl KeyProvider for SealedFile {
    fn data_key(&self) -> Result<DataKey, KeyError> {
        Ok(self.key.clone())
    }
    fn name(&self) -> &'static str {
        NAME
    }
}

fn seal(key: &DataKey, secret: &[u8], cost: Cost) -> Result<Vec<u8>, KeyError> {
    let mut random = [0; 40];
    getrandom::fill(&mut random).map_err(|_| KeyError::NoRandomness)?;
    let (salt, nonce) = random.split_at(16);
    let mut file = Vec::with_capacity(HEADER + SEALED);
    file.extend_from_slice(MAGIC);
    file.push(VERSION);
    for number in [cost.memory_kib, cost.passes, 1] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    file.extend_from_slice(salt);
    file.extend_from_slice(nonce);
    let payload = Payload {
        msg: key.bytes(),
        aad: &file,
    };
    let sealed = cipher(secret, salt, cost)?
        .encrypt(&nonce_of(nonce), payload)
        .map_err(|_| KeyError::BadCost)?;
    file.extend_from_slice(&sealed);
    Ok(file)
}

fn unseal(file: &[u8], secret: &[u8]) -> Result<DataKey, KeyError> {
    match file.strip_prefix(MAGIC).and_then(<[u8]>::first) {
        None => return Err(KeyError::Malformed),
        Some(&VERSION) => {}
        Some(&other) => return Err(KeyError::Newer(other)),
    }
    if file.len() != HEADER + SEALED {
        return Err(KeyError::Malformed);
    }
    let number = |at: usize| u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]);
    let cost = Cost {
        memory_kib: number(8),
        passes: number(12),
    };
    if number(16) != 1 {
        return Err(KeyError::Malformed);
    }
    let (header, sealed) = file.split_at(HEADER);
    let cipher = cipher(secret, &header[20..36], cost).map_err(|_| KeyError::Malformed)?;
    let payload = Payload {
        msg: sealed,
        aad: header,
    };
    let plain = cipher
        .decrypt(&nonce_of(&header[36..]), payload)
        .map_err(|_| KeyError::WrongSecret)?;
    let plain = Zeroizing::new(plain);
    let bytes = <[u8; 32]>::try_from(plain.as_slice()).map_err(|_| KeyError::Malformed)?;
    Ok(DataKey::from_bytes(bytes))
}

/// Bounded before use: a changed file must not make us take all memory.
fn cipher(secret: &[u8], salt: &[u8], cost: Cost) -> Result<XChaCha20Poly1305, KeyError> {
    if !(8..=1 << 20).contains(&cost.memory_kib) || !(1..=16).contains(&cost.passes) {
        return Err(KeyError::BadCost);
    }
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| KeyError::BadCost)?;
    let mut wrapping = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret, salt, &mut wrapping[..])
        .map_err(|_| KeyError::BadCost)?;
    Ok(XChaCha20Poly1305::new((&*wrapping).into()))
}

fn nonce_of(bytes: &[u8]) -> XNonce {
    let mut nonce = [0; 24];
    nonce.copy_from_slice(bytes);
    nonce.into()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| files::write_whole(path, folder, bytes))
        .map_err(|e| io("writing the sealed key", e))
}

fn io(doing: &'static str, source: io::Error) -> KeyError {
    if is_full(&source) {
        KeyError::DiskFull { doing }
    } else {
        KeyError::Io { doing, source }
    }
}
