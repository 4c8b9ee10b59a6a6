//! Telling others what becomes of orders: messages by the Standard Webhooks specification (standardwebhooks.com), written in the
//! transaction of the step they tell of, sent afterwards, and again until they are taken. They name orders, never people.
use crate::center::Central;
use crate::change::Change;
use crate::error::CentralError;
use crate::person::Person;
use crate::store::webhooks::{MessageRow, MessageState, WebhookRow};
use crate::store::{OrderRow, SchoolCode, Stored};
use crate::usecase::accounts::center_school;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{OrderState, UtcMs};
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;
use wire::Invalid;

/// Pauses between tries, the specification's example; after the last one a message is given up.
const PAUSES_S: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The other side answers in this time.
const ANSWER: Duration = Duration::from_secs(15);
/// A message that is being sent is not taken up by another center before this.
const CLAIM_MS: i64 = 60_000;
/// Messages of one round; the rest follows in the next.
const BATCH: usize = 100;
/// Messages listed and replayed at once.
const MAX_LIST: usize = 1000;
/// Messages are kept this long.
pub const KEPT_MS: i64 = 30 * 86_400_000;
/// Random bytes of a secret; the specification takes 24 to 64.
const SECRET_BYTES: usize = 32;
/// Webhooks of one center.
const MAX_WEBHOOKS: usize = 100;
/// Longest address.
const MAX_URL: usize = 500;

/// A new webhook; its secret is told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// The webhook.
    pub row: WebhookRow,
    /// As `whsec_…`.
    pub secret: String,
}

/// The event of an order that is in a state now.
pub fn event_of(state: OrderState) -> String {
    format!("order.{}", state.id())
}

