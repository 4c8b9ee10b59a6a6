//! Money that goes back: approved by somebody, or begun by the center when no order can take it. An approved refund ends in
//! 已退款 only when the provider says that the money is back; until then the lab does not get the order.
use crate::center::Central;
use crate::change::{self, By, Change};
use crate::error::CentralError;
use crate::person::Person;
use crate::store::money::{Cause, RefundRow, TradeRow};
use crate::store::people::AccountRole;
use crate::store::{OrderRow, Stored};
use crate::usecase::desk::seen;
use domain::{Actor, Money, OrderEvent, OrderId, OrderState, PaymentId, Refused, UtcMs};
use pay::ledger::{Account, Entry};
use pay::trade::{RefundStep, fits};
use pay::wechat::{Refund, RefundAsk};
use pay::{GatewayCode, OutTradeNo, PayError};
use serde_json::json;

/// Longest reason, in characters; the provider shows 80 bytes.
const MAX_REASON_CHARS: usize = 80;
/// Most refunds of one list.
const MAX_LIST: usize = 500;

/// Everything about the money of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderMoney {
    /// Payments asked for, oldest first.
    pub trades: Vec<TradeRow>,
    /// Refunds, oldest first.
    pub refunds: Vec<RefundRow>,
}

impl Central {
    /// Payments and refunds of an order this person sees.
    ///
    /// # Errors
    /// When there is no such order.
    pub fn money_for(&self, person: &Person, id: &OrderId) -> Result<OrderMoney, CentralError> {
        self.order_for(person, id)?;
        self.read(|rows| {
            Ok(OrderMoney {
                trades: rows.trades_of(id)?,
                refunds: rows.refunds_of(id)?,
            })
        })
    }

