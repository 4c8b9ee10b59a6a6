//! Payments through the provider: a code for an order, and what a verified message about it means. No transaction is open while
//! the provider is asked.
use crate::center::Central;
use crate::change::{self, By, Change};
use crate::error::CentralError;
use crate::store::money::{Cause, TradeRow};
use crate::store::{OrderRow, ReadRows, StationRow, Stored};
use domain::lifecycle::EventKind;
use domain::{Actor, OrderEvent, OrderId, OrderState, PaymentId, PhoneNumber, Refused, UtcMs};
use futures_util::{StreamExt, stream};
use pay::ledger::Entry;
use pay::trade::{Odd, Standing, Taken, TradeState};
use pay::wechat::{Client, Payment, PaymentState, Prepay};
use pay::{GatewayCode, PayError};
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How long a code may be paid; the provider allows two hours, a queue at a kiosk does not.
const CODE_MS: i64 = 15 * 60_000;
/// A code with less time left than this is not shown again.
const SHOWN_AGAIN_MS: i64 = 60_000;
/// The provider is asked about an open payment this long after it was last asked: callbacks are not guaranteed.
const ASK_AGAIN_MS: i64 = 20_000;
/// Payments and refunds asked about in one round; the rest follows in the next.
const BATCH: usize = 50;
/// Questions that are open at the provider at the same moment.
const QUESTIONS: usize = 8;

/// What the payer's phone scans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentCode {
    /// The payment.
    pub trade: TradeRow,
    /// As `weixin://wxpay/bizpayurl?pr=…`.
    pub code_url: String,
}

/// Who asks for the code of a payment.
#[derive(Debug, Clone)]
pub(crate) enum Payer {
    /// The station that made the order.
    Station(StationRow),
    /// Somebody who proved the number of its record.
    Guest(PhoneNumber),
}

impl Payer {
    fn has(&self, row: &OrderRow) -> bool {
        match self {
            Self::Station(station) => row.school == station.school && row.order.station == station.id,
            Self::Guest(phone) => row.phone().as_ref() == Some(phone),
        }
    }
}

/// What a round of asking the provider did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    /// Payments asked about.
    pub payments: usize,
    /// Refunds asked for or about.
    pub refunds: usize,
    /// Questions without a good answer; they are asked again.
    pub unanswered: usize,
}

impl Central {
    /// The provider's client, when this center takes payments.
    pub(crate) fn gateway(&self) -> Result<&Client, CentralError> {
        self.config().gateway.as_ref().ok_or(CentralError::NoGateway)
    }

    /// The code with which an order of this payer's is paid; the same one while it can still be paid.
    pub(crate) async fn payment_code(&self, payer: Payer, order: OrderId) -> Result<PaymentCode, CentralError> {
        let client = self.gateway()?;
        let (trade, title) = self.at_store(move |c| c.open_trade(&payer, &order)).await?;
        if let Some(code_url) = trade.code_url.clone() {
            return Ok(PaymentCode { trade, code_url });
        }
        let ask = Prepay {
            out_trade_no: trade.number(),
            description: title,
            amount: trade.amount,
            expires_at: trade.expires_at,
        };
        let code_url = client.prepay(&ask).await?.code_url;
        let kept = code_url.clone();
        self.at_store(move |c| {
            c.change(|change| {
                let Some(mut now) = change.rows.trade(&trade.id)? else {
                    return Err(CentralError::not_found("payment", trade.id));
                };
                now.code_url = Some(kept.clone());
                change.rows.put_trade(&now)?;
                Ok(now)
            })
        })
        .await
        .map(|trade| PaymentCode { trade, code_url })
    }

    /// The open payment of an order with time left, or a new one; and what the payer reads.
    fn open_trade(&self, payer: &Payer, order: &OrderId) -> Result<(TradeRow, String), CentralError> {
        self.change(|change| {
            let row = change.rows.order(order)?;
            let row = row
                .filter(|o| payer.has(o))
                .ok_or_else(|| CentralError::not_found("order", order))?;
            if row.order.state != OrderState::PendingPayment {
                return Err(Refused::NoSuchStep {
                    from: row.order.state,
                    event: EventKind::Pay,
                }
                .into());
            }
            let campaign = change.rows.campaign(&row.order.campaign)?;
            let title = campaign.map_or_else(|| row.order.number.to_string(), |(_, c)| c.title);
            let open = change
                .rows
                .trades_of(order)?
                .into_iter()
                .find(|t| t.state == TradeState::Open && t.expires_at.since(change.now) > SHOWN_AGAIN_MS);
            if let Some(open) = open {
                return Ok((open, title));
            }
            let trade = TradeRow {
                school: row.school.clone(),
                id: PaymentId(self.new_id()?),
                order: row.order.id,
                amount: row.order.payment.price,
                state: TradeState::Open,
                code_url: None,
                created_at: change.now,
                expires_at: change.now.plus(CODE_MS),
                asked_at: change.now,
                paid_at: None,
            };
            change.rows.put_trade(&trade)?;
            Ok((trade, title))
        })
    }

