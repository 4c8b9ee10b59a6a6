//! The key the stations of one school share: one half seals what they say and changes when a station is revoked, the other names
//! people by a hash and stays, so that what was heard before a change is still found.
use domain::{CampaignId, PersonKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Length of a person's keyed hash: no two of a school's people meet by chance.
pub const SUBJECT_BYTES: usize = 16;

/// A person of a campaign, by keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject(pub [u8; SUBJECT_BYTES]);

/// The key of a school. Its text form is hex.
#[derive(Clone, PartialEq, Eq)]
pub struct SchoolKey {
    /// Grows with each revoked station.
    pub generation: u64,
    seal: Zeroizing<[u8; 32]>,
    subject: Zeroizing<[u8; 32]>,
}

// The key stays out of logs.
impl std::fmt::Debug for SchoolKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SchoolKey({})", self.generation)
    }
}

impl SchoolKey {
    /// The key from its two halves as the center gives them, 64 hex digits each.
    pub fn from_hex(generation: u64, seal: &str, subject: &str) -> Option<Self> {
        let half = |text: &str| {
            let mut bytes = Zeroizing::new([0; 32]);
            hex::decode_to_slice(text, bytes.as_mut_slice()).ok().map(|()| bytes)
        };
        Some(Self {
            generation,
            seal: half(seal)?,
            subject: half(subject)?,
        })
    }

    /// Names a person of a campaign. Without the key nobody can tell whom, not even from a list of all people.
    pub fn subject(&self, campaign: CampaignId, person: &PersonKey) -> Subject {
        let text = person.text();
        let full = mac(&self.subject, &[campaign.0.as_bytes(), text.as_bytes()]);
        let mut short = [0; SUBJECT_BYTES];
        short.copy_from_slice(&full[..SUBJECT_BYTES]);
        Subject(short)
    }

    pub(crate) fn seal(&self) -> &[u8; 32] {
        &self.seal
    }

    /// Tells this key's datagrams from another school's, and from those of an older key.
    pub(crate) fn id(&self) -> [u8; 8] {
        let full = mac(&self.seal, &[b"xueying lan key id v1"]);
        let mut id = [0; 8];
        id.copy_from_slice(&full[..8]);
        id
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A key of one block, zeros after ours: what HMAC does to a short key anyway, and it cannot fail.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
