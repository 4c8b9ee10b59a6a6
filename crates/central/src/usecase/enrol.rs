//! Stations: one-time codes, enrolment, revocation.
use crate::center::Central;
use crate::change::Change;
use crate::error::CentralError;
use crate::store::{EnrolCodeRow, Hearers, SchoolCode, StationRow, Stored};
use crate::usecase::rosters;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{StationId, UtcMs};
use ed25519_dalek::VerifyingKey;
use serde_json::json;
use sha2::Digest;
use wire::Invalid;
use wire::enrol::{EnrolAnswer, EnrolRequest};
use wire::feed::FeedBody;

/// Crockford's alphabet: no letter that looks like a digit. Ten characters hold 50 bits.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code.
const CODE_CHARS: usize = 10;
/// Longest name of a station and of a program's version.
const MAX_NAME_CHARS: usize = 80;

/// A one-time code as it is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolCode {
    /// `XXXXX-XXXXX`.
    pub code: String,
    /// The school a station joins with it.
    pub school: SchoolCode,
    /// When it ends.
    pub expires_at: UtcMs,
}

impl std::fmt::Debug for EnrolCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolCode")
            .field("school", &self.school)
            .finish_non_exhaustive()
    }
}

/// The hash a code is looked up by; what people mistype (case, dashes, O for 0, I and L for 1) makes no difference.
fn code_hash(text: &str) -> [u8; 32] {
    let canonical: String = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(64)
        .collect();
    sha2::Sha256::digest(canonical.as_bytes()).into()
}

fn name(field: &'static str, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    let control = text.chars().any(char::is_control);
    if text.is_empty() || control || text.chars().count() > MAX_NAME_CHARS {
        return Err(Invalid::new(
            field,
            format!("must have 1 to {MAX_NAME_CHARS} printable characters"),
        ));
    }
    Ok(text.to_owned())
}

/// Name and program version of a station as they are kept.
pub(super) fn names(station: &str, app_version: &str) -> Result<(String, String), Invalid> {
    Ok((name("name", station)?, name("app_version", app_version)?))
}

/// Reads the public key a station names.
///
/// # Errors
/// When it is not an Ed25519 public key in base64.
pub fn public_key(text: &str) -> Result<VerifyingKey, Invalid> {
    let bytes = STANDARD.decode(text).ok().and_then(|b| <[u8; 32]>::try_from(b).ok());
    bytes
        .and_then(|b| VerifyingKey::from_bytes(&b).ok())
        .filter(|key| !key.is_weak())
        .ok_or_else(|| Invalid::new("public_key", "must be an Ed25519 public key in base64"))
}