impl Change<'_> {
    /// Writes down whom to tell that an order is in another state.
    pub(crate) fn announce(&self, row: &OrderRow, from: Option<OrderState>) -> Stored<()> {
        let hooks = self.hooks(&row.school)?;
        let event = event_of(row.order.state);
        for hook in hooks.iter() {
            let hears = hook.events.is_empty() || hook.events.contains(&event);
            if hook.disabled_at.is_some() || !hears {
                continue;
            }
            let rejection = row.order.rejection.as_ref();
            let body = json!({
                "type": event,
                "timestamp": rfc3339(self.now),
                "data": {
                    "order_id": row.order.id.to_string(),
                    "number": row.order.number.as_str(),
                    "school_code": row.school.as_str(),
                    "campaign_id": row.order.campaign.to_string(),
                    "from": from.map(OrderState::id),
                    "state": row.order.state.id(),
                    "reasons": rejection.map(|r| r.reasons().iter().map(|x| x.id()).collect::<Vec<_>>()),
                    "deadline_ms": rejection.map(|r| r.deadline.0),
                },
            });
            self.rows.put_message(&MessageRow {
                school: hook.school.clone(),
                webhook: hook.id,
                // One message for each line of the order's history, however often the transaction is run.
                id: self.message_id(row, hook)?,
                event: event.clone(),
                body: body.to_string(),
                at: self.now,
                state: MessageState::Waiting,
                tries: 0,
                next_at: self.now,
                last_answer: None,
            })?;
        }
        Ok(())
    }

    fn message_id(&self, row: &OrderRow, hook: &WebhookRow) -> Stored<Uuid> {
        let head = self.rows.history_head(&row.school, &crate::change::subject(row))?;
        let seed = format!("{} {} {}", hook.id, row.order.id, head.map_or(0, |h| h.seq));
        let hash = <Sha256 as sha2::Digest>::digest(seed.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        Ok(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl Central {
    /// Adds a webhook.
    ///
    /// # Errors
    /// When the address, an event or the school does not hold, or there are too many.
    pub fn add_webhook(
        &self,
        person: &Person,
        url: &str,
        events: &[String],
        school: Option<SchoolCode>,
    ) -> Result<NewWebhook, CentralError> {
        let school = person.narrowed(school)?;
        let url = address(url)?;
        if let Some(wrong) = events
            .iter()
            .find(|e| !OrderState::ALL.iter().any(|s| event_of(*s) == **e))
        {
            return Err(Invalid::new("events", format!("{wrong:?} is none; as order.rejected")).into());
        }
        let secret: [u8; SECRET_BYTES] = self.random()?;
        let row = WebhookRow {
            school,
            id: self.new_id()?,
            url,
            events: events.to_vec(),
            secret: secret.to_vec(),
            created_at: self.now(),
            disabled_at: None,
        };
        self.change(|change| {
            if change.rows.webhooks(None)?.len() >= MAX_WEBHOOKS {
                return Err(Invalid::new("webhooks", "are 100 already").into());
            }
            change.rows.put_webhook(&row)?;
            change.note_webhook(&row, person, "added")
        })?;
        Ok(NewWebhook {
            secret: format!("whsec_{}", STANDARD.encode(secret)),
            row,
        })
    }

    /// Webhooks this person may arrange.
    ///
    /// # Errors
    /// When the store fails.
    pub fn webhooks_for(&self, person: &Person) -> Result<Vec<WebhookRow>, CentralError> {
        let mut all = self.read(|rows| rows.webhooks(None))?;
        all.retain(|w| owns(person, w));
        Ok(all)
    }

    /// Removes a webhook with everything that was to be told to it.
    ///
    /// # Errors
    /// When this person has no such webhook.
    pub fn remove_webhook(&self, person: &Person, id: &Uuid) -> Result<(), CentralError> {
        self.change(|change| {
            let row = owned(change, person, id)?;
            change.rows.forget_webhook(id)?;
            change.note_webhook(&row, person, "removed")
        })
    }

    /// What a webhook was told since a time, latest first.
    ///
    /// # Errors
    /// When this person has no such webhook.
    pub fn messages_for(&self, person: &Person, id: &Uuid, since: UtcMs) -> Result<Vec<MessageRow>, CentralError> {
        self.read(|rows| {
            let hook = rows.webhook(id)?.filter(|w| owns(person, w));
            hook.ok_or_else(|| CentralError::not_found("webhook", id))?;
            rows.messages_of(id, since, MAX_LIST)
        })
    }

    /// Sends again what happened since a time, and takes up a webhook that was given up.
    ///
    /// # Errors
    /// When this person has no such webhook.
    pub fn replay_webhook(&self, person: &Person, id: &Uuid, since: UtcMs) -> Result<usize, CentralError> {
        self.change(|change| {
            let mut hook = owned(change, person, id)?;
            hook.disabled_at = None;
            change.rows.put_webhook(&hook)?;
            let messages = change.rows.messages_of(id, since, MAX_LIST)?;
            for message in &messages {
                change.rows.put_message(&MessageRow {
                    state: MessageState::Waiting,
                    tries: 0,
                    next_at: change.now,
                    ..message.clone()
                })?;
            }
            Ok(messages.len())
        })
    }

    /// Sends what is due; each webhook by itself, so that a slow one holds up nobody else. `serve` calls it every few seconds.
    ///
    /// # Errors
    /// When the store fails. What was not taken is sent again later.
    pub async fn tell_webhooks(&self, client: &reqwest::Client) -> Result<usize, CentralError> {
        let due = self.at_store(Self::claim_messages).await?;
        let count = due.len();
        let mut by_hook: BTreeMap<Uuid, Vec<(WebhookRow, MessageRow)>> = BTreeMap::new();
        for pair in due {
            by_hook.entry(pair.0.id).or_default().push(pair);
        }
        let all = by_hook.into_values().map(|pairs| async move {
            for (hook, message) in pairs {
                let answer = send(client, &hook, &message, self.now()).await;
                let went_well = answer == Answer::Taken;
                self.at_store(move |c| c.note_answer(&hook, &message, &answer)).await?;
                if !went_well {
                    // The rest would fail as well; it is due again when the claim is over.
                    break;
                }
            }
            Ok::<(), CentralError>(())
        });
        for done in join_all(all).await {
            done?;
        }
        Ok(count)
    }

    /// Messages that are due, put off so that no other center sends them meanwhile.
    fn claim_messages(&self) -> Result<Vec<(WebhookRow, MessageRow)>, CentralError> {
        // Mostly nothing is due, and a look costs no turn of the writers.
        if self.read(|rows| rows.messages_due(self.now(), 1))?.is_empty() {
            return Ok(Vec::new());
        }
        self.change(|change| {
            let mut claimed = Vec::new();
            for message in change.rows.messages_due(change.now, BATCH)? {
                let Some(hook) = change
                    .rows
                    .webhook(&message.webhook)?
                    .filter(|w| w.disabled_at.is_none())
                else {
                    change.rows.put_message(&MessageRow {
                        state: MessageState::GivenUp,
                        ..message
                    })?;
                    continue;
                };
                change.rows.put_message(&MessageRow {
                    next_at: change.now.plus(CLAIM_MS),
                    ..message.clone()
                })?;
                claimed.push((hook, message));
            }
            Ok(claimed)
        })
    }

    fn note_answer(&self, hook: &WebhookRow, message: &MessageRow, answer: &Answer) -> Result<(), CentralError> {
        self.change(|change| {
            // Removed meanwhile.
            let Some(mut hook) = change.rows.webhook(&hook.id)? else {
                return Ok(());
            };
            let tries = message.tries + 1;
            let pause = PAUSES_S.get(message.tries as usize);
            let (state, next_at, said) = match (answer, pause) {
                (Answer::Taken, _) => (MessageState::Sent, change.now, "taken".to_owned()),
                (Answer::Refused(why), Some(pause)) => {
                    (MessageState::Waiting, change.now.plus(pause * 1000), why.clone())
                }
                (Answer::Refused(why), None) => (MessageState::GivenUp, change.now, why.clone()),
                (Answer::Gone, _) => (MessageState::GivenUp, change.now, "410".to_owned()),
            };
            if *answer == Answer::Gone {
                hook.disabled_at = Some(change.now);
                change.rows.put_webhook(&hook)?;
            }
            change.rows.put_message(&MessageRow {
                state,
                tries,
                next_at,
                last_answer: Some(said),
                ..message.clone()
            })
        })
    }
}

/// What a try came to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Taken,
    /// The other side does not want to be told any more.
    Gone,
    Refused(String),
}

async fn send(client: &reqwest::Client, hook: &WebhookRow, message: &MessageRow, now: UtcMs) -> Answer {
    let (id, at_s) = (format!("msg_{}", message.id.simple()), now.0.div_euclid(1000));
    let Some(signature) = sign(&hook.secret, &id, at_s, &message.body) else {
        return Answer::Refused("the secret does not hold".to_owned());
    };
    let sent = client
        .post(&hook.url)
        .timeout(ANSWER)
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", at_s.to_string())
        .header("webhook-signature", signature)
        .body(message.body.clone())
        .send()
        .await;
    match sent {
        Ok(answer) if answer.status().is_success() => Answer::Taken,
        Ok(answer) if answer.status() == reqwest::StatusCode::GONE => Answer::Gone,
        Ok(answer) => Answer::Refused(answer.status().as_u16().to_string()),
        Err(error) if error.is_timeout() => Answer::Refused("timeout".to_owned()),
        Err(_) => Answer::Refused("not reached".to_owned()),
    }
}

/// `v1,` and the HMAC-SHA256 over id, time and body.
fn sign(secret: &[u8], id: &str, at_s: i64, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(format!("{id}.{at_s}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// The client webhooks are told with: it follows no redirects, for an address that was looked at is the one that is told.
///
/// # Errors
/// When the system gives no TLS.
pub fn client() -> Result<reqwest::Client, CentralError> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(concat!("xueying/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|source| CentralError::Prepare {
            source: Box::new(source),
        })
}

/// https, or a server on this machine.
fn address(text: &str) -> Result<String, Invalid> {
    let wrong = |why| Invalid::new("url", why);
    if text.len() > MAX_URL {
        return Err(wrong("has at most 500 characters"));
    }
    let url: reqwest::Url = text.trim().parse().map_err(|_| wrong("is no address"))?;
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        _ => return Err(wrong("must begin with https")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must name no user"));
    }
    Ok(url.to_string())
}

fn owns(person: &Person, hook: &WebhookRow) -> bool {
    person.school.is_none() || person.school == hook.school
}

fn owned(change: &Change<'_>, person: &Person, id: &Uuid) -> Stored<WebhookRow> {
    let hook = change.rows.webhook(id)?.filter(|w| owns(person, w));
    hook.ok_or_else(|| CentralError::not_found("webhook", id))
}

impl Change<'_> {
    fn note_webhook(&self, hook: &WebhookRow, person: &Person, what: &str) -> Stored<()> {
        let host = hook.url.parse::<reqwest::Url>().ok();
        let host = host.and_then(|u| u.host_str().map(str::to_owned));
        let school = match &hook.school {
            Some(school) => school.clone(),
            None => center_school(),
        };
        let detail = json!({ "host": host, "events": hook.events });
        self.record(&school, &format!("webhook:{}", hook.id), &person.who(), what, &detail)
    }
}

fn rfc3339(at: UtcMs) -> String {
    let c = at.civil(domain::time::UtcOffset { minutes: 0 });
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        c.year, c.month, c.day, c.hour, c.minute, c.second, c.millisecond
    )
}
