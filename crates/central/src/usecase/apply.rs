//! The effect of each kind of op on the center's orders. The station's times are kept; the center's order everything.
use crate::change::{By, Change};
use crate::error::CentralError;
use crate::store::{Hearers, OrderRow, StationRow, Stored, Waits};
use domain::consent::Consent;
use domain::draft::{Draft, NewName};
use domain::order_number::OrderNumber;
use domain::{Actor, BlobId, CampaignId, Money, Order, OrderEvent, OrderId, OrderState, PaymentId, Refused, UtcMs};
use serde_json::json;
use wire::Invalid;
use wire::feed::{Collected, FeedBody};
use wire::op::{Op, OpBody, Submit};
use wire::order::{ConsentDoc, PhotoDoc};
use wire::problem::{Code, Problem};

/// What an op whose turn it is comes to.
pub enum Judged {
    /// It took effect and left the order in this state.
    Applied(OrderState),
    /// Something it needs is not here yet; nothing changed.
    Waits(Waits, Problem),
    /// It can never take effect; nothing changed.
    Never(Problem),
}

/// Why an op did not take effect, as the parts of this file see it.
enum Stop {
    Never(Box<Problem>),
    Waits(Waits, Box<Problem>),
    Fault(CentralError),
}

impl Stop {
    fn never(problem: Problem) -> Self {
        Self::Never(Box::new(problem))
    }
    fn waits(waits: Waits, problem: Problem) -> Self {
        Self::Waits(waits, Box::new(problem))
    }
}

impl From<CentralError> for Stop {
    fn from(e: CentralError) -> Self {
        match e {
            CentralError::Refused(refused) => refused.into(),
            fault => Self::Fault(fault),
        }
    }
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::never(Problem::new(Code::StateForbidden, "The rules do not allow it").detail(refused.to_string()))
    }
}

impl From<Invalid> for Stop {
    fn from(invalid: Invalid) -> Self {
        Self::never(Problem::new(Code::Validation, "The op does not hold").detail(invalid.to_string()))
    }
}

/// Applies an op, or says why not. Nothing is written unless it is applied.
pub fn judge(change: &Change<'_>, station: &StationRow, op: &Op, id: &OrderId) -> Stored<Judged> {
    let effect = Effect {
        change,
        station,
        op,
        id: *id,
        // A station's clock may run ahead; nothing was done in the future.
        at: UtcMs(op.captured_at_ms.min(change.now.0)),
    };
    match effect.run() {
        Ok(state) => Ok(Judged::Applied(state)),
        Err(Stop::Waits(waits, problem)) => Ok(Judged::Waits(waits, *problem)),
        Err(Stop::Never(problem)) => Ok(Judged::Never(*problem)),
        Err(Stop::Fault(fault)) => Err(fault),
    }
}

struct Effect<'e> {
    change: &'e Change<'e>,
    station: &'e StationRow,
    op: &'e Op,
    id: OrderId,
    at: UtcMs,
}

