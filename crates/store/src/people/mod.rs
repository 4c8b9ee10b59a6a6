//! Table `people`: who is on the roster, or was scanned, and how to find them as fast as one types.
use crate::conn::{Conn, Row, Tx};
use crate::error::StoreError;
use crate::subject;
use domain::{CampaignId, PersonKey, PhoneNumber, RosterEntry};
use rusqlite::{ToSql, named_params};

/// Most hits of a search.
pub const MAX_HITS: u32 = 200;

/// Most people shown of one mobile number.
const MAX_OF_PHONE: u32 = 20;

/// Most people of a list of the missing.
pub const MAX_ABSENT: u32 = 50_000;

/// A class of the roster and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Absent for people without one.
    pub class: Option<String>,
    /// People in it.
    pub people: u32,
    /// People in it with a photo.
    pub collected: u32,
}

/// Somebody of a campaign, with the words they are found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Key and fields.
    pub entry: RosterEntry,
    /// Line on the roster; the running order follows it.
    pub position: u32,
    /// Readings of the name in full, as `zhangsan`; several where a character has several.
    pub pinyin_full: Vec<String>,
    /// Initials of the readings, as `zs`.
    pub pinyin_initials: Vec<String>,
}

/// What became of a person that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Put {
    /// Was not there.
    Imported,
    /// Was there, and differed.
    Updated,
    /// Was there, the same.
    Unchanged,
}

/// Saves a person. The last four characters and the blind index of the ID number are made here.
///
/// # Errors
/// When the database fails.
pub fn put(tx: &Tx, campaign: CampaignId, person: &Person) -> Result<Put, StoreError> {
    let person = normal(person);
    let before = get(tx, campaign, &person.entry.key)?;
    if before.as_ref() == Some(&person) {
        return Ok(Put::Unchanged);
    }
    let id_number = person.entry.subject.id_number.as_deref();
    let (campaign_id, key) = (campaign.to_string(), person.entry.key.text());
    let (full, initials) = (spaced(&person.pinyin_full), spaced(&person.pinyin_initials));
    let (last4, index) = (id_number.map(last_four), id_number.map(|id| tx.index_of(id)));
    let own: &[(&str, &dyn ToSql)] = named_params! {
        ":campaign_id": campaign_id,
        ":person_key": key,
        ":position": person.position,
        ":pinyin_full": full,
        ":pinyin_initials": initials,
        ":id_last4": last4,
        ":id_index": index,
    };
    let params = [own, &subject::params(&person.entry.subject)].concat();
    tx.run("saving a person", include_str!("put.sql"), params.as_slice())?;
    Ok(if before.is_some() { Put::Updated } else { Put::Imported })
}

/// Forgets a person nobody has scanned or photographed; says whether they are gone.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &Tx, campaign: CampaignId, key: &PersonKey) -> Result<bool, StoreError> {
    let params = named_params! { ":campaign_id": campaign.to_string(), ":person_key": key.text() };
    let gone = tx.run("forgetting a person", include_str!("forget.sql"), params)?;
    Ok(gone > 0)
}

/// A person by key.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, campaign: CampaignId, key: &PersonKey) -> Result<Option<Person>, StoreError> {
    let sql = "SELECT * FROM people WHERE campaign_id = ? AND person_key = ?";
    conn.first("reading a person", sql, [campaign.to_string(), key.text()], read)
}

/// Deletes a person's row, whatever happened to them.
///
/// # Errors
/// When the database fails.
pub fn erase(tx: &Tx, campaign: CampaignId, key: &PersonKey) -> Result<(), StoreError> {
    let sql = "DELETE FROM people WHERE campaign_id = ? AND person_key = ?";
    tx.run("deleting a person", sql, (campaign.to_string(), key.text()))
        .map(drop)
}

/// People found by what was typed: initials or the beginning of the pinyin, a part of the name or the student number, the last
/// four characters of the ID number or all of it, the beginning of a code's hash. Exact hits first, then in roster order.
///
/// # Errors
/// When the database fails.
pub fn search(conn: &Conn, campaign: CampaignId, typed: &str, limit: u32) -> Result<Vec<Person>, StoreError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    if typed.len() >= 15 {
        let whole = by_id_number(conn, campaign, typed)?;
        if !whole.is_empty() {
            return Ok(whole);
        }
    }
    let lower = typed.to_lowercase();
    let reading = format!(" {}", squeezed(&lower));
    let params = named_params! {
        ":campaign_id": campaign.to_string(),
        ":typed": typed,
        ":lower": lower,
        ":reading": reading,
        ":code": format!("code:{lower}"),
        ":limit": limit.min(MAX_HITS),
    };
    conn.all("searching people", include_str!("search.sql"), params, read)
}

