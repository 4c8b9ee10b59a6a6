//! The order: who, which photo, and its state on each of three axes (work, delivery, money). The steps are in `lifecycle`.
use crate::campaign::{Collection, RetakeRule};
use crate::consent::Consent;
use crate::finding::{Measure, Verdict};
use crate::geometry::{RectPx, SizePx};
use crate::id::{BlobId, CampaignId, OrderId, PaymentId, StationId};
use crate::money::Money;
use crate::order_number::OrderNumber;
use crate::review::Rejection;
use crate::subject::{PersonKey, Subject};
use crate::time::UtcMs;

/// Where the work on an order stands. The Chinese words are shown verbatim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrderState {
    /// 待支付
    PendingPayment,
    /// 已支付
    Paid,
    /// 待审核
    PendingReview,
    /// 被驳回
    Rejected,
    /// 待制作
    PendingProduction,
    /// 制作中
    InProduction,
    /// 已完成
    Completed,
    /// 订单关闭
    Closed,
    /// 已退款
    Refunded,
}

impl OrderState {
    /// All nine, in the manual's order.
    pub const ALL: [Self; 9] = [
        Self::PendingPayment,
        Self::Paid,
        Self::PendingReview,
        Self::Rejected,
        Self::PendingProduction,
        Self::InProduction,
        Self::Completed,
        Self::Closed,
        Self::Refunded,
    ];
    /// The stable word used in stores and on the wire.
    pub const fn id(self) -> &'static str {
        match self {
            Self::PendingPayment => "pending_payment",
            Self::Paid => "paid",
            Self::PendingReview => "pending_review",
            Self::Rejected => "rejected",
            Self::PendingProduction => "pending_production",
            Self::InProduction => "in_production",
            Self::Completed => "completed",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
        }
    }
    /// Reads [`OrderState::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id)
    }
    /// The word on every screen.
    pub const fn words_zh(self) -> &'static str {
        match self {
            Self::PendingPayment => "待支付",
            Self::Paid => "已支付",
            Self::PendingReview => "待审核",
            Self::Rejected => "被驳回",
            Self::PendingProduction => "待制作",
            Self::InProduction => "制作中",
            Self::Completed => "已完成",
            Self::Closed => "订单关闭",
            Self::Refunded => "已退款",
        }
    }
}

/// Where an order's data is on its way to the center.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// Not yet queued.
    Local,
    /// In the outbox.
    Queued,
    /// Sent, no receipt yet.
    Sent,
    /// The center signed for it.
    Acknowledged,
    /// The center refused it for good; it blocks nobody else.
    Quarantined,
}

impl Delivery {
    /// The stable word used in stores and in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Acknowledged => "acknowledged",
            Self::Quarantined => "quarantined",
        }
    }
    /// Reads [`Delivery::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        [
            Self::Local,
            Self::Queued,
            Self::Sent,
            Self::Acknowledged,
            Self::Quarantined,
        ]
        .into_iter()
        .find(|d| d.id() == id)
    }
}

/// What the local check (初审) said when the photo was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalCheck {
    /// 初审合格, perhaps with warnings.
    Passed,
    /// It failed on these measures and nobody overrode it.
    Failed(Vec<Measure>),
    /// It failed on these measures and an operator took it anyway, with a reason.
    Overridden {
        /// The measures that failed.
        failed: Vec<Measure>,
        /// The operator's reason, one of the numbered ones on screen.
        reason: OverrideReason,
    },
}

impl LocalCheck {
    /// The measures that failed.
    pub fn failed(&self) -> &[Measure] {
        match self {
            Self::Passed => &[],
            Self::Failed(failed) | Self::Overridden { failed, .. } => failed,
        }
    }
    /// What follows from a verdict when nobody overrides it.
    pub fn from_verdict(verdict: Verdict, failed: Vec<Measure>) -> Self {
        match verdict {
            Verdict::Pass | Verdict::Warn => Self::Passed,
            Verdict::NotMeasured | Verdict::Fail => Self::Failed(failed),
        }
    }
}

/// Why an operator takes a photo that failed the local check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OverrideReason {
    /// Religion or medicine.
    ReligionOrMedicine,
    /// The person cannot do better.
    Disability,
    /// The check is wrong in the operator's eyes.
    CheckWrong,
    /// The best of several tries.
    BestOfSeveral,
}

impl OverrideReason {
    /// In the order of the digits.
    pub const ALL: [Self; 4] = [
        Self::ReligionOrMedicine,
        Self::Disability,
        Self::CheckWrong,
        Self::BestOfSeveral,
    ];
    /// The stable word used in stores and on the wire.
    pub const fn id(self) -> &'static str {
        match self {
            Self::ReligionOrMedicine => "religion_or_medicine",
            Self::Disability => "disability",
            Self::CheckWrong => "check_wrong",
            Self::BestOfSeveral => "best_of_several",
        }
    }
    /// Reads [`OverrideReason::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.id() == id)
    }
}

/// One photo of an order. A retake makes a new revision; old ones are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoRevision {
    /// 1 for the first photo.
    pub revision: u32,
    /// SHA-256 of the untouched original.
    pub blob: BlobId,
    /// Size of the original after its orientation tag.
    pub original: SizePx,
    /// The crop on the original from which the finished picture is derived.
    pub crop: RectPx,
    /// When the shutter fell.
    pub captured_at: UtcMs,
    /// What the local check said.
    pub check: LocalCheck,
    /// Measures the local check warned of, whatever it said.
    pub warned: Vec<Measure>,
}

/// The money axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Payment {
    /// What the order costs.
    pub price: Money,
    /// What came in.
    pub paid: Money,
    /// What went back; never more than came in.
    pub refunded: Money,
    /// The payment that was taken.
    pub payment: Option<PaymentId>,
    /// The refund that was confirmed.
    pub refund: Option<PaymentId>,
}

/// What a linked order was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// 勘误: a new photo after a failed identity comparison, free.
    Correction,
    /// 加洗: more prints of an approved photo; skips review.
    Reprint,
}

impl LinkKind {
    /// The stable word used in stores and on the wire.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Reprint => "reprint",
        }
    }
    /// Reads [`LinkKind::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Correction, Self::Reprint].into_iter().find(|k| k.id() == id)
    }
}

/// The order this one was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Why.
    pub kind: LinkKind,
    /// From which.
    pub order: OrderId,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Identifier, made on the station.
    pub id: OrderId,
    /// The number people read.
    pub number: OrderNumber,
    /// Its campaign.
    pub campaign: CampaignId,
    /// The station that made it.
    pub station: StationId,
    /// The person's key in the campaign.
    pub person: PersonKey,
    /// What is known of the person.
    pub subject: Subject,
    /// When it was made.
    pub created_at: UtcMs,
    /// The work axis.
    pub state: OrderState,
    /// The current photo.
    pub photo: PhotoRevision,
    /// The graduate took the current photo back before review; another one is awaited.
    pub withdrawn: bool,
    /// Retakes used so far.
    pub tries: u8,
    /// Rules of retaking.
    pub rule: RetakeRule,
    /// The standing rejection.
    pub rejection: Option<Rejection>,
    /// The money axis.
    pub payment: Payment,
    /// 集采 or individual.
    pub collection: Collection,
    /// Delivery address; individual orders only.
    pub address: Option<String>,
    /// Consent to taking and sending the photo.
    pub consent: Consent,
    /// The order this one was made from.
    pub link: Option<Link>,
    /// The reviewer who has it open.
    pub held_by: Option<String>,
}