    /// Takes what the provider says about a payment: money for its order, or money that must go back. Again, late and out of
    /// order alike.
    ///
    /// # Errors
    /// `NotFound` for a payment nobody asked for here, `Odd` when it does not fit what was asked for. Nothing is booked then.
    pub(crate) fn take_payment(&self, said: &Payment) -> Result<Taken, CentralError> {
        let taken = self.change(|change| self.take_in(change, said));
        if let (Err(CentralError::Odd(odd)), Some(id)) = (&taken, said.out_trade_no.payment()) {
            self.note_odd(id, odd)?;
        }
        taken
    }

    fn take_in(&self, change: &Change<'_>, said: &Payment) -> Stored<Taken> {
        let settings = self.gateway()?.settings();
        let found = match said.out_trade_no.payment() {
            Some(id) => change.rows.trade(&id)?,
            None => None,
        };
        let mut trade = found.ok_or_else(|| CentralError::not_found("payment", &said.out_trade_no))?;
        let mut row = change::order(change, &trade.order)?;
        let standing = standing(change.rows, &row)?;
        let taken = trade.trade().take(said, &settings.mch_id, &settings.app_id, standing)?;
        if taken == Taken::Nothing {
            return Ok(taken);
        }
        trade.state = TradeState::Paid {
            transaction_id: said.transaction_id.clone().unwrap_or_default(),
        };
        trade.paid_at = Some(said.paid_at.as_deref().and_then(moment).unwrap_or(change.now));
        change.rows.put_trade(&trade)?;
        match taken {
            Taken::Nothing => {}
            Taken::PaysOrder => {
                let event = OrderEvent::Pay {
                    payment: trade.id,
                    amount: trade.amount,
                };
                let by = By {
                    actor: Actor::PaymentProvider,
                    who: "payment_provider".to_owned(),
                };
                change.step(&mut row, &event, &by, change.now)?;
                change.save(&mut row)?;
            }
            Taken::Late => self.send_back(change, &row, &trade, Cause::Late)?,
            Taken::Twice => self.send_back(change, &row, &trade, Cause::Twice)?,
        }
        Ok(taken)
    }

    /// Money no order can take is booked as such, and a refund of it is begun.
    fn send_back(&self, change: &Change<'_>, row: &OrderRow, trade: &TradeRow, cause: Cause) -> Stored<()> {
        change.book(&row.school, Entry::surplus(trade.number().as_str(), trade.amount))?;
        self.begin_refund(change, row, Some(trade.id), trade.amount, cause)
    }

    /// A message of the provider that does not fit is written down once, for whoever reads the audit log.
    fn note_odd(&self, payment: PaymentId, odd: &Odd) -> Result<(), CentralError> {
        tracing::error!(%payment, %odd, "a message of the payment provider does not fit");
        self.change(|change| {
            let Some(trade) = change.rows.trade(&payment)? else {
                return Ok(());
            };
            let (subject, detail) = (format!("payment:{payment}"), json!({ "why": odd.to_string() }));
            let written = detail.to_string();
            let head = change.rows.history_head(&trade.school, &subject)?;
            if head.is_some_and(|h| h.detail == written) {
                return Ok(());
            }
            change.record(&trade.school, &subject, "payment_provider", "odd", &detail)
        })
    }

