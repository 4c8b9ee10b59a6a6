//! Graduates at the web site: who proved a number sees the orders whose record carries it, and no other. Each call looks at that again
//! in its own transaction.
use crate::center::Central;
use crate::change::{self, By, Change};
use crate::error::CentralError;
use crate::store::guests::GuestSessionRow;
use crate::store::{OrderRow, ReadRows, Stored};
use domain::consent::Consent;
use domain::draft::NewName;
use domain::order_number::{NumberPrefix, OrderNumber};
use domain::{Actor, ConsentId, Money, OrderEvent, OrderId, OrderState, PhoneNumber, UtcMs};
use serde_json::json;
use sha2::{Digest, Sha256};
use wire::campaign::CampaignDoc;
use wire::order::PhotoDoc;

/// A session nobody uses ends after this time: the phone may be somebody else's next.
const IDLE_MS: i64 = 30 * 60_000;
/// A session ends after this time whatever happens.
const SESSION_MS: i64 = 12 * 3_600_000;
/// Use is noted to the minute, so that reading costs no write.
const SEEN_STEP_MS: i64 = 60_000;
/// Sessions of one number; the oldest go first.
const MAX_SESSIONS: usize = 10;
/// Orders shown of one number.
const MAX_ORDERS: usize = 100;
/// Reprints of one photo that are not paid yet.
const MAX_UNPAID_REPRINTS: usize = 5;
/// Orders of an older program looked at in one round.
const PAGE: usize = 500;
/// Version of the words with which being told by short message is allowed.
pub const MESSAGES_VERSION: &str = "messages-1";

/// Who is at the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The proved number.
    pub phone: PhoneNumber,
    /// What changes must be accompanied by.
    pub csrf: String,
    secret: [u8; 32],
}

impl Guest {
    fn of(secret: &str, phone: PhoneNumber) -> Self {
        Self {
            phone,
            csrf: hex::encode(Sha256::digest(format!("guest csrf\n{secret}").as_bytes())),
            secret: hash_of(secret),
        }
    }
}

/// An order with what its page shows beside it.
#[derive(Debug, Clone)]
pub struct OwnOrder {
    /// The order.
    pub row: OrderRow,
    /// Its campaign, while it is there.
    pub campaign: Option<CampaignDoc>,
    /// The center holds the bytes of its photo.
    pub photo_here: bool,
}

fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn graduate() -> By {
    By {
        actor: Actor::Graduate,
        who: "graduate".to_owned(),
    }
}

/// The order, if its record carries this number.
pub fn own(row: Option<OrderRow>, phone: &PhoneNumber, id: &OrderId) -> Stored<OrderRow> {
    row.filter(|row| row.phone().as_ref() == Some(phone))
        .ok_or_else(|| CentralError::not_found("order", id))
}

impl Central {
    /// Lets somebody in by the code sent to their number; answers with the cookie's secret.
    ///
    /// # Errors
    /// `PhoneCode` when it is not the code.
    pub(crate) fn guest_login(&self, phone: &PhoneNumber, code: &str) -> Result<(Guest, String), CentralError> {
        self.check_phone_code(phone, code)?;
        let secret = hex::encode(self.random::<32>()?);
        self.change(|change| {
            for old in change.rows.guest_sessions(phone)?.iter().skip(MAX_SESSIONS - 1) {
                change.rows.end_guest_session(&old.secret)?;
            }
            change.rows.put_guest_session(&GuestSessionRow {
                secret: hash_of(&secret),
                phone: phone.clone(),
                created_at: change.now,
                seen_at: change.now,
                expires_at: change.now.plus(SESSION_MS),
            })
        })?;
        Ok((Guest::of(&secret, phone.clone()), secret))
    }