impl Effect<'_> {
    fn run(&self) -> Result<OrderState, Stop> {
        match self.op.read()? {
            OpBody::Submit(submit) => self.submit(&submit),
            OpBody::Close => self.step(&OrderEvent::Close, Actor::Photographer),
            OpBody::ReplacePhoto { photo } => self.replace_photo(&photo),
            OpBody::Rebind { photo, .. } => self.rebind(&photo),
            OpBody::Unbind { by, .. } => self.step(&OrderEvent::Withdraw, taker(by.as_deref())?),
            OpBody::Correction { number, of, photo } => self.correction(&number, &of, &photo),
            OpBody::Reprint { number, of } => self.reprint(&number, &of),
            OpBody::PayClass { payment_id, amount_fen } => {
                let payment: PaymentId = payment_id.parse().map_err(|e| Invalid::new("payment_id", e))?;
                let amount = Money::from_fen(amount_fen);
                self.step(&OrderEvent::Pay { payment, amount }, Actor::Coordinator)
            }
            OpBody::EditAddress { address } => self.step(&OrderEvent::EditAddress(address), Actor::Graduate),
        }
    }

    /// T1 and T1f.
    fn submit(&self, submit: &Submit) -> Result<OrderState, Stop> {
        let campaign_id: CampaignId = submit.campaign_id.parse().map_err(|e| Invalid::new("campaign_id", e))?;
        let found = self.change.rows.campaign(&campaign_id)?;
        let Some((_, doc)) = found.filter(|(school, _)| *school == self.station.school) else {
            let problem = Problem::new(Code::MissingPredecessor, "The campaign is not at the center yet");
            return Err(Stop::waits(Waits::Campaign(campaign_id), problem));
        };
        let campaign = doc.to_domain()?;
        let number = self.free_name(&submit.number)?;
        let code = submit
            .feature_code
            .as_deref()
            .map(domain::feature_code::FeatureCode::parse);
        let draft = Draft {
            id: self.id,
            number,
            station: self.station.id,
            person: submit.person.key()?,
            subject: (&submit.person.subject).into(),
            photo: submit.photo.to_domain()?,
            consent: Some(submit.consent.to_domain()?),
            feature_code: code.transpose().map_err(Refused::FeatureCode)?,
        };
        // Taken inside the campaign by the station's clock or by ours: a wrong clock must not cost a capture.
        let order = Order::submit(draft.clone(), &campaign, self.at)
            .or_else(|first| Order::submit(draft, &campaign, self.change.now).map_err(|_| first))?;
        let order = Order {
            created_at: UtcMs(self.op.captured_at_ms),
            ..order
        };
        let messages = submit.messages.as_ref().map(ConsentDoc::to_domain).transpose()?;
        let state = self.begin(order, messages, "submit")?;
        self.tell_others(submit).map_err(Stop::Fault)?;
        Ok(state)
    }

    /// The other stations of the school learn who was collected.
    fn tell_others(&self, submit: &Submit) -> Stored<()> {
        let school = &self.station.school;
        let body = FeedBody::Collected(Collected {
            campaign_id: submit.campaign_id.clone(),
            person_key: submit.person.key.clone(),
            at_ms: self.change.now.0,
        });
        self.change.tell(school, Hearers::AllBut(self.station.id), &body)
    }

    /// T7, or the new photo after a withdrawal. It counts only once its bytes are here.
    fn replace_photo(&self, doc: &PhotoDoc) -> Result<OrderState, Stop> {
        let photo = doc.to_domain()?;
        let row = self.own(self.id)?;
        let withdrawn = row.order.withdrawn && row.order.state == OrderState::Paid;
        let (event, actor) = if withdrawn {
            (OrderEvent::ImageArrived(photo.clone()), Actor::System)
        } else {
            (OrderEvent::ReplacePhoto(photo.clone()), Actor::Photographer)
        };
        self.with_photo(&row.order, photo.blob, &event, actor)
    }

    /// T7s.
    fn rebind(&self, doc: &PhotoDoc) -> Result<OrderState, Stop> {
        let photo = doc.to_domain()?;
        let blob = photo.blob;
        let order = self.own(self.id)?.order;
        self.with_photo(&order, blob, &OrderEvent::Rebind(photo), Actor::Photographer)
    }

    /// A step that brings a photo. What the rules forbid is refused at once, not first held.
    fn with_photo(&self, order: &Order, blob: BlobId, event: &OrderEvent, actor: Actor) -> Result<OrderState, Stop> {
        order.apply(event, &actor, self.at)?;
        self.need(blob)?;
        self.step(event, actor)
    }

    /// T12.
    fn correction(&self, number: &str, of: &str, doc: &PhotoDoc) -> Result<OrderState, Stop> {
        let name = self.new_name(number)?;
        let source = self.source(of)?;
        let order = source.order.correction(name, doc.to_domain()?, self.at)?;
        self.begin(order, source.messages, "T12")
    }

    /// T13.
    fn reprint(&self, number: &str, of: &str) -> Result<OrderState, Stop> {
        let name = self.new_name(number)?;
        let source = self.source(of)?;
        let campaign = self.change.rows.campaign(&source.order.campaign)?;
        let (_, campaign) = campaign.ok_or_else(|| CentralError::not_found("campaign", source.order.campaign))?;
        let price = Money::from_fen(campaign.price_fen);
        let order = source.order.reprint(name, price, self.at)?;
        self.begin(order, source.messages, "T13")
    }

    /// A new order, with its history and its station told.
    fn begin(&self, order: Order, messages: Option<Consent>, what: &str) -> Result<OrderState, Stop> {
        let mut row = OrderRow {
            school: self.station.school.clone(),
            rev: self.op.rev,
            received_at: self.change.now,
            updated_at: self.change.now,
            duplicate_person: false,
            messages,
            order,
        };
        let detail = json!({
            "to": row.order.state.id(),
            "op_id": self.op.op_id,
            "captured_at_ms": self.op.captured_at_ms,
            "blob_id": row.order.photo.blob.to_string(),
        });
        let (subject, by) = (
            crate::change::subject(&row),
            By::station(self.station, Actor::Photographer),
        );
        let kept = self.change.record_first(&row.school, &subject, &by.who, what, &detail);
        // From here on rows are written: whatever fails now must undo them all, so it is a fault and no refusal.
        kept.and_then(|()| self.change.announce(&row, None))
            .and_then(|()| self.change.save(&mut row))
            .map_err(Stop::Fault)?;
        Ok(row.order.state)
    }

    /// A step of the table on an order of this station.
    fn step(&self, event: &OrderEvent, actor: Actor) -> Result<OrderState, Stop> {
        let mut row = self.own(self.id)?;
        let by = By::station(self.station, actor);
        self.change.step(&mut row, event, &by, self.at)?;
        row.rev = self.op.rev;
        self.change.save(&mut row).map_err(Stop::Fault)?;
        Ok(row.order.state)
    }

    /// An order of this station. Others do not exist for it.
    fn own(&self, id: OrderId) -> Result<OrderRow, Stop> {
        let row = self.change.order(&id)?;
        row.filter(|o| o.school == self.station.school && o.order.station == self.station.id)
            .ok_or_else(|| Stop::never(Problem::new(Code::NotFound, "There is no such order")))
    }

    fn source(&self, of: &str) -> Result<OrderRow, Stop> {
        let id: OrderId = of.parse().map_err(|e| Invalid::new("of", e))?;
        self.own(id)
    }

    fn need(&self, blob: BlobId) -> Result<(), Stop> {
        if self.change.has_photo(&self.station.school, &blob)? {
            return Ok(());
        }
        let problem = Problem::new(Code::MissingBlob, "The photo has not come");
        Err(Stop::waits(Waits::Blob(blob), problem))
    }

    fn new_name(&self, number: &str) -> Result<NewName, Stop> {
        Ok(NewName {
            id: self.id,
            number: self.free_name(number)?,
        })
    }

    /// The order's number, when neither it nor the order's id is taken.
    fn free_name(&self, number: &str) -> Result<OrderNumber, Stop> {
        let number = OrderNumber::parse(number).map_err(|e| Invalid::new("number", e))?;
        let (id, name) = self.change.rows.taken_names(self.station, &self.id, number.as_str())?;
        if id {
            return Err(Invalid::new("order_id", "is an order already").into());
        }
        if name {
            return Err(Invalid::new("number", "is taken by another order of this station").into());
        }
        Ok(number)
    }
}

/// Who takes a photo back.
fn taker(by: Option<&str>) -> Result<Actor, Invalid> {
    match by {
        None => Ok(Actor::Photographer),
        Some("graduate") => Ok(Actor::Graduate),
        Some(_) => Err(Invalid::new("by", "must be graduate, or absent")),
    }
}
