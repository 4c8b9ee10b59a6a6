//! Accounts: made, disabled, let in and out. Five wrong passwords lock an account for a while that grows.
use crate::center::Central;
use crate::error::CentralError;
use crate::password;
use crate::person::Person;
use crate::store::people::{AccountRole, AccountRow, CredentialKind, CredentialRow};
use crate::store::{SchoolCode, Stored};
use domain::UtcMs;
use serde_json::json;
use sha2::{Digest, Sha256};
use wire::Invalid;

/// Wrong passwords before the lock.
const FREE_TRIES: u32 = 5;
/// First lock; each further wrong password doubles it.
const LOCK_MS: i64 = 30_000;
/// Longest lock.
const MAX_LOCK_MS: i64 = 3_600_000;
/// A session nobody uses ends after this time.
const IDLE_MS: i64 = 30 * 60_000;
/// A session ends after this time whatever happens.
const SESSION_MS: i64 = 12 * 3_600_000;
/// A token lives at most this long.
const TOKEN_MS: i64 = 366 * 86_400_000;
/// Use is noted to the minute, so that reading costs no write.
const SEEN_STEP_MS: i64 = 60_000;
/// Most sessions and tokens of one account; the oldest sessions go first.
const MAX_CREDENTIALS: usize = 50;

/// A new session or token. The secret is told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// The person it admits.
    pub person: Person,
    /// The secret.
    pub secret: String,
    /// When it ends at the latest.
    pub expires_at: UtcMs,
}

/// The school of histories that belong to the whole center.
pub fn center_school() -> SchoolCode {
    SchoolCode::stored("center".to_owned())
}

impl Central {
    /// Makes an account.
    ///
    /// # Errors
    /// When the name is taken or does not hold, the password is weak, or a coordinator has no school.
    pub fn add_account(
        &self,
        by: &str,
        name: &str,
        role: AccountRole,
        school: Option<SchoolCode>,
        password: &str,
    ) -> Result<AccountRow, CentralError> {
        let name = account_name(name)?;
        strong(password, &name)?;
        if role == AccountRole::Coordinator && school.is_none() {
            return Err(Invalid::new("school", "must be named: a coordinator is of one school").into());
        }
        let row = AccountRow {
            school,
            name: name.clone(),
            role,
            password: password::hash(password, &self.random()?)?,
            created_at: self.now(),
            disabled_at: None,
            failed: 0,
            locked_until: None,
        };
        self.change(|change| {
            if change.rows.account(&name)?.is_some() {
                return Err(Invalid::new("name", "is taken").into());
            }
            change.rows.put_account(&row)?;
            let detail = json!({ "role": role.id(), "school_code": row.school.as_ref().map(SchoolCode::as_str) });
            change.record(&center_school(), &format!("account:{name}"), by, "add", &detail)
        })?;
        Ok(row)
    }

    /// Accounts, of one school or of all.
    ///
    /// # Errors
    /// When the store fails.
    pub fn accounts(&self, school: Option<&SchoolCode>) -> Result<Vec<AccountRow>, CentralError> {
        self.read(|rows| rows.accounts(school))
    }

