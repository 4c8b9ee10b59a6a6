//! Tables `phone_code`, `guest_session` and `short_message`; the first two belong to no school.
use crate::error::CentralError;
use crate::store::guests::{GuestSessionRow, PhoneCodeRow, ShortMessageRow, ShortState, ToldOf};
use crate::store::sql::{Row, cell, limit, params, parsed, small};
use crate::store::{ReadRows, SchoolCode, Stored, WriteRows};
use domain::{PhoneNumber, UtcMs};

fn phone(row: &Row) -> Stored<PhoneNumber> {
    PhoneNumber::parse(&cell::<String>(row, "phone")?).map_err(|_| CentralError::corrupt("phone"))
}

fn code(row: &Row) -> Stored<PhoneCodeRow> {
    Ok(PhoneCodeRow {
        phone: phone(row)?,
        salt: cell(row, "salt")?,
        code: cell(row, "code")?,
        sent_at: UtcMs(cell(row, "sent_at_ms")?),
        expires_at: UtcMs(cell(row, "expires_at_ms")?),
        tries: small(row, "tries")?,
        day_from: UtcMs(cell(row, "day_from_ms")?),
        day_count: small(row, "day_count")?,
    })
}

fn session(row: &Row) -> Stored<GuestSessionRow> {
    Ok(GuestSessionRow {
        secret: cell(row, "secret_sha256")?,
        phone: phone(row)?,
        created_at: UtcMs(cell(row, "created_at_ms")?),
        seen_at: UtcMs(cell(row, "seen_at_ms")?),
        expires_at: UtcMs(cell(row, "expires_at_ms")?),
    })
}

fn message(row: &Row) -> Stored<ShortMessageRow> {
    let (kind, state): (String, String) = (cell(row, "kind")?, cell(row, "state")?);
    Ok(ShortMessageRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        id: parsed(row, "message_id")?,
        order: parsed(row, "order_id")?,
        kind: ToldOf::from_id(&kind).ok_or_else(|| CentralError::corrupt("short_message.kind"))?,
        at: UtcMs(cell(row, "at_ms")?),
        state: ShortState::from_id(&state).ok_or_else(|| CentralError::corrupt("short_message.state"))?,
        tries: small(row, "tries")?,
        next_at: UtcMs(cell(row, "next_at_ms")?),
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// The code of a number.
    pub fn phone_code(&self, phone: &PhoneNumber) -> Stored<Option<PhoneCodeRow>> {
        let sql = "SELECT * FROM phone_code WHERE school_id = '' AND phone = ?1";
        self.one("reading a phone code", sql, params![phone.as_str()], code)
    }

    /// A graduate's session by the hash of its secret.
    pub fn guest_session(&self, secret: &[u8; 32]) -> Stored<Option<GuestSessionRow>> {
        let sql = "SELECT * FROM guest_session WHERE school_id = '' AND secret_sha256 = ?1";
        self.one("reading a graduate's session", sql, params![secret], session)
    }

    /// The sessions of a number, newest first.
    pub fn guest_sessions(&self, phone: &PhoneNumber) -> Stored<Vec<GuestSessionRow>> {
        let sql = "SELECT * FROM guest_session WHERE phone = ?1 ORDER BY created_at_ms DESC, secret_sha256";
        self.many("listing a graduate's sessions", sql, params![phone.as_str()], session)
    }

    /// Short messages that are due.
    pub fn short_messages_due(&self, now: UtcMs, most: usize) -> Stored<Vec<ShortMessageRow>> {
        let sql = "SELECT * FROM short_message WHERE state = 'waiting' AND next_at_ms <= ?1
         ORDER BY next_at_ms, message_id LIMIT ?2";
        self.many("listing short messages", sql, params![now.0, limit(most)], message)
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Gives a number its code, in place of the one before.
    pub fn put_phone_code(&self, c: &PhoneCodeRow) -> Stored<()> {
        let sql = "INSERT INTO phone_code (school_id, phone, salt, code, sent_at_ms, expires_at_ms, tries, day_from_ms, day_count)
         VALUES ('', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (school_id, phone) DO UPDATE SET salt = excluded.salt, code = excluded.code, sent_at_ms = excluded.sent_at_ms,
             expires_at_ms = excluded.expires_at_ms, tries = excluded.tries, day_from_ms = excluded.day_from_ms,
             day_count = excluded.day_count";
        let params = params![
            c.phone.as_str(),
            c.salt.clone(),
            &c.code,
            c.sent_at.0,
            c.expires_at.0,
            c.tries,
            c.day_from.0,
            c.day_count,
        ];
        self.change_later("writing a phone code", sql, params)
    }

    /// Forgets codes of before this time.
    pub fn forget_phone_codes(&self, before: UtcMs) -> Stored<usize> {
        let sql = "DELETE FROM phone_code WHERE sent_at_ms < ?1";
        self.change("forgetting phone codes", sql, params![before.0])
    }

    /// Begins a session, or notes that it was used.
    pub fn put_guest_session(&self, s: &GuestSessionRow) -> Stored<()> {
        let sql =
            "INSERT INTO guest_session (school_id, secret_sha256, phone, created_at_ms, seen_at_ms, expires_at_ms)
         VALUES ('', ?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (school_id, secret_sha256) DO UPDATE SET seen_at_ms = excluded.seen_at_ms";
        let params = params![&s.secret, s.phone.as_str(), s.created_at.0, s.seen_at.0, s.expires_at.0];
        self.change_later("writing a graduate's session", sql, params)
    }

    /// Ends a session.
    pub fn end_guest_session(&self, secret: &[u8; 32]) -> Stored<usize> {
        let sql = "DELETE FROM guest_session WHERE school_id = '' AND secret_sha256 = ?1";
        self.change("ending a graduate's session", sql, params![secret])
    }

    /// Forgets sessions that are over.
    pub fn forget_guest_sessions(&self, now: UtcMs) -> Stored<usize> {
        let sql = "DELETE FROM guest_session WHERE expires_at_ms <= ?1";
        self.change("forgetting graduates' sessions", sql, params![now.0])
    }

    /// Adds a short message unless it is there.
    pub fn add_short_message(&self, m: &ShortMessageRow) -> Stored<()> {
        let sql = "INSERT INTO short_message (school_id, message_id, order_id, kind, at_ms, state, tries, next_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (school_id, message_id) DO NOTHING";
        let params = params![
            m.school.as_str(),
            m.id.to_string(),
            m.order.to_string(),
            m.kind.id(),
            m.at.0,
            m.state.id(),
            m.tries,
            m.next_at.0,
        ];
        self.change_later("adding a short message", sql, params)
    }

    /// Writes where a short message is, if it is still where it was.
    pub fn move_short_message(&self, m: &ShortMessageRow) -> Stored<()> {
        let sql = "UPDATE short_message SET state = ?3, tries = ?4, next_at_ms = ?5
         WHERE school_id = ?1 AND message_id = ?2 AND state = 'waiting'";
        let params = params![m.school.as_str(), m.id.to_string(), m.state.id(), m.tries, m.next_at.0];
        self.change_later("writing a short message", sql, params)
    }

    /// Forgets short messages of before this time, whatever became of them.
    pub fn forget_short_messages(&self, before: UtcMs) -> Stored<usize> {
        let sql = "DELETE FROM short_message WHERE at_ms < ?1";
        self.change("forgetting short messages", sql, params![before.0])
    }
}
