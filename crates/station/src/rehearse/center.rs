//! The other side of a rehearsal: a real center, embedded or running already, and its reviewer.
use super::compare::OrdersOfPeople;
use super::day::Kept;
use super::frames::Dice;
use super::{Plan, RehearsalError};
use crate::embedded::Embedded;
use crate::station::Station;
use central::OrderFilter;
use domain::review::RejectReason;
use domain::{OrderId, OrderState};
use std::collections::{HashMap, HashSet};
use wire::campaign::CampaignDoc;

/// Reviewer's name in the history.
const REVIEWER: &str = "rehearsal";
const SCHOOL: &str = "00000";
/// The campaign of every rehearsal with an embedded center.
const CAMPAIGN: &str = "01900000-0000-7000-8000-000000000001";

/// A center.
pub(crate) enum Center {
    /// In this process.
    Embedded(Box<Reviewed>),
    /// Somewhere else; it is only asked for the photos.
    Elsewhere { url: String, code: String },
}

/// An embedded center with a review of its own.
pub(crate) struct Reviewed {
    center: Embedded,
    reviewed: HashSet<OrderId>,
    rejections: u32,
}

impl Center {
    pub fn open(plan: &Plan) -> Result<Self, RehearsalError> {
        if let Some((url, code)) = &plan.center {
            return Ok(Self::Elsewhere {
                url: url.clone(),
                code: code.clone(),
            });
        }
        let center = Embedded::open(&plan.data)?;
        center.central.put_campaign(&campaign())?;
        Ok(Self::Embedded(Box::new(Reviewed {
            center,
            reviewed: HashSet::new(),
            rejections: 0,
        })))
    }

    /// Where it is reached.
    pub fn url(&self) -> &str {
        match self {
            Self::Embedded(e) => &e.center.url,
            Self::Elsewhere { url, .. } => url,
        }
    }

    /// Address and one-time code for the station.
    pub fn invitation(&self) -> Result<(String, String), RehearsalError> {
        match self {
            Self::Embedded(e) => Ok((e.center.url.clone(), e.center.central.enrol_code(SCHOOL)?.code)),
            Self::Elsewhere { url, code } => Ok((url.clone(), code.clone())),
        }
    }

    /// Reviews what waits. Returns the heads whose order was rejected; each order at most once, picked by the seed.
    pub fn review(&mut self, kept: &HashMap<u32, Kept>, plan: &Plan) -> Result<Vec<u32>, RehearsalError> {
        let Self::Embedded(embedded) = self else {
            return Ok(Vec::new());
        };
        let filter = OrderFilter {
            state: Some(OrderState::PendingReview),
            ..OrderFilter::default()
        };
        let heads: HashMap<OrderId, &Kept> = kept.values().map(|k| (k.order, k)).collect();
        let mut rejected = Vec::new();
        for line in embedded.center.central.orders(&filter)? {
            let Some(kept) = heads.get(&line.id) else { continue };
            let first = embedded.reviewed.insert(line.id);
            let dice = Dice(plan.seed ^ (u64::from(kept.head) << 20)).roll(1_000_000) as f64 / 1e6;
            if first && kept.takes == 1 && dice < plan.reject_rate {
                embedded
                    .center
                    .central
                    .reject(REVIEWER, &line.id, &[RejectReason::Light], None)?;
                embedded.rejections += 1;
                rejected.push(kept.head);
            } else {
                embedded.center.central.approve(REVIEWER, &line.id)?;
            }
        }
        Ok(rejected)
    }

    /// Whether nothing waits for a review.
    pub fn is_settled(&self) -> Result<bool, RehearsalError> {
        let Self::Embedded(embedded) = self else {
            return Ok(true);
        };
        for state in [OrderState::Paid, OrderState::PendingReview, OrderState::Rejected] {
            let filter = OrderFilter {
                state: Some(state),
                ..OrderFilter::default()
            };
            if !embedded.center.central.orders(&filter)?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Orders rejected so far.
    pub fn rejections(&self) -> u32 {
        match self {
            Self::Embedded(embedded) => embedded.rejections,
            Self::Elsewhere { .. } => 0,
        }
    }

    /// How many orders each person has at the center. Elsewhere only this station's own are known, and by number alone.
    pub fn orders_of_people(&self, station: &Station) -> Result<OrdersOfPeople, RehearsalError> {
        let mut people = OrdersOfPeople::new();
        match self {
            Self::Embedded(embedded) => {
                for line in embedded.center.central.orders(&OrderFilter::default())? {
                    *people.entry(line.person_key).or_default() += 1;
                }
            }
            Self::Elsewhere { .. } => {
                for person in station.people_of_orders_at_center()? {
                    *people.entry(person).or_default() += 1;
                }
            }
        }
        Ok(people)
    }

    /// The photo the center holds for an order; nothing when it has none.
    pub fn photo(&self, station: &Station, order: &OrderId) -> Result<Option<Vec<u8>>, RehearsalError> {
        match self {
            Self::Embedded(embedded) => match embedded.center.central.photo(order) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(central::CentralError::NotFound { .. }) => Ok(None),
                Err(error) => Err(error.into()),
            },
            Self::Elsewhere { .. } => station
                .fetch_original(order)
                .map_err(|e| RehearsalError::Fetch(e.to_string())),
        }
    }
}

fn campaign() -> CampaignDoc {
    CampaignDoc {
        id: CAMPAIGN.to_owned(),
        title: "彩排".to_owned(),
        school_code: SCHOOL.to_owned(),
        school_name: "彩排学校".to_owned(),
        job: "graduate".to_owned(),
        number_prefix: "000000".to_owned(),
        price_fen: 0,
        collective: true,
        picture_files: false,
        spec: "chsi-graduate-2017".to_owned(),
        opens_at_ms: 0,
        closes_at_ms: 4_102_444_800_000,
        retake_tries: 3,
        retake_within_hours: 48,
        consent_version: "rehearsal".to_owned(),
        feature_codes: Vec::new(),
    }
}
