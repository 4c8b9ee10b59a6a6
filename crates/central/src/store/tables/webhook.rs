//! Tables `webhook` and `webhook_message`. A webhook of all schools has an empty school.
use crate::error::CentralError;
use crate::store::sql::{Row, cell, limit, params, parsed, small};
use crate::store::webhooks::{MessageRow, MessageState, WebhookRow};
use crate::store::{ReadRows, SchoolCode, Stored, WriteRows};
use domain::UtcMs;
use uuid::Uuid;

fn school(row: &Row) -> Stored<Option<SchoolCode>> {
    let text: String = cell(row, "school_id")?;
    Ok((!text.is_empty()).then(|| SchoolCode::stored(text)))
}

fn school_text(school: Option<&SchoolCode>) -> &str {
    school.map_or("", SchoolCode::as_str)
}

fn read(row: &Row) -> Stored<WebhookRow> {
    let events: String = cell(row, "events")?;
    Ok(WebhookRow {
        school: school(row)?,
        id: parsed(row, "webhook_id")?,
        url: cell(row, "url")?,
        events: events.split(' ').filter(|e| !e.is_empty()).map(str::to_owned).collect(),
        secret: cell(row, "secret")?,
        created_at: UtcMs(cell(row, "created_at_ms")?),
        disabled_at: cell::<Option<i64>>(row, "disabled_at_ms")?.map(UtcMs),
    })
}

fn read_message(row: &Row) -> Stored<MessageRow> {
    let state: String = cell(row, "state")?;
    Ok(MessageRow {
        school: school(row)?,
        webhook: parsed(row, "webhook_id")?,
        id: parsed(row, "message_id")?,
        event: cell(row, "event")?,
        body: cell(row, "body")?,
        at: UtcMs(cell(row, "at_ms")?),
        state: MessageState::from_id(&state).ok_or_else(|| CentralError::corrupt("webhook_message.state"))?,
        tries: small(row, "tries")?,
        next_at: UtcMs(cell(row, "next_at_ms")?),
        last_answer: cell(row, "last_answer")?,
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// A webhook by id.
    pub fn webhook(&self, id: &Uuid) -> Stored<Option<WebhookRow>> {
        let sql = "SELECT * FROM webhook WHERE webhook_id = ?1";
        self.one("reading a webhook", sql, params![id.to_string()], read)
    }

    /// Webhooks that hear of a school, those of all schools among them; every webhook when none is named. Oldest first.
    pub fn webhooks(&self, school: Option<&SchoolCode>) -> Stored<Vec<WebhookRow>> {
        let sql = "SELECT * FROM webhook WHERE ?1 = '' OR school_id = ?1 OR school_id = '' ORDER BY created_at_ms, webhook_id";
        self.many("listing webhooks", sql, params![school_text(school)], read)
    }

    /// Messages that are due.
    pub fn messages_due(&self, now: UtcMs, most: usize) -> Stored<Vec<MessageRow>> {
        let sql = "SELECT * FROM webhook_message WHERE state = 'waiting' AND next_at_ms <= ?1
         ORDER BY next_at_ms, at_ms LIMIT ?2";
        self.many("listing messages", sql, params![now.0, limit(most)], read_message)
    }

    /// Messages of a webhook since a time, latest first.
    pub fn messages_of(&self, id: &Uuid, since: UtcMs, most: usize) -> Stored<Vec<MessageRow>> {
        let sql = "SELECT * FROM webhook_message WHERE webhook_id = ?1 AND at_ms >= ?2
         ORDER BY at_ms DESC, message_id DESC LIMIT ?3";
        let params = params![id.to_string(), since.0, limit(most)];
        self.many("listing a webhook's messages", sql, params, read_message)
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds a webhook, or notes that it was given up.
    pub fn put_webhook(&self, w: &WebhookRow) -> Stored<()> {
        let sql = "INSERT INTO webhook (school_id, webhook_id, url, events, secret, created_at_ms, disabled_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (school_id, webhook_id) DO UPDATE SET disabled_at_ms = excluded.disabled_at_ms";
        let params = params![
            school_text(w.school.as_ref()),
            w.id.to_string(),
            &w.url,
            w.events.join(" "),
            w.secret.clone(),
            w.created_at.0,
            w.disabled_at.map(|at| at.0),
        ];
        self.change_later("writing a webhook", sql, params)
    }

    /// Forgets a webhook with its messages.
    pub fn forget_webhook(&self, id: &Uuid) -> Stored<()> {
        let messages = "DELETE FROM webhook_message WHERE webhook_id = ?1";
        self.change("forgetting a webhook's messages", messages, params![id.to_string()])?;
        let sql = "DELETE FROM webhook WHERE webhook_id = ?1";
        self.change("forgetting a webhook", sql, params![id.to_string()])
            .map(|_| ())
    }

    /// Adds a message, or writes where it is.
    pub fn put_message(&self, m: &MessageRow) -> Stored<()> {
        let sql = "INSERT INTO webhook_message (school_id, webhook_id, message_id, event, body, at_ms, state, tries, next_at_ms,
           last_answer)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (school_id, webhook_id, message_id) DO UPDATE SET state = excluded.state, tries = excluded.tries,
           next_at_ms = excluded.next_at_ms, last_answer = excluded.last_answer";
        let params = params![
            school_text(m.school.as_ref()),
            m.webhook.to_string(),
            m.id.to_string(),
            &m.event,
            &m.body,
            m.at.0,
            m.state.id(),
            m.tries,
            m.next_at.0,
            m.last_answer.as_deref(),
        ];
        self.change_later("writing a message", sql, params)
    }

    /// Forgets messages of before this time, whatever became of them.
    pub fn forget_messages(&self, before: UtcMs) -> Stored<usize> {
        let sql = "DELETE FROM webhook_message WHERE at_ms < ?1";
        self.change("forgetting messages", sql, params![before.0])
    }
}