    /// Refunds at one step in the schools this person sees, latest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn refunds_for(&self, person: &Person, step: RefundStep) -> Result<Vec<RefundRow>, CentralError> {
        self.read(|rows| rows.refunds_at(step, person.school.as_ref(), MAX_LIST))
    }

    /// T11, T11x: approves that an order's money goes back. What the provider took is asked of it; a class's money has been
    /// given back by whoever says so. Asked again, it is the same refund.
    ///
    /// # Errors
    /// `Refused` by the rules, `NoGateway` when the money lies with a provider this center does not speak to.
    pub fn ask_refund(&self, person: &Person, id: &OrderId, reason: &str) -> Result<RefundRow, CentralError> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
            return Err(wire::Invalid::new("reason", "has 1 to 80 characters").into());
        }
        self.change(|change| {
            let mut row = seen(change, person, id)?;
            let before = change.rows.refunds_of(id)?;
            if let Some(before) = before.into_iter().find(|r| r.cause == Cause::Approved) {
                return Ok(before);
            }
            let payment = row.order.payment.payment.ok_or(Refused::NothingToRefund)?;
            let trade = change.rows.trade(&payment)?.map(|t| t.id);
            let amount = row.order.payment.paid;
            let mut refund = RefundRow {
                trade,
                amount,
                who: person.who(),
                reason: reason.to_owned(),
                ..self.new_refund(change, &row, Cause::Approved)?
            };
            let event = refund.event();
            row.order.apply(&event, &refund.actor(&row), change.now)?;
            if trade.is_some() {
                self.gateway()?;
            }
            change.begin(&refund, Account::Order(*id))?;
            if trade.is_none() {
                change.finish(&mut refund, &mut row)?;
            }
            change.rows.put_refund(&refund)?;
            Ok(refund)
        })
    }

    /// Tries a refund again that was stuck, once somebody has acted.
    ///
    /// # Errors
    /// `NotFound` when this person sees no such refund.
    pub fn again(&self, person: &Person, id: &PaymentId) -> Result<RefundRow, CentralError> {
        self.change(|change| {
            let refund = change.rows.refund(id)?.filter(|r| person.sees(&r.school));
            let mut refund = refund.ok_or_else(|| CentralError::not_found("refund", id))?;
            if refund.step == RefundStep::Stuck {
                refund.step = RefundStep::Asked;
                refund.tried_at = UtcMs(0);
                change.rows.put_refund(&refund)?;
                change.note(&refund, &person.who(), "refund_again")?;
            }
            Ok(refund)
        })
    }

    /// A refund the center begins by itself.
    pub(crate) fn begin_refund(
        &self,
        change: &Change<'_>,
        row: &OrderRow,
        trade: Option<PaymentId>,
        amount: Money,
        cause: Cause,
    ) -> Stored<()> {
        let refund = RefundRow {
            trade,
            amount,
            ..self.new_refund(change, row, cause)?
        };
        let number = trade.map(|t| OutTradeNo::of(t).to_string()).unwrap_or_default();
        change.begin(&refund, Account::Surplus(number))?;
        change.rows.put_refund(&refund)
    }

    fn new_refund(&self, change: &Change<'_>, row: &OrderRow, cause: Cause) -> Stored<RefundRow> {
        let reason = match cause {
            Cause::Approved | Cause::Late => "订单已关闭",
            Cause::Twice => "重复支付",
        };
        Ok(RefundRow {
            school: row.school.clone(),
            id: PaymentId(self.new_id()?),
            order: row.order.id,
            trade: None,
            amount: Money::ZERO,
            cause,
            reason: reason.to_owned(),
            who: "system".to_owned(),
            step: RefundStep::Asked,
            asked_at: change.now,
            tried_at: UtcMs(0),
            sent_at: None,
            done_at: None,
        })
    }

    /// Asks the provider for a refund, or what became of it. The same number asks for the same refund.
    pub(crate) async fn push_refund(&self, refund: &RefundRow) -> Result<(), CentralError> {
        let client = self.gateway()?;
        let Some(trade) = refund.trade else { return Ok(()) };
        let id = refund.id;
        let total = self
            .at_store(move |c| {
                c.change(|change| {
                    if let Some(mut now) = change.rows.refund(&id)? {
                        now.tried_at = change.now;
                        change.rows.put_refund(&now)?;
                    }
                    Ok(change.rows.trade(&trade)?.map(|t| t.amount))
                })
            })
            .await?
            .ok_or_else(|| CentralError::not_found("payment", trade))?;
        let ask = RefundAsk {
            out_trade_no: OutTradeNo::of(trade),
            out_refund_no: refund.number(),
            reason: refund.reason.clone(),
            amount: refund.amount,
            total,
        };
        let said = match refund.sent_at {
            None => client.refund(&ask).await,
            Some(_) => match client.refund_state(&refund.number()).await {
                Err(PayError::Refused {
                    code: GatewayCode::ResourceNotExists,
                    ..
                }) => client.refund(&ask).await,
                said => said,
            },
        };
        match said {
            Ok(said) => self.at_store(move |c| c.take_refund(&said)).await,
            Err(error) if error.is_retryable() => Err(error.into()),
            // The provider says no: somebody must look at it.
            Err(error) => {
                tracing::error!(refund = %id, error = ?error, "a refund is stuck");
                let why = error.to_string();
                self.at_store(move |c| c.change(|change| change.stick(&id, &why))).await
            }
        }
    }

    /// Takes what the provider says about a refund.
    ///
    /// # Errors
    /// `NotFound` for a refund nobody asked for here, `Odd` when it does not fit what was asked for.
    pub(crate) fn take_refund(&self, said: &Refund) -> Result<(), CentralError> {
        self.change(|change| {
            let found = match said.out_refund_no.refund() {
                Some(id) => change.rows.refund(&id)?,
                None => None,
            };
            let mut refund = found.ok_or_else(|| CentralError::not_found("refund", &said.out_refund_no))?;
            let trade = refund
                .trade
                .ok_or_else(|| CentralError::not_found("payment of refund", refund.id))?;
            fits(said, &OutTradeNo::of(trade), refund.amount)?;
            refund.sent_at = refund.sent_at.or(Some(change.now));
            match (refund.step, refund.step.after(said.state)) {
                (RefundStep::Asked | RefundStep::Stuck, RefundStep::Done) => {
                    let mut row = change::order(change, &refund.order)?;
                    change.finish(&mut refund, &mut row)?;
                }
                (RefundStep::Asked, RefundStep::Stuck) => {
                    refund.step = RefundStep::Stuck;
                    change.note(&refund, "payment_provider", "refund_stuck")?;
                }
                (_, RefundStep::Asked | RefundStep::Stuck | RefundStep::Done) => {}
            }
            change.rows.put_refund(&refund)
        })
    }
}

