//! Telling graduates who allowed it, by short message, that their photo was rejected or is ready: written in the transaction of the
//! step, sent afterwards, tried again, and left out when it is not true any more.
use crate::center::Central;
use crate::change::Change;
use crate::error::CentralError;
use crate::sms::{Content, ShortMessage};
use crate::store::guests::{ShortMessageRow, ShortState, ToldOf};
use crate::store::{OrderRow, ReadRows, Stored};
use domain::{OrderState, UtcMs};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Pauses between tries; after the last one a message is given up.
const PAUSES_S: [i64; 6] = [10, 60, 600, 3600, 21_600, 43_200];
/// A reviewer may take a rejection back for this long (T6u): nobody is told of one that does not stand.
const REJECTION_STANDS_MS: i64 = 10 * 60_000;
/// A message that is being sent is not taken up by another center before this.
const CLAIM_MS: i64 = 60_000;
/// Messages of one round; the rest follows in the next.
const BATCH: usize = 50;
/// Messages are kept this long.
pub const KEPT_MS: i64 = 30 * 86_400_000;

/// What a graduate is told when an order comes to a state.
fn told_of(state: OrderState) -> Option<(ToldOf, i64)> {
    match state {
        OrderState::Rejected => Some((ToldOf::Rejected, REJECTION_STANDS_MS)),
        OrderState::Completed => Some((ToldOf::Ready, 0)),
        OrderState::PendingPayment
        | OrderState::Paid
        | OrderState::PendingReview
        | OrderState::PendingProduction
        | OrderState::InProduction
        | OrderState::Closed
        | OrderState::Refunded => None,
    }
}

impl Change<'_> {
    /// Writes down that a graduate is to be told of the state an order came to, if they allowed it.
    pub(crate) fn notice(&self, row: &OrderRow) -> Stored<()> {
        let Some((kind, wait_ms)) = told_of(row.order.state) else {
            return Ok(());
        };
        if row.messages.is_none() || row.phone().is_none() {
            return Ok(());
        }
        let head = self.rows.history_head(&row.school, &crate::change::subject(row))?;
        self.rows.add_short_message(&ShortMessageRow {
            school: row.school.clone(),
            // One message for each line of the order's history, however often the transaction is run.
            id: message_id(row, kind, head.map_or(0, |h| h.seq)),
            order: row.order.id,
            kind,
            at: self.now,
            state: ShortState::Waiting,
            tries: 0,
            next_at: self.now.plus(wait_ms),
        })
    }
}

fn message_id(row: &OrderRow, kind: ToldOf, seq: u64) -> Uuid {
    let hash = Sha256::digest(format!("{} {} {seq}", kind.id(), row.order.id).as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The message as it is true now; nothing when it is not.
fn message(rows: &ReadRows<'_>, due: &ShortMessageRow) -> Stored<Option<ShortMessage>> {
    let Some(row) = rows.order(&due.order)? else {
        return Ok(None);
    };
    let stands = told_of(row.order.state).is_some_and(|(kind, _)| kind == due.kind);
    let Some(phone) = row.phone().filter(|_| stands && row.messages.is_some()) else {
        return Ok(None);
    };
    let number = row.order.number.as_str();
    let order = number[number.len().saturating_sub(4)..].to_owned();
    Ok(Some(ShortMessage {
        id: due.id,
        phone,
        content: match due.kind {
            ToldOf::Rejected => Content::Rejected { order },
            ToldOf::Ready => Content::Ready { order },
        },
    }))
}

impl Central {
    /// Sends what is due. `serve` calls it every few seconds; answers how many were sent.
    ///
    /// # Errors
    /// When the store fails. What was not sent is tried again later.
    pub async fn send_notices(&self) -> Result<usize, CentralError> {
        let due = self.at_store(Self::claim_notices).await?;
        let mut sent = 0;
        for (row, message) in due {
            let went = match self.sender().send(&message).await {
                Ok(()) => true,
                Err(error) => {
                    tracing::warn!(%error, "a short message is sent again later");
                    false
                }
            };
            sent += usize::from(went);
            self.at_store(move |c| c.note_notice(&row, went)).await?;
        }
        Ok(sent)
    }

    /// Messages that are due and still true, put off so that no other center sends them meanwhile.
    fn claim_notices(&self) -> Result<Vec<(ShortMessageRow, ShortMessage)>, CentralError> {
        // Mostly nothing is due, and a look costs no turn of the writers.
        if self.read(|rows| rows.short_messages_due(self.now(), 1))?.is_empty() {
            return Ok(Vec::new());
        }
        self.change(|change| {
            let mut claimed = Vec::new();
            for due in change.rows.short_messages_due(change.now, BATCH)? {
                let message = message(change.rows, &due)?;
                let (state, next_at) = match message {
                    Some(_) => (ShortState::Waiting, change.now.plus(CLAIM_MS)),
                    None => (ShortState::Dropped, due.next_at),
                };
                let moved = ShortMessageRow { state, next_at, ..due };
                change.rows.move_short_message(&moved)?;
                claimed.extend(message.map(|message| (moved, message)));
            }
            Ok(claimed)
        })
    }

    fn note_notice(&self, row: &ShortMessageRow, went: bool) -> Result<(), CentralError> {
        self.change(|change| {
            let pause = PAUSES_S.get(row.tries as usize);
            let (state, next_at): (_, UtcMs) = match (went, pause) {
                (true, _) => (ShortState::Sent, change.now),
                (false, Some(pause)) => (ShortState::Waiting, change.now.plus(pause * 1000)),
                (false, None) => (ShortState::GivenUp, change.now),
            };
            let tries = row.tries + 1;
            change.rows.move_short_message(&ShortMessageRow {
                state,
                tries,
                next_at,
                ..row.clone()
            })?;
            if state == ShortState::Waiting {
                return Ok(());
            }
            let detail = json!({ "of": row.kind.id(), "tries": tries, "came": went });
            let subject = format!("order:{}", row.order);
            change.record(&row.school, &subject, "system", "told", &detail)
        })
    }
}