    /// Takes an account's right to come in, and ends its sessions and tokens at once.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn disable_account(&self, by: &str, name: &str) -> Result<(), CentralError> {
        self.change(|change| {
            let mut row = change
                .rows
                .account(name)?
                .ok_or_else(|| CentralError::not_found("account", name))?;
            row.disabled_at.get_or_insert(change.now);
            change.rows.put_account(&row)?;
            change.rows.end_credentials(name, None)?;
            change.record(&center_school(), &format!("account:{name}"), by, "disable", &json!({}))
        })
    }

    /// Gives an account a new password and ends its sessions.
    ///
    /// # Errors
    /// When there is no such account or the password is weak.
    pub fn set_password(&self, by: &str, name: &str, new: &str) -> Result<(), CentralError> {
        strong(new, name)?;
        let hash = password::hash(new, &self.random()?)?;
        self.change(|change| {
            let row = change
                .rows
                .account(name)?
                .ok_or_else(|| CentralError::not_found("account", name))?;
            let row = AccountRow {
                password: hash.clone(),
                failed: 0,
                locked_until: None,
                ..row
            };
            change.rows.put_account(&row)?;
            change.rows.end_credentials(name, None)?;
            change.record(&center_school(), &format!("account:{name}"), by, "password", &json!({}))
        })
    }

    /// Lets a person in. Whether the account, the password or a lock was the reason is told to nobody.
    ///
    /// # Errors
    /// `Login` when it is not so.
    pub fn login(&self, name: &str, password: &str) -> Result<Admitted, CentralError> {
        let now = self.now();
        let account = self.read(|rows| rows.account(name))?;
        let open = account
            .as_ref()
            .is_some_and(|a| a.disabled_at.is_none() && a.locked_until.is_none_or(|until| until <= now));
        let too_long = password.len() > password::MAX_BYTES;
        // The same work is done when there is no such account, so that time tells nothing.
        let kept = account.as_ref().map_or(DECOY, |a| a.password.as_str());
        let fits = !too_long && password::fits(password, kept);
        let Some(account) = account else {
            return Err(CentralError::Login);
        };
        if !(open && fits) {
            if open {
                self.failed_login(&account.name)?;
            }
            return Err(CentralError::Login);
        }
        let secret = self.secret()?;
        let admitted = self.change(|change| {
            let row = change
                .rows
                .account(name)?
                .filter(|a| a.disabled_at.is_none())
                .ok_or(CentralError::Login)?;
            change.rows.put_account(&AccountRow {
                failed: 0,
                locked_until: None,
                ..row.clone()
            })?;
            let sessions = change.rows.credentials(name)?;
            for old in sessions
                .iter()
                .filter(|c| c.kind == CredentialKind::Session)
                .skip(MAX_CREDENTIALS - 1)
            {
                change.rows.end_credentials(name, Some(&old.id))?;
            }
            let credential = CredentialRow {
                id: short_id(&secret),
                secret: hash_of(&secret),
                kind: CredentialKind::Session,
                account: name.to_owned(),
                title: String::new(),
                created_at: change.now,
                seen_at: change.now,
                expires_at: change.now.plus(SESSION_MS),
            };
            change.rows.put_credential(&credential)?;
            change.record(
                &center_school(),
                &format!("account:{name}"),
                &who(&row),
                "login",
                &json!({}),
            )?;
            Ok(Admitted {
                person: Person::of(row, credential.id, Some(csrf(&secret))),
                secret: secret.clone(),
                expires_at: credential.expires_at,
            })
        })?;
        Ok(admitted)
    }

    fn failed_login(&self, name: &str) -> Stored<()> {
        self.change(|change| {
            let Some(mut row) = change.rows.account(name)? else {
                return Ok(());
            };
            row.failed = row.failed.saturating_add(1);
            if row.failed >= FREE_TRIES {
                let doublings = (row.failed - FREE_TRIES).min(7);
                row.locked_until = Some(change.now.plus((LOCK_MS << doublings).min(MAX_LOCK_MS)));
            }
            change.rows.put_account(&row)?;
            let detail = json!({ "failed": row.failed });
            change.record(
                &center_school(),
                &format!("account:{name}"),
                "system",
                "login_failed",
                &detail,
            )
        })
    }

    /// Who a secret belongs to. Sessions end when nobody uses them.
    ///
    /// # Errors
    /// `Login` when it admits nobody.
    pub fn admitted(&self, secret: &str, kind: CredentialKind) -> Result<Person, CentralError> {
        let now = self.now();
        let hash = hash_of(secret);
        let found = self.read(|rows| {
            let Some(credential) = rows.credential(&hash)? else {
                return Ok(None);
            };
            Ok(rows.account(&credential.account)?.map(|account| (credential, account)))
        })?;
        let (credential, account) = found.ok_or(CentralError::Login)?;
        let idle = credential.kind == CredentialKind::Session && now.since(credential.seen_at) > IDLE_MS;
        if credential.kind != kind || account.disabled_at.is_some() || now >= credential.expires_at || idle {
            return Err(CentralError::Login);
        }
        if now.since(credential.seen_at) > SEEN_STEP_MS {
            let seen = CredentialRow {
                seen_at: now,
                ..credential.clone()
            };
            self.change(|change| change.rows.put_credential(&seen))?;
        }
        let csrf = (kind == CredentialKind::Session).then(|| csrf(secret));
        Ok(Person::of(account, credential.id, csrf))
    }

    /// Makes a token for a script of this person: as the account, for at most a year.
    ///
    /// # Errors
    /// When the title does not hold or there are too many.
    pub fn add_token(&self, by: &Person, title: &str, days: u32) -> Result<Admitted, CentralError> {
        let title = title.trim();
        if title.is_empty() || title.chars().count() > 100 || title.chars().any(char::is_control) {
            return Err(Invalid::new("title", "must have 1 to 100 printable characters").into());
        }
        let life_ms = (i64::from(days.max(1)) * 86_400_000).min(TOKEN_MS);
        let secret = format!("xyt_{}", self.secret()?);
        self.change(|change| {
            let row = change.rows.account(&by.account)?.ok_or(CentralError::Login)?;
            if change.rows.credentials(&by.account)?.len() >= MAX_CREDENTIALS {
                return Err(Invalid::new("title", "cannot be added: there are too many tokens").into());
            }
            let credential = CredentialRow {
                id: short_id(&secret),
                secret: hash_of(&secret),
                kind: CredentialKind::Token,
                account: by.account.clone(),
                title: title.to_owned(),
                created_at: change.now,
                seen_at: change.now,
                expires_at: change.now.plus(life_ms),
            };
            change.rows.put_credential(&credential)?;
            let detail = json!({ "credential_id": credential.id, "title": title });
            change.record(
                &center_school(),
                &format!("account:{}", by.account),
                &by.who(),
                "token_add",
                &detail,
            )?;
            Ok(Admitted {
                person: Person::of(row, credential.id, None),
                secret: secret.clone(),
                expires_at: credential.expires_at,
            })
        })
    }

    /// The sessions and tokens of a person.
    ///
    /// # Errors
    /// When the store fails.
    pub fn credentials(&self, by: &Person) -> Result<Vec<CredentialRow>, CentralError> {
        self.read(|rows| rows.credentials(&by.account))
    }

    /// Ends a session or token of this person.
    ///
    /// # Errors
    /// When there is none with this id.
    pub fn end_credential(&self, by: &Person, id: &str) -> Result<(), CentralError> {
        self.change(|change| {
            if change.rows.end_credentials(&by.account, Some(id))? == 0 {
                return Err(CentralError::not_found("credential", id));
            }
            let detail = json!({ "credential_id": id });
            change.record(
                &center_school(),
                &format!("account:{}", by.account),
                &by.who(),
                "end",
                &detail,
            )
        })
    }

    /// 256 random bits as text.
    fn secret(&self) -> Stored<String> {
        Ok(hex::encode(self.random::<32>()?))
    }
}