/// People whose record has this mobile number, however it was written there, in roster order.
///
/// # Errors
/// When the database fails.
pub fn by_phone(conn: &Conn, campaign: CampaignId, phone: &PhoneNumber) -> Result<Vec<Person>, StoreError> {
    let sql = "SELECT * FROM people WHERE campaign_id = ?1
        AND replace(replace(phone, ' ', ''), '-', '') IN (?2, '+86' || ?2, '86' || ?2, '0086' || ?2)
        ORDER BY position, person_key LIMIT ?3";
    let params = (campaign.to_string(), phone.as_str(), MAX_OF_PHONE);
    conn.all("looking up a mobile number", sql, params, read)
}

/// People with this ID number, looked up by its blind index.
///
/// # Errors
/// When the database fails.
pub fn by_id_number(conn: &Conn, campaign: CampaignId, id_number: &str) -> Result<Vec<Person>, StoreError> {
    let sql = "SELECT * FROM people WHERE campaign_id = ? AND id_index = ? ORDER BY position";
    conn.all(
        "looking up an ID number",
        sql,
        (campaign.to_string(), conn.index_of(id_number)),
        read,
    )
}

/// Who comes next by the roster: people nobody has collected, after a position.
///
/// # Errors
/// When the database fails.
pub fn running_order(
    conn: &Conn,
    campaign: CampaignId,
    after: Option<u32>,
    limit: u32,
) -> Result<Vec<Person>, StoreError> {
    let after = after.map_or(-1, i64::from);
    let params = (campaign.to_string(), after, limit.min(MAX_HITS));
    conn.all(
        "listing who comes next",
        include_str!("running_order.sql"),
        params,
        read,
    )
}

/// A page of the campaign's people in roster order. At most [`MAX_HITS`] at a time.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &Conn, campaign: CampaignId, offset: u32, limit: u32) -> Result<Vec<Person>, StoreError> {
    let sql = "SELECT * FROM people WHERE campaign_id = ? ORDER BY position, row_id LIMIT ? OFFSET ?";
    let params = (campaign.to_string(), limit.min(MAX_HITS), offset);
    conn.all("listing people", sql, params, read)
}

/// How many people of the campaign have exactly this name.
///
/// # Errors
/// When the database fails.
pub fn namesakes(conn: &Conn, campaign: CampaignId, name: &str) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) AS n FROM people WHERE campaign_id = ? AND name = ?";
    conn.count("counting namesakes", sql, [campaign.to_string().as_str(), name])
}

/// How many people the campaign knows.
///
/// # Errors
/// When the database fails.
pub fn count(conn: &Conn, campaign: CampaignId) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) AS n FROM people WHERE campaign_id = ?";
    conn.count("counting people", sql, [campaign.to_string()])
}

/// How many people of a class there are, and how many of them were collected; in roster order.
///
/// # Errors
/// When the database fails.
pub fn coverage(conn: &Conn, campaign: CampaignId) -> Result<Vec<Coverage>, StoreError> {
    let (doing, id) = ("counting who was collected", campaign.to_string());
    conn.all(doing, include_str!("coverage.sql"), [id], |r| {
        Ok(Coverage {
            class: r.get("class")?,
            people: r.get("people")?,
            collected: r.get("collected")?,
        })
    })
}

/// Everybody nobody has collected, class by class in roster order, at most [`MAX_ABSENT`].
///
/// # Errors
/// When the database fails.
pub fn absent(conn: &Conn, campaign: CampaignId) -> Result<Vec<Person>, StoreError> {
    let params = (campaign.to_string(), MAX_ABSENT);
    conn.all("listing who is missing", include_str!("absent.sql"), params, read)
}

fn read(row: &Row) -> Result<Person, StoreError> {
    let readings = |column| -> Result<Vec<String>, StoreError> {
        Ok(row
            .get::<String>(column)?
            .split_whitespace()
            .map(str::to_owned)
            .collect())
    };
    Ok(Person {
        entry: RosterEntry {
            key: row.word("person_key", PersonKey::from_text)?,
            subject: subject::read(row)?,
        },
        position: row.get("position")?,
        pinyin_full: readings("pinyin_full")?,
        pinyin_initials: readings("pinyin_initials")?,
    })
}

/// Readings in the form they are searched in.
fn normal(person: &Person) -> Person {
    let normal = |readings: &[String]| -> Vec<String> {
        readings
            .iter()
            .map(|r| squeezed(&r.to_lowercase()))
            .filter(|r| !r.is_empty())
            .collect()
    };
    Person {
        pinyin_full: normal(&person.pinyin_full),
        pinyin_initials: normal(&person.pinyin_initials),
        ..person.clone()
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A blank before each reading, so that a search for a blank and some letters finds beginnings only.
fn spaced(readings: &[String]) -> String {
    readings.iter().map(|r| format!(" {r}")).collect()
}

fn last_four(id_number: &str) -> String {
    let chars: Vec<char> = id_number.trim().chars().collect();
    chars[chars.len().saturating_sub(4)..]
        .iter()
        .collect::<String>()
        .to_lowercase()
}
