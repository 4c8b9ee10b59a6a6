//! Tables `account` and `credential`. An account of the whole center has no school in its key.
use crate::error::CentralError;
use crate::store::people::{AccountRole, AccountRow, CredentialKind, CredentialRow};
use crate::store::sql::{Row, cell, params, small};
use crate::store::{ReadRows, SchoolCode, Stored, WriteRows};
use domain::UtcMs;

fn account(row: &Row) -> Stored<AccountRow> {
    let school: String = cell(row, "school_id")?;
    let role: String = cell(row, "role")?;
    Ok(AccountRow {
        school: (!school.is_empty()).then(|| SchoolCode::stored(school)),
        name: cell(row, "name")?,
        role: AccountRole::from_id(&role).ok_or_else(|| CentralError::corrupt("role"))?,
        password: cell(row, "password")?,
        created_at: UtcMs(cell(row, "created_at_ms")?),
        disabled_at: cell::<Option<i64>>(row, "disabled_at_ms")?.map(UtcMs),
        failed: small(row, "failed")?,
        locked_until: cell::<Option<i64>>(row, "locked_until_ms")?.map(UtcMs),
    })
}

fn credential(row: &Row) -> Stored<CredentialRow> {
    let kind: String = cell(row, "kind")?;
    Ok(CredentialRow {
        id: cell(row, "credential_id")?,
        secret: cell(row, "secret_sha256")?,
        kind: CredentialKind::from_id(&kind).ok_or_else(|| CentralError::corrupt("kind"))?,
        account: cell(row, "account")?,
        title: cell(row, "title")?,
        created_at: UtcMs(cell(row, "created_at_ms")?),
        seen_at: UtcMs(cell(row, "seen_at_ms")?),
        expires_at: UtcMs(cell(row, "expires_at_ms")?),
    })
}

/// The school part of an account's key.
fn key(account: &AccountRow) -> &str {
    account.school.as_ref().map_or("", SchoolCode::as_str)
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// An account by name.
    pub fn account(&self, name: &str) -> Stored<Option<AccountRow>> {
        let sql = "SELECT * FROM account WHERE name = ?1";
        self.one("reading an account", sql, params![name], account)
    }

    /// All accounts, of one school or of all, by name.
    pub fn accounts(&self, school: Option<&SchoolCode>) -> Stored<Vec<AccountRow>> {
        let sql = "SELECT * FROM account WHERE ?1 IS NULL OR school_id = ?1 ORDER BY name";
        let params = params![school.map(SchoolCode::as_str)];
        self.many("listing accounts", sql, params, account)
    }

    /// A session or token by the hash of its secret.
    pub fn credential(&self, secret: &[u8; 32]) -> Stored<Option<CredentialRow>> {
        let sql = "SELECT * FROM credential WHERE secret_sha256 = ?1";
        self.one("reading a credential", sql, params![secret], credential)
    }

    /// The sessions and tokens of an account, newest first.
    pub fn credentials(&self, name: &str) -> Stored<Vec<CredentialRow>> {
        let sql = "SELECT * FROM credential WHERE account = ?1 ORDER BY created_at_ms DESC, credential_id";
        self.many("listing credentials", sql, params![name], credential)
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds an account or changes everything but its school, name and time of making.
    pub fn put_account(&self, a: &AccountRow) -> Stored<()> {
        let sql = "INSERT INTO account (school_id, name, role, password, created_at_ms, disabled_at_ms, failed, locked_until_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (school_id, name) DO UPDATE SET role = excluded.role, password = excluded.password,
             disabled_at_ms = excluded.disabled_at_ms, failed = excluded.failed, locked_until_ms = excluded.locked_until_ms";
        let params = params![
            key(a),
            &a.name,
            a.role.id(),
            &a.password,
            a.created_at.0,
            a.disabled_at.map(|t| t.0),
            a.failed,
            a.locked_until.map(|t| t.0),
        ];
        self.change_later("writing an account", sql, params)
    }

    /// Adds a credential or moves its times.
    pub fn put_credential(&self, c: &CredentialRow) -> Stored<()> {
        let sql = "INSERT INTO credential (school_id, credential_id, secret_sha256, kind, account, title, created_at_ms, seen_at_ms, expires_at_ms)
         VALUES ('', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (school_id, credential_id) DO UPDATE SET seen_at_ms = excluded.seen_at_ms, expires_at_ms = excluded.expires_at_ms";
        let params = params![
            &c.id,
            &c.secret,
            c.kind.id(),
            &c.account,
            &c.title,
            c.created_at.0,
            c.seen_at.0,
            c.expires_at.0,
        ];
        self.change_later("writing a credential", sql, params)
    }

    /// Ends one session or token of an account, or all of them.
    pub fn end_credentials(&self, name: &str, id: Option<&str>) -> Stored<usize> {
        let sql = "DELETE FROM credential WHERE account = ?1 AND (?2 IS NULL OR credential_id = ?2)";
        self.change("ending credentials", sql, params![name, id])
    }

    /// Forgets credentials that are over.
    pub fn forget_credentials(&self, now: UtcMs) -> Stored<usize> {
        let sql = "DELETE FROM credential WHERE expires_at_ms <= ?1";
        self.change("forgetting credentials", sql, params![now.0])
    }
}
