//! Passwords: Argon2id over a random salt, as text that names its own costs. Security plan: m = 19 MiB, t = 2 (29 ms).
use crate::error::CentralError;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD as BASE64};

/// Memory in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Rounds.
const ROUNDS: u32 = 2;
/// Length of the hash.
const HASH_BYTES: usize = 32;
/// Shortest password taken, in characters (NIST SP 800-63B and ASVS 5.0 ask for 8 at least; 12 without a second factor).
pub const MIN_CHARS: usize = 12;
/// Longest password taken, in bytes.
pub const MAX_BYTES: usize = 256;

/// Hashes a password with a salt.
///
/// # Errors
/// When the machine has no memory for it.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, CentralError> {
    let derived = derive(password, salt, MEMORY_KIB, ROUNDS).ok_or(CentralError::Key)?;
    Ok(format!(
        "argon2id${MEMORY_KIB}${ROUNDS}${}${}",
        BASE64.encode(salt),
        BASE64.encode(derived)
    ))
}

/// Whether this password makes this hash. A hash that does not read fits no password.
pub fn fits(password: &str, kept: &str) -> bool {
    let parts: Vec<&str> = kept.split('$').collect();
    let ["argon2id", memory, rounds, salt, hash] = parts[..] else {
        return false;
    };
    let derived = || {
        let derived = derive(
            password,
            &BASE64.decode(salt).ok()?,
            memory.parse().ok()?,
            rounds.parse().ok()?,
        )?;
        Some((derived, BASE64.decode(hash).ok()?))
    };
    let Some((derived, expected)) = derived() else {
        return false;
    };
    // Every byte is compared, whichever is the first to differ.
    let differs = derived.iter().zip(&expected).fold(0, |d, (a, b)| d | (a ^ b));
    differs == 0 && expected.len() == derived.len()
}

fn derive(password: &str, salt: &[u8], memory_kib: u32, rounds: u32) -> Option<[u8; HASH_BYTES]> {
    let params = Params::new(memory_kib, rounds, 1, Some(HASH_BYTES)).ok()?;
    let mut out = [0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut out)
        .ok()?;
    Some(out)
}