    /// Who a cookie belongs to.
    ///
    /// # Errors
    /// `Login` when it admits nobody.
    pub(crate) fn guest_admitted(&self, secret: &str) -> Result<Guest, CentralError> {
        let now = self.now();
        let row = self.read(|rows| rows.guest_session(&hash_of(secret)))?;
        let row = row.filter(|s| now < s.expires_at && now.since(s.seen_at) <= IDLE_MS);
        let row = row.ok_or(CentralError::Login)?;
        if now.since(row.seen_at) > SEEN_STEP_MS {
            let seen = GuestSessionRow {
                seen_at: now,
                ..row.clone()
            };
            self.change(|change| change.rows.put_guest_session(&seen))?;
        }
        Ok(Guest::of(secret, row.phone))
    }

    /// Finds the numbers of orders an older program wrote, so that their graduates find them; answers how many. `serve` does it at its
    /// start.
    ///
    /// # Errors
    /// When the store fails.
    pub fn find_phones(&self) -> Result<usize, CentralError> {
        let (mut after, mut found) = (String::new(), 0);
        loop {
            let page = self.read(|rows| rows.orders_without_phone(&after, PAGE))?;
            let Some(last) = page.last() else { return Ok(found) };
            after = last.order.id.to_string();
            let with: Vec<_> = page.iter().filter(|row| row.phone().is_some()).collect();
            if with.is_empty() {
                continue;
            }
            found += with.len();
            self.change(|change| {
                for old in &with {
                    // Read again: it may have moved since it was listed.
                    if let Some(row) = change.rows.order(&old.order.id)? {
                        change.rows.put_order(&row)?;
                    }
                }
                Ok(())
            })?;
        }
    }

    /// Ends the session.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn guest_logout(&self, guest: &Guest) -> Result<(), CentralError> {
        self.change(|change| change.rows.end_guest_session(&guest.secret).map(drop))
    }

    /// The guest's orders, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn guest_orders(&self, guest: &Guest) -> Result<Vec<OwnOrder>, CentralError> {
        self.read(|rows| {
            let orders = rows.orders_of_phone(&guest.phone, MAX_ORDERS)?;
            orders.into_iter().map(|row| beside(rows, row)).collect()
        })
    }

    /// One of the guest's orders.
    ///
    /// # Errors
    /// When it is not theirs.
    pub(crate) fn guest_order(&self, guest: &Guest, id: &OrderId) -> Result<OwnOrder, CentralError> {
        self.read(|rows| beside(rows, own(rows.order(id)?, &guest.phone, id)?))
    }

    /// The photos of each of the guest's orders, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn guest_photos(&self, orders: &[OwnOrder]) -> Result<Vec<Vec<PhotoDoc>>, CentralError> {
        self.read(|rows| {
            let photos = |o: &OwnOrder| rows.photo_revisions(&o.row.school, &o.row.order.id);
            orders.iter().map(photos).collect()
        })
    }

    /// 去编辑 and 撤回: a step of the guest on an order of theirs.
    ///
    /// # Errors
    /// When it is not theirs, or the rules do not allow it.
    pub(crate) fn guest_step(&self, guest: &Guest, id: &OrderId, event: &OrderEvent) -> Result<(), CentralError> {
        self.change(|change| {
            let mut row = own(change.order(id)?, &guest.phone, id)?;
            change.step(&mut row, event, &graduate(), change.now)?;
            change.save(&mut row)
        })
    }

    /// 加洗 (T13): a new order linked to an approved one.
    ///
    /// # Errors
    /// When the photo is not theirs or not approved, or reprints of it wait for their money already.
    pub(crate) fn guest_reprint(&self, guest: &Guest, id: &OrderId) -> Result<OrderId, CentralError> {
        let new = OrderId(self.new_id()?);
        self.change(|change| {
            let source = own(change.order(id)?, &guest.phone, id)?;
            let all = change.rows.orders_of_phone(&guest.phone, MAX_ORDERS)?;
            let unpaid = all.iter().filter(|o| {
                o.order.state == OrderState::PendingPayment && o.order.link.is_some_and(|link| link.order == *id)
            });
            if unpaid.count() >= MAX_UNPAID_REPRINTS {
                return Err(wire::Invalid::new("reprints", "of this photo wait for payment already").into());
            }
            let campaign = change.rows.campaign(&source.order.campaign)?;
            let (_, campaign) = campaign.ok_or_else(|| CentralError::not_found("campaign", source.order.campaign))?;
            let name = NewName {
                id: new,
                number: free_number(change, &source, &campaign, &new)?,
            };
            let order = source
                .order
                .reprint(name, Money::from_fen(campaign.price_fen), change.now)?;
            let mut row = OrderRow {
                school: source.school.clone(),
                // No op of the station made it.
                rev: 0,
                received_at: change.now,
                updated_at: change.now,
                duplicate_person: false,
                messages: source.messages.clone(),
                order,
            };
            let detail = json!({ "to": row.order.state.id(), "of": id.to_string() });
            change.record_first(&row.school, &change::subject(&row), &graduate().who, "T13", &detail)?;
            change.announce(&row, None)?;
            change.save(&mut row)?;
            Ok(new)
        })
    }

    /// F22: allows being told by short message of this order, or takes that back. The record says which words, and when.
    ///
    /// # Errors
    /// When the order is not theirs.
    pub(crate) fn guest_messages(&self, guest: &Guest, id: &OrderId, allowed: Allowed) -> Result<(), CentralError> {
        let consent_id = ConsentId(self.new_id()?);
        self.change(|change| {
            let mut row = own(change.order(id)?, &guest.phone, id)?;
            let (messages, what) = match &allowed {
                Allowed::Yes { language } => (Some(consent(consent_id, language, change.now)), "messages_allowed"),
                Allowed::No => (None, "messages_refused"),
            };
            if row.messages.is_some() == messages.is_some() {
                return Ok(());
            }
            row.messages = messages;
            let detail = json!({ "version": MESSAGES_VERSION });
            change.record(&row.school, &change::subject(&row), &graduate().who, what, &detail)?;
            change.save(&mut row)
        })
    }

    /// The guest wants to be forgotten. An official photo at work is not thrown away by a touch: the wish stands in the history of each
    /// of their orders, where the school finds it.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn guest_erase(&self, guest: &Guest) -> Result<(), CentralError> {
        self.change(|change| {
            for row in change.rows.orders_of_phone(&guest.phone, MAX_ORDERS)? {
                let subject = change::subject(&row);
                let asked = change.rows.history_head(&row.school, &subject)?;
                if asked.is_none_or(|line| line.what != "erasure_asked") {
                    change.record(&row.school, &subject, &graduate().who, "erasure_asked", &json!({}))?;
                }
            }
            Ok(())
        })
    }
}

