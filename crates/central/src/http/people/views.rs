//! What people's answers look like. Names and numbers are masked in all of them.
use crate::person::Person;
use crate::store::people::{AccountRow, CredentialRow};
use crate::store::{HistoryRow, SchoolCode, StationRow, Turn};
use crate::usecase::orders::{OrderDetail, OrderLine};
use domain::UtcMs;
use serde::Serialize;
use serde_json::Value;
use wire::order::{CheckDoc, PhotoDoc};

/// Who is logged in.
#[derive(Serialize)]
pub struct Me {
    account: String,
    role: &'static str,
    school_code: Option<String>,
    csrf_token: Option<String>,
}

impl Me {
    pub fn of(p: &Person) -> Self {
        Self {
            account: p.account.clone(),
            role: p.role.id(),
            school_code: p.school.as_ref().map(ToString::to_string),
            csrf_token: p.csrf.clone(),
        }
    }
}

#[derive(Serialize)]
pub struct OrderView {
    id: String,
    number: String,
    school_code: String,
    campaign_id: String,
    station_id: String,
    name: Option<String>,
    class: Option<String>,
    state: &'static str,
    revision: u32,
    check: CheckDoc,
    exception: bool,
    held_by: Option<String>,
    tries: u8,
    reasons: Vec<&'static str>,
    photo_here: bool,
    price_fen: u64,
    paid_fen: u64,
    duplicate_person: bool,
    created_at_ms: i64,
    received_at_ms: i64,
    updated_at_ms: i64,
}

impl OrderView {
    pub fn of(o: &OrderLine) -> Self {
        Self {
            id: o.id.to_string(),
            number: o.number.clone(),
            school_code: o.school.clone(),
            campaign_id: o.campaign.to_string(),
            station_id: o.station.to_string(),
            name: o.name.clone(),
            class: o.class.clone(),
            state: o.state.id(),
            revision: o.revision,
            check: CheckDoc::of(&o.check, &o.warned),
            exception: o.turn == Turn::Exception,
            held_by: o.held_by.clone(),
            tries: o.tries,
            reasons: o.reasons.clone(),
            photo_here: o.photo_here,
            price_fen: o.price.fen(),
            paid_fen: o.paid.fen(),
            duplicate_person: o.duplicate_person,
            created_at_ms: o.created_at.0,
            received_at_ms: o.received_at.0,
            updated_at_ms: o.updated_at.0,
        }
    }
}

#[derive(Serialize)]
pub struct DetailView {
    id: String,
    number: String,
    school_code: String,
    campaign_id: String,
    station_id: String,
    name: Option<String>,
    id_number: Option<String>,
    class: Option<String>,
    faculty: Option<String>,
    major: Option<String>,
    state: &'static str,
    held_by: Option<String>,
    withdrawn: bool,
    tries: u8,
    tries_allowed: u8,
    rejection: Option<RejectionView>,
    photo_here: bool,
    photos: Vec<PhotoDoc>,
    price_fen: u64,
    paid_fen: u64,
    refunded_fen: u64,
    collective: bool,
    link: Option<LinkView>,
    duplicate_person: bool,
    created_at_ms: i64,
    received_at_ms: i64,
    updated_at_ms: i64,
}

#[derive(Serialize)]
struct RejectionView {
    reasons: Vec<&'static str>,
    note: Option<String>,
    at_ms: i64,
    deadline_ms: i64,
}

#[derive(Serialize)]
struct LinkView {
    kind: &'static str,
    order_id: String,
}

impl DetailView {
    pub fn of(d: &OrderDetail) -> Self {
        let o = &d.row.order;
        Self {
            id: o.id.to_string(),
            number: o.number.to_string(),
            school_code: d.row.school.to_string(),
            campaign_id: o.campaign.to_string(),
            station_id: o.station.to_string(),
            name: o.subject.shown_name(),
            id_number: o.subject.shown_id(),
            class: o.subject.class.clone(),
            faculty: o.subject.faculty.clone(),
            major: o.subject.major.clone(),
            state: o.state.id(),
            held_by: o.held_by.clone(),
            withdrawn: o.withdrawn,
            tries: o.tries,
            tries_allowed: o.rule.tries,
            rejection: o.rejection.as_ref().map(|r| RejectionView {
                reasons: r.reasons().iter().map(|r| r.id()).collect(),
                note: r.note.clone(),
                at_ms: r.at.0,
                deadline_ms: r.deadline.0,
            }),
            photo_here: d.photo_here,
            photos: d.photos.clone(),
            price_fen: o.payment.price.fen(),
            paid_fen: o.payment.paid.fen(),
            refunded_fen: o.payment.refunded.fen(),
            collective: o.collection == domain::campaign::Collection::Collective,
            link: o.link.map(|l| LinkView {
                kind: l.kind.id(),
                order_id: l.order.to_string(),
            }),
            duplicate_person: d.row.duplicate_person,
            created_at_ms: o.created_at.0,
            received_at_ms: d.row.received_at.0,
            updated_at_ms: d.row.updated_at.0,
        }
    }
}

/// One line of a history.
#[derive(Serialize)]
pub struct HistoryView {
    school_code: String,
    subject: String,
    seq: u64,
    at_ms: i64,
    who: String,
    what: String,
    detail: Value,
    hash: String,
}

impl HistoryView {
    pub fn of(h: &HistoryRow) -> Self {
        Self {
            school_code: h.school.to_string(),
            subject: h.subject.clone(),
            seq: h.seq,
            at_ms: h.at.0,
            who: h.who.clone(),
            what: h.what.clone(),
            detail: serde_json::from_str(&h.detail).unwrap_or_default(),
            hash: h.hash.clone(),
        }
    }
}

#[derive(Serialize)]
pub struct StationView {
    id: String,
    school_code: String,
    name: String,
    app_version: String,
    enrolled_at_ms: i64,
    seen_at_ms: Option<i64>,
    revoked_at_ms: Option<i64>,
}

impl StationView {
    /// A station, and when it was last heard.
    pub fn of(s: &StationRow, seen_at: Option<UtcMs>) -> Self {
        Self {
            id: s.id.to_string(),
            school_code: s.school.to_string(),
            name: s.name.clone(),
            app_version: s.app_version.clone(),
            enrolled_at_ms: s.enrolled_at.0,
            seen_at_ms: seen_at.map(|t| t.0),
            revoked_at_ms: s.revoked_at.map(|t| t.0),
        }
    }
}

#[derive(Serialize)]
pub struct AccountView {
    name: String,
    role: &'static str,
    school_code: Option<String>,
    created_at_ms: i64,
    disabled_at_ms: Option<i64>,
    locked_until_ms: Option<i64>,
}

impl AccountView {
    pub fn of(a: &AccountRow) -> Self {
        Self {
            name: a.name.clone(),
            role: a.role.id(),
            school_code: a.school.as_ref().map(SchoolCode::to_string),
            created_at_ms: a.created_at.0,
            disabled_at_ms: a.disabled_at.map(|t| t.0),
            locked_until_ms: a.locked_until.map(|t| t.0),
        }
    }
}

#[derive(Serialize)]
pub struct CredentialView {
    id: String,
    kind: &'static str,
    title: String,
    created_at_ms: i64,
    seen_at_ms: i64,
    expires_at_ms: i64,
}

impl CredentialView {
    pub fn of(c: &CredentialRow) -> Self {
        Self {
            id: c.id.clone(),
            kind: c.kind.id(),
            title: c.title.clone(),
            created_at_ms: c.created_at.0,
            seen_at_ms: c.seen_at.0,
            expires_at_ms: c.expires_at.0,
        }
    }
}