impl RefundRow {
    /// The step on the order that follows once the money is back. Money that came twice is none of its order's.
    fn event(&self) -> OrderEvent {
        match (self.cause, self.trade) {
            (Cause::Late, Some(payment)) => OrderEvent::RefundLate {
                payment,
                refund: self.id,
                amount: self.amount,
            },
            (Cause::Approved | Cause::Late | Cause::Twice, _) => OrderEvent::Refund {
                refund: self.id,
                amount: self.amount,
            },
        }
    }

    /// Who takes that step. Once production has begun, only an admin could approve it.
    fn actor(&self, row: &OrderRow) -> Actor {
        let (role, account) = self.who.split_once(':').unwrap_or(("", self.who.as_str()));
        let begun = matches!(row.order.state, OrderState::InProduction | OrderState::Completed);
        if self.cause == Cause::Late {
            Actor::PaymentProvider
        } else if begun && role == AccountRole::Admin.id() {
            Actor::Exceptional
        } else {
            Actor::Reviewer(account.to_owned())
        }
    }
}

impl Change<'_> {
    /// Whether an approved refund of the order is not through yet.
    pub(crate) fn refund_under_way(&self, order: &OrderId) -> Stored<bool> {
        let refunds = self.rows.refunds_of(order)?;
        Ok(refunds
            .iter()
            .any(|r| r.cause == Cause::Approved && r.step != RefundStep::Done))
    }

    fn begin(&self, refund: &RefundRow, from: Account) -> Stored<()> {
        let entry = Entry::refund_asked(refund.number().as_str(), from, refund.amount);
        self.book(&refund.school, entry)?;
        self.note(refund, &refund.who, "refund_asked")
    }

    /// The money is back: booked, and the order's last step taken.
    fn finish(&self, refund: &mut RefundRow, row: &mut OrderRow) -> Stored<()> {
        let to = if refund.trade.is_some() {
            Account::Gateway
        } else {
            Account::Till
        };
        let entry = Entry::refund_done(refund.number().as_str(), to, refund.amount);
        self.book(&refund.school, entry)?;
        refund.step = RefundStep::Done;
        refund.done_at = Some(self.now);
        if refund.cause == Cause::Twice {
            return self.note(refund, "payment_provider", "refund_done");
        }
        let by = By {
            actor: refund.actor(row),
            who: refund.who.clone(),
        };
        self.step(row, &refund.event(), &by, self.now)?;
        self.save(row)
    }

    fn stick(&self, id: &PaymentId, why: &str) -> Stored<()> {
        let Some(mut refund) = self.rows.refund(id)?.filter(|r| r.step == RefundStep::Asked) else {
            return Ok(());
        };
        refund.step = RefundStep::Stuck;
        self.rows.put_refund(&refund)?;
        let detail = json!({ "refund_id": id.to_string(), "why": why });
        let subject = format!("order:{}", refund.order);
        self.record(&refund.school, &subject, "payment_provider", "refund_stuck", &detail)
    }

    fn note(&self, refund: &RefundRow, who: &str, what: &str) -> Stored<()> {
        let detail = json!({
            "refund_id": refund.id.to_string(), "amount_fen": refund.amount.fen(), "cause": refund.cause.id(),
            "reason": refund.reason,
        });
        self.record(&refund.school, &format!("order:{}", refund.order), who, what, &detail)
    }
}