/// A hash no password is known of, at the same cost as a true one.
const DECOY: &str = "argon2id$19456$2$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn who(account: &AccountRow) -> String {
    format!("{}:{}", account.role.id(), account.name)
}

fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// What a page must send along with a change: known to whoever read an answer of this session, and to no other page.
fn csrf(secret: &str) -> String {
    hex::encode(Sha256::digest(format!("csrf\n{secret}").as_bytes()))
}

/// The id of a credential tells nothing of its secret.
fn short_id(secret: &str) -> String {
    hex::encode(&Sha256::digest(format!("id\n{secret}").as_bytes())[..8])
}

fn account_name(name: &str) -> Result<String, Invalid> {
    let name = name.trim().to_ascii_lowercase();
    let letters = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if letters && (3..=64).contains(&name.len()) {
        Ok(name)
    } else {
        Err(Invalid::new(
            "name",
            "must have 3 to 64 letters, digits, dots or dashes",
        ))
    }
}

fn strong(password: &str, name: &str) -> Result<(), Invalid> {
    let long = password.chars().count() >= password::MIN_CHARS && password.len() <= password::MAX_BYTES;
    let letters: std::collections::BTreeSet<char> = password.chars().collect();
    if !long || letters.len() < 5 || password.to_lowercase().contains(name) {
        let why = format!(
            "must have {} characters or more, not few different ones, and not the name",
            password::MIN_CHARS
        );
        return Err(Invalid::new("password", why));
    }
    Ok(())
}
