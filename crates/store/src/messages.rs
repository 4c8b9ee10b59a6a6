//! Table `messages`: what graduates asked at this station and what they were answered.
use crate::conn::{Conn, Row, Tx};
use crate::error::StoreError;
use domain::{CampaignId, PersonKey, UtcMs};

/// Longest message.
pub const MAX_CHARS: usize = 500;
/// Most messages of a list.
const MAX_LIST: u32 = 500;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The campaign.
    pub campaign: CampaignId,
    /// Whose thread it is in.
    pub person: PersonKey,
    /// When it was written.
    pub at: UtcMs,
    /// Written by the service.
    pub from_service: bool,
    /// Its words.
    pub text: String,
}

/// Keeps a message.
///
/// # Errors
/// When it is too long or the database fails.
pub fn put(tx: &Tx, message: &Message) -> Result<(), StoreError> {
    let doing = "keeping a message";
    if message.text.chars().count() > MAX_CHARS {
        return Err(StoreError::TooLarge {
            doing,
            what: "the message",
        });
    }
    let sql = "INSERT INTO messages (campaign_id, person_key, at_ms, from_service, text) VALUES (?, ?, ?, ?, ?)";
    let Message {
        campaign,
        person,
        at,
        from_service,
        text,
    } = message;
    tx.run(
        doing,
        sql,
        (campaign.to_string(), person.text(), at.0, from_service, text),
    )
    .map(drop)
}

/// A person's thread, oldest first.
///
/// # Errors
/// When the database fails.
pub fn of(conn: &Conn, campaign: CampaignId, person: &PersonKey) -> Result<Vec<Message>, StoreError> {
    let sql = "SELECT * FROM messages WHERE campaign_id = ? AND person_key = ? ORDER BY id LIMIT ?";
    conn.all(
        "reading a thread",
        sql,
        (campaign.to_string(), person.text(), MAX_LIST),
        read,
    )
}

/// The latest messages of a campaign, newest first.
///
/// # Errors
/// When the database fails.
pub fn latest(conn: &Conn, campaign: CampaignId) -> Result<Vec<Message>, StoreError> {
    let sql = "SELECT * FROM messages WHERE campaign_id = ? ORDER BY id DESC LIMIT ?";
    conn.all("reading the messages", sql, (campaign.to_string(), MAX_LIST), read)
}

/// Deletes a person's thread.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &Tx, campaign: CampaignId, person: &PersonKey) -> Result<(), StoreError> {
    let sql = "DELETE FROM messages WHERE campaign_id = ? AND person_key = ?";
    tx.run("deleting a thread", sql, (campaign.to_string(), person.text()))
        .map(drop)
}

fn read(row: &Row) -> Result<Message, StoreError> {
    Ok(Message {
        campaign: row.parse("campaign_id")?,
        person: row.word("person_key", PersonKey::from_text)?,
        at: row.time("at_ms")?,
        from_service: row.get("from_service")?,
        text: row.get("text")?,
    })
}