/// Whether a graduate allows short messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// In the words of a language, as `zh-CN`.
    Yes {
        /// The language they were shown in.
        language: String,
    },
    /// Not, or not any more.
    No,
}

fn consent(id: ConsentId, language: &str, at: UtcMs) -> Consent {
    Consent {
        id,
        text_version: MESSAGES_VERSION.to_owned(),
        language: language.to_owned(),
        at,
        asked_by: "site".to_owned(),
    }
}

fn beside(rows: &ReadRows<'_>, row: OrderRow) -> Stored<OwnOrder> {
    Ok(OwnOrder {
        campaign: rows.campaign(&row.order.campaign)?.map(|(_, campaign)| campaign),
        photo_here: rows.blob(&row.school, &row.order.photo.blob)?.is_some(),
        row,
    })
}

/// A number nobody at the order's station has: the time now, or a little later.
fn free_number(change: &Change<'_>, source: &OrderRow, campaign: &CampaignDoc, id: &OrderId) -> Stored<OrderNumber> {
    let prefix = NumberPrefix::parse(&campaign.number_prefix).map_err(|e| wire::Invalid::new("number_prefix", e))?;
    let station = change.rows.station(&source.order.station)?;
    let station = station.ok_or_else(|| CentralError::not_found("station", source.order.station))?;
    let mut last = None;
    loop {
        let (number, at) = OrderNumber::next(&prefix, change.now, last);
        if !change.rows.taken_names(&station, id, number.as_str())?.1 {
            return Ok(number);
        }
        last = Some(at);
    }
}