    /// Asks the provider about what is open: payments whose callback did not come, codes that ran out, refunds on their way.
    /// `serve` calls it every few seconds.
    ///
    /// # Errors
    /// When the store fails. Without an answer of the provider everything stays as it is, for the next round.
    pub async fn settle_payments(&self) -> Result<Settled, CentralError> {
        let mut settled = Settled::default();
        let Ok(client) = self.gateway() else {
            return Ok(settled);
        };
        let before = self.now().plus(-ASK_AGAIN_MS);
        let trades = self
            .at_store(move |c| c.read(|rows| rows.trades_to_ask(before, BATCH)))
            .await?;
        // Several at once: each waits for the provider, and those that are kept together share a commit.
        let mut asked = stream::iter(trades)
            .map(|trade| async move { self.ask_about(client, &trade).await })
            .buffer_unordered(QUESTIONS);
        while let Some(done) = asked.next().await {
            settled.payments += 1;
            let away = is_away(&done);
            settled.unanswered += usize::from(!answered(done)?);
            if away {
                return Ok(settled);
            }
        }
        let refunds = self
            .at_store(move |c| c.read(|rows| rows.refunds_to_ask(before, BATCH)))
            .await?;
        let mut asked = stream::iter(refunds)
            .map(|refund| async move { self.push_refund(&refund).await })
            .buffer_unordered(QUESTIONS);
        while let Some(done) = asked.next().await {
            settled.refunds += 1;
            let away = is_away(&done);
            settled.unanswered += usize::from(!answered(done)?);
            if away {
                break;
            }
        }
        Ok(settled)
    }

    /// Asks what became of a payment; closes it when it ran out, or its order needs it no more.
    pub(crate) async fn ask_about(&self, client: &Client, trade: &TradeRow) -> Result<(), CentralError> {
        let (id, order) = (trade.id, trade.order);
        let payable = self
            .at_store(move |c| {
                c.change(|change| {
                    if let Some(mut now) = change.rows.trade(&id)? {
                        now.asked_at = change.now;
                        change.rows.put_trade(&now)?;
                    }
                    Ok(change.rows.order(&order)?.map(|o| o.order.state))
                })
            })
            .await?
            == Some(OrderState::PendingPayment);
        let over = !payable || self.now() >= trade.expires_at;
        let said = match client.payment(&trade.number()).await {
            Ok(said) => said,
            Err(PayError::Refused {
                code: GatewayCode::OrderNotExist,
                ..
            }) if over => return self.closed(id).await,
            Err(PayError::Refused {
                code: GatewayCode::OrderNotExist,
                ..
            }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if said.state.is_paid() {
            return self.at_store(move |c| c.take_payment(&said)).await.map(drop);
        }
        if !over {
            return Ok(());
        }
        if said.state != PaymentState::Closed {
            match client.close(&trade.number()).await {
                // Paid in this moment: the next round takes the money.
                Err(PayError::Refused {
                    code: GatewayCode::OrderPaid,
                    ..
                }) => return Ok(()),
                closed => closed?,
            }
        }
        self.closed(id).await
    }

    async fn closed(&self, id: PaymentId) -> Result<(), CentralError> {
        self.at_store(move |c| {
            c.change(|change| {
                let Some(mut trade) = change.rows.trade(&id)?.filter(|t| t.state == TradeState::Open) else {
                    return Ok(());
                };
                trade.state = TradeState::Closed;
                change.rows.put_trade(&trade)
            })
        })
        .await
    }
}

/// Whether an order can still take money. A closed one takes one late payment, which leads to 已退款 (T11b).
fn standing(rows: &ReadRows<'_>, row: &OrderRow) -> Stored<Standing> {
    Ok(match row.order.state {
        OrderState::PendingPayment => Standing::Payable,
        OrderState::Closed if row.order.payment.payment.is_none() => {
            let refunds = rows.refunds_of(&row.order.id)?;
            if refunds.iter().any(|r| r.cause == Cause::Late) {
                Standing::Settled
            } else {
                Standing::Closed
            }
        }
        OrderState::Closed
        | OrderState::Paid
        | OrderState::PendingReview
        | OrderState::Rejected
        | OrderState::PendingProduction
        | OrderState::InProduction
        | OrderState::Completed
        | OrderState::Refunded => Standing::Settled,
    })
}

/// A provider that is not reached will not be for the rest of a round either; each question would wait for its time.
fn is_away(done: &Result<(), CentralError>) -> bool {
    matches!(done, Err(CentralError::Pay(PayError::Network { .. })))
}

/// A question to the provider without a good answer is logged and asked again; a store that fails is not.
fn answered(done: Result<(), CentralError>) -> Result<bool, CentralError> {
    match done {
        Ok(()) => Ok(true),
        Err(error @ (CentralError::Pay(_) | CentralError::Odd(_) | CentralError::NotFound { .. })) => {
            tracing::warn!(error = ?error, "asking the payment provider");
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// The provider's time, as `2026-09-01T10:00:00+08:00`.
fn moment(text: &str) -> Option<UtcMs> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok().map(UtcMs)
}
