//! Typed identifiers. They are made at the edge (UUIDv7 on the station) and only carried here.
use std::fmt;
use std::str::FromStr;

/// A text that is not an identifier of the expected form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} must be {form}")]
pub struct BadId {
    /// Which identifier was expected.
    pub kind: &'static str,
    /// Its form in words.
    pub form: &'static str,
}

macro_rules! uuid_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub uuid::Uuid);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(s: &str) -> Result<Self, BadId> {
                uuid::Uuid::try_parse(s).map(Self).map_err(|_| BadId { kind: stringify!($name), form: "a UUID" })
            }
        }
    )+};
}
uuid_id! {
    /// An order. UUIDv7, made on the station before the first send.
    OrderId,
    /// One operation of a station on an order. UUIDv7.
    OpId,
    /// A station, given at enrolment.
    StationId,
    /// A collection campaign: one school, one job, one period.
    CampaignId,
    /// One shutter release. UUIDv7.
    ShotId,
    /// A payment as the gateway knows it.
    PaymentId,
    /// A recorded consent.
    ConsentId,
}

macro_rules! hash_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; 32]);
        impl $name {
            /// SHA-256 of the bytes.
            pub fn of(bytes: &[u8]) -> Self {
                use sha2::Digest;
                Self(sha2::Sha256::digest(bytes).into())
            }
            /// 64 lower-case hex digits.
            pub fn hex(&self) -> String { hex::encode(self.0) }
            /// Reads 64 hex digits.
            ///
            /// # Errors
            /// When the text is anything else.
            pub fn from_hex(s: &str) -> Result<Self, BadId> {
                let mut out = [0; 32];
                hex::decode_to_slice(s, &mut out)
                    .map_err(|_| BadId { kind: stringify!($name), form: "64 hex digits" })?;
                Ok(Self(out))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({}…)", stringify!($name), hex::encode(&self.0[..4]))
            }
        }
    )+};
}
hash_id! {
    /// SHA-256 of the plaintext photo bytes; names the photo everywhere.
    BlobId,
    /// SHA-256 of a collection-code payload; the key of a person in a graduate job.
    CodeHash,
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl FromStr for BlobId {
    type Err = BadId;
    fn from_str(s: &str) -> Result<Self, BadId> {
        let hex = s.strip_prefix("sha256:").ok_or(BadId {
            kind: "BlobId",
            form: "sha256: and 64 hex digits",
        })?;
        Self::from_hex(hex)
    }
}