impl Central {
    /// Stations with the time each was last heard: by this program since its start, else by its latest op.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stations_seen(&self, school: Option<&SchoolCode>) -> Result<Vec<(StationRow, Option<UtcMs>)>, CentralError> {
        self.read(|rows| {
            let stations = rows.stations(school)?;
            let seen = |s: StationRow| {
                let heard = self.guards().heard(&s.id);
                let at = rows.last_op_at(&s)?.max(heard);
                Ok((s, at))
            };
            stations.into_iter().map(seen).collect()
        })
    }

    /// Makes a one-time code with which one station of a school may enrol within fifteen minutes.
    ///
    /// # Errors
    /// When the school code does not hold, or the store fails.
    pub fn enrol_code(&self, school: &str) -> Result<EnrolCode, CentralError> {
        let school = SchoolCode::parse(school)?;
        let raw: [u8; CODE_CHARS] = self.random()?;
        let chars: String = raw.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect();
        let code = format!("{}-{}", &chars[..CODE_CHARS / 2], &chars[CODE_CHARS / 2..]);
        let lives_ms = i64::try_from(self.config().limits.enrol_code.as_millis()).unwrap_or(i64::MAX);
        let expires_at = self.change(|change| {
            let row = EnrolCodeRow {
                school: school.clone(),
                code: code_hash(&code),
                created_at: change.now,
                expires_at: change.now.plus(lives_ms),
                used_by: None,
            };
            change.rows.put_enrol_code(&row)?;
            Ok(row.expires_at)
        })?;
        Ok(EnrolCode {
            code,
            school,
            expires_at,
        })
    }

    /// Enrols a station. The request's signature has been checked with the key it names. Its feed begins with the campaigns
    /// of its school and the people collected so far. The same key with the same code gets the same answer again.
    ///
    /// # Errors
    /// `EnrolCode` when the code is wrong, used or too old; `Invalid` for a name or key that does not hold.
    pub fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, CentralError> {
        let key = public_key(&request.public_key)?.to_bytes();
        let (station_name, version) = names(&request.name, &request.app_version)?;
        let new_id = StationId(self.new_id()?);
        let station = self.change(|change| {
            let code = change.rows.enrol_code(&code_hash(&request.code))?;
            let mut code = code
                .filter(|c| change.now < c.expires_at)
                .ok_or(CentralError::EnrolCode)?;
            if let Some(used_by) = code.used_by {
                let again = change.rows.station(&used_by)?;
                return again.filter(|s| s.public_key == key).ok_or(CentralError::EnrolCode);
            }
            // A station whose bundles came before it did keeps the id it was given then.
            let known = change.rows.stations(Some(&code.school))?;
            let known = known
                .into_iter()
                .find(|s| s.public_key == key && s.revoked_at.is_none());
            let who = Newcomer {
                id: new_id,
                public_key: key,
                name: station_name.clone(),
                app_version: version.clone(),
            };
            let station = take_in(change, &code.school, who, known, ("enrolment", "enrol"))?;
            code.used_by = Some(station.id);
            change.rows.put_enrol_code(&code)?;
            Ok(station)
        })?;
        Ok(EnrolAnswer {
            station_id: station.id.to_string(),
            cursor: station.feed_begin,
            server_key: STANDARD.encode(self.server_key().to_bytes()),
            sealing_key: Some(self.sealing_key()),
            school_code: station.school.as_str().to_owned(),
        })
    }

    /// A station by id, revoked ones too.
    ///
    /// # Errors
    /// When the store fails.
    pub fn station(&self, id: &StationId) -> Result<Option<StationRow>, CentralError> {
        self.read(|rows| rows.station(id))
    }

    /// All stations, in the order of their enrolment.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stations(&self) -> Result<Vec<StationRow>, CentralError> {
        self.read(|rows| rows.stations(None))
    }

    /// Takes a station's right to speak. What it sent stays.
    ///
    /// # Errors
    /// When there is no such station.
    pub fn revoke_station(&self, admin: &str, id: &StationId) -> Result<StationRow, CentralError> {
        self.change(|change| {
            let found = change.rows.station(id)?;
            let mut station = found.ok_or_else(|| CentralError::not_found("station", id))?;
            if station.revoked_at.is_none() {
                station.revoked_at = Some(change.now);
                change.rows.put_station(&station)?;
                let who = format!("admin:{admin}");
                change.record(&station.school, &subject(id), &who, "revoke", &json!({}))?;
            }
            Ok(station)
        })
    }
}

/// What a station says of itself, and the id it gets if it is new.
pub(super) struct Newcomer {
    pub id: StationId,
    pub public_key: [u8; 32],
    pub name: String,
    pub app_version: String,
}

/// Adds a station and begins its feed, or notes the new name and version of one that is known. `by` is who did what.
pub(super) fn take_in(
    change: &Change<'_>,
    school: &SchoolCode,
    who: Newcomer,
    known: Option<StationRow>,
    by: (&str, &str),
) -> Stored<StationRow> {
    let is_new = known.is_none();
    // Nothing from before is for it: what matters of that it is told anew.
    let begin = if is_new { change.rows.feed_end(school)? } else { 0 };
    let row = known.unwrap_or_else(|| StationRow {
        school: school.clone(),
        id: who.id,
        name: String::new(),
        public_key: who.public_key,
        app_version: String::new(),
        enrolled_at: change.now,
        revoked_at: None,
        feed_begin: begin,
        feed_seq: begin,
        feed_floor: 0,
    });
    let station = StationRow {
        name: who.name,
        app_version: who.app_version,
        ..row
    };
    change.rows.put_station(&station)?;
    let detail = json!({ "name": station.name, "app_version": station.app_version });
    change.record(school, &subject(&station.id), by.0, by.1, &detail)?;
    if is_new {
        begin_feed(change, &station)?;
    }
    Ok(station)
}

pub(super) fn subject(id: &StationId) -> String {
    format!("station:{id}")
}

fn begin_feed(change: &Change<'_>, station: &StationRow) -> Stored<()> {
    let only = Hearers::Only(station.id);
    for doc in change.rows.campaigns(Some(&station.school))? {
        change.tell(&station.school, only, &FeedBody::Campaign(Box::new(doc)))?;
    }
    rosters::tell_all(change, station)?;
    for collected in change.rows.collected_elsewhere(station)? {
        change.tell(&station.school, only, &FeedBody::Collected(collected))?;
    }
    Ok(())
}
