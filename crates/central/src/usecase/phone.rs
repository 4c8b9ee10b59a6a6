//! Proving a mobile number: a code of six digits is sent to it and typed back. Whether anybody here has the number is told to nobody:
//! for one that nobody has everything is done but the sending.
use crate::center::Central;
use crate::error::CentralError;
use crate::sms::{Content, ShortMessage};
use crate::store::Stored;
use crate::store::guests::PhoneCodeRow;
use domain::{PhoneNumber, UtcMs};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// How long a code holds.
pub const HOLDS_MS: i64 = 5 * 60_000;
/// The next code for a number may be asked for after this time.
pub const AGAIN_MS: i64 = 60_000;
/// Codes of one number in a day.
const DAY_CODES: u32 = 10;
const DAY_MS: i64 = 24 * 3_600_000;
/// Wrong tries a code stands.
const TRIES: u32 = 5;
/// Digits of a code.
const DIGITS: usize = 6;
/// Rows are kept this long, for their counts.
pub const KEPT_MS: i64 = 2 * DAY_MS;

/// Who says that a number is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// An order here carries it.
    ByOrders,
    /// A station has looked among its own people.
    ByStation(bool),
}

impl Central {
    /// Makes the code of a number, in place of the one before; answers with what is to be sent, if anything is.
    ///
    /// # Errors
    /// `TooSoon` when the number had a code just now, or too many today.
    pub(crate) fn phone_code(&self, phone: &PhoneNumber, known: Known) -> Result<Option<ShortMessage>, CentralError> {
        let salt: [u8; 16] = self.random()?;
        let code = self.six_digits()?;
        let id = self.new_id()?;
        let hash = self.code_mac(&salt, phone, &code)?.finalize().into_bytes().into();
        let known = self.change(|change| {
            let before = change.rows.phone_code(phone)?;
            let (day_from, day_count) = counted(before.as_ref(), change.now)?;
            change.rows.put_phone_code(&PhoneCodeRow {
                phone: phone.clone(),
                salt: salt.to_vec(),
                code: hash,
                sent_at: change.now,
                expires_at: change.now.plus(HOLDS_MS),
                tries: 0,
                day_from,
                day_count,
            })?;
            let here = !change.rows.orders_of_phone(phone, 1)?.is_empty();
            Ok(match known {
                Known::ByOrders => here,
                Known::ByStation(there) => there,
            })
        })?;
        Ok(known.then(|| ShortMessage {
            id,
            phone: phone.clone(),
            content: Content::Code {
                code,
                minutes: u32::try_from(HOLDS_MS / 60_000).unwrap_or(0),
            },
        }))
    }

    /// Sends a code. A failure is logged and told to nobody, as it could only happen for a number that is known.
    pub(crate) async fn send_code(&self, message: Option<ShortMessage>) {
        let Some(message) = message else { return };
        if let Err(error) = self.sender().send(&message).await {
            tracing::error!(%error, "a code was not sent");
        }
    }

    /// Whether this is the code of the number. It counts once; wrong ones are counted.
    ///
    /// # Errors
    /// `PhoneCode` when it is not; why is not told.
    pub(crate) fn check_phone_code(&self, phone: &PhoneNumber, code: &str) -> Result<(), CentralError> {
        let right = self.change(|change| {
            let row = change.rows.phone_code(phone)?;
            let (salt, expected) = row.as_ref().map_or((&[0; 16][..], [0; 32]), |r| (&r.salt[..], r.code));
            // Compared in the same time whichever byte differs, and whether there is a row or not.
            let fits = self.code_mac(salt, phone, code)?.verify_slice(&expected).is_ok();
            let Some(row) = row else { return Ok(false) };
            let open = change.now < row.expires_at && row.tries < TRIES;
            let right = open && fits;
            change.rows.put_phone_code(&PhoneCodeRow {
                tries: row.tries.saturating_add(u32::from(!right)),
                expires_at: if right { change.now } else { row.expires_at },
                ..row
            })?;
            Ok(right)
        })?;
        right.then_some(()).ok_or(CentralError::PhoneCode)
    }

    /// Hash over a code that nobody who has the database alone can try codes against.
    fn code_mac(&self, salt: &[u8], phone: &PhoneNumber, code: &str) -> Stored<Hmac<Sha256>> {
        let mut key = Sha256::new();
        key.update(b"xueying phone code\n");
        key.update(self.signing_key().as_bytes());
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.finalize()).map_err(|_| CentralError::Key)?;
        for part in [salt, phone.as_str().as_bytes(), code.as_bytes()] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Ok(mac)
    }

    /// Each of the million codes as likely as any other.
    fn six_digits(&self) -> Stored<String> {
        const CODES: u32 = 1_000_000;
        const FAIR: u32 = u32::MAX - u32::MAX % CODES;
        loop {
            let number = u32::from_be_bytes(self.random()?);
            if number < FAIR {
                return Ok(format!("{:0DIGITS$}", number % CODES));
            }
        }
    }
}

/// The day's count with one more in it.
fn counted(before: Option<&PhoneCodeRow>, now: UtcMs) -> Stored<(UtcMs, u32)> {
    let Some(row) = before else { return Ok((now, 1)) };
    let wait = |until: UtcMs| CentralError::TooSoon {
        wait_ms: u64::try_from(until.since(now)).unwrap_or(0).max(1),
    };
    // Also when the clock went back: a number is not locked for longer than this.
    if (0..AGAIN_MS).contains(&now.since(row.sent_at)) {
        return Err(wait(row.sent_at.plus(AGAIN_MS)));
    }
    if !(0..DAY_MS).contains(&now.since(row.day_from)) {
        return Ok((now, 1));
    }
    if row.day_count >= DAY_CODES {
        return Err(wait(row.day_from.plus(DAY_MS)));
    }
    Ok((row.day_from, row.day_count + 1))
}
