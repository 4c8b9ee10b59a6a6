//! The provider's state: payments, refunds and what is asked of them. No network and no clock.
use crate::keys::{APP_ID, MCH_ID};
use domain::UtcMs;
use domain::time::UtcOffset;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How long a payment code lives.
const CODE_MS: i64 = 2 * 3_600_000;

/// A payment.
#[derive(Debug, Clone)]
pub(crate) struct Trade {
    pub ask: Value,
    pub total: u64,
    pub description: String,
    pub notify_url: String,
    pub expires_at: UtcMs,
    pub state: &'static str,
    pub transaction_id: Option<String>,
    pub paid_at: Option<UtcMs>,
    pub refunded: u64,
}

/// A refund.
#[derive(Debug, Clone)]
pub(crate) struct Refund {
    pub out_trade_no: String,
    pub refund_id: String,
    pub amount: u64,
    pub total: u64,
    pub notify_url: Option<String>,
    pub status: &'static str,
    pub at: UtcMs,
}

/// Something the merchant is to be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A payment came in.
    Paid(String),
    /// A refund is through or stuck.
    Refunded(String),
}

/// An answer: HTTP status and JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body; `Null` for none.
    pub body: Value,
}

/// The provider.
#[derive(Debug, Default)]
pub struct Provider {
    pub(crate) trades: BTreeMap<String, Trade>,
    pub(crate) refunds: BTreeMap<String, Refund>,
    events: Vec<Event>,
    count: u64,
}

#[derive(Deserialize)]
struct NativeAsk {
    appid: String,
    mchid: String,
    description: String,
    out_trade_no: String,
    notify_url: String,
    time_expire: Option<String>,
    amount: NativeAmount,
}

#[derive(Deserialize)]
struct NativeAmount {
    total: u64,
    #[serde(default)]
    currency: Option<String>,
}

#[derive(Deserialize)]
struct RefundAsk {
    out_trade_no: Option<String>,
    transaction_id: Option<String>,
    out_refund_no: String,
    notify_url: Option<String>,
    amount: RefundAmount,
}

#[derive(Deserialize)]
struct RefundAmount {
    refund: u64,
    total: u64,
    currency: String,
}

fn good(body: Value) -> Answer {
    Answer { status: 200, body }
}

fn bad(status: u16, code: &str, message: &str) -> Answer {
    Answer {
        status,
        body: json!({ "code": code, "message": message }),
    }
}

fn is_number(text: &str, most: usize, least: usize) -> bool {
    (least..=most).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'|' | b'*'))
}

impl Provider {
    /// `POST /v3/pay/transactions/native`.
    pub fn native(&mut self, body: &[u8], now: UtcMs) -> Answer {
        let (Ok(raw), Ok(ask)) = (
            serde_json::from_slice::<Value>(body),
            serde_json::from_slice::<NativeAsk>(body),
        ) else {
            return bad(400, "PARAM_ERROR", "参数错误");
        };
        let currency = ask.amount.currency.as_deref().unwrap_or("CNY");
        let length = ask.description.chars().count();
        if ask.mchid != MCH_ID || ask.appid != APP_ID {
            return bad(400, "APPID_MCHID_NOT_MATCH", "商户号与appid不匹配");
        }
        if !is_number(&ask.out_trade_no, 32, 6)
            || currency != "CNY"
            || ask.amount.total == 0
            || !(1..=127).contains(&length)
        {
            return bad(400, "PARAM_ERROR", "参数错误");
        }
        let pr = format!("weixin://wxpay/bizpayurl?pr={}", ask.out_trade_no);
        if let Some(before) = self.trades.get(&ask.out_trade_no) {
            return match before.state {
                "SUCCESS" | "REFUND" => bad(400, "ORDERPAID", "该订单已支付"),
                "CLOSED" => bad(400, "ORDER_CLOSED", "订单已关闭"),
                _ if before.ask == raw => good(json!({ "code_url": pr })),
                _ => bad(403, "OUT_TRADE_NO_USED", "商户订单号重复"),
            };
        }
        let expires_at = ask
            .time_expire
            .as_deref()
            .and_then(read_time)
            .unwrap_or(now.plus(CODE_MS));
        let trade = Trade {
            total: ask.amount.total,
            description: ask.description,
            notify_url: ask.notify_url,
            expires_at,
            state: "NOTPAY",
            transaction_id: None,
            paid_at: None,
            refunded: 0,
            ask: raw,
        };
        self.trades.insert(ask.out_trade_no, trade);
        good(json!({ "code_url": pr }))
    }

    /// The payer scans the code and pays. False when it can no longer be paid.
    pub fn pay(&mut self, out_trade_no: &str, now: UtcMs) -> bool {
        let Some(trade) = self.trades.get_mut(out_trade_no) else {
            return false;
        };
        if trade.state != "NOTPAY" || now >= trade.expires_at {
            return false;
        }
        self.count += 1;
        trade.state = "SUCCESS";
        trade.transaction_id = Some(format!("4200{:024}", self.count));
        trade.paid_at = Some(now);
        self.events.push(Event::Paid(out_trade_no.to_owned()));
        true
    }

    /// `GET /v3/pay/transactions/out-trade-no/{out_trade_no}`.
    pub fn payment(&self, out_trade_no: &str) -> Answer {
        match self.trades.get(out_trade_no) {
            Some(trade) => good(payment_json(out_trade_no, trade)),
            None => bad(404, "ORDER_NOT_EXIST", "订单不存在"),
        }
    }

    /// `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close`.
    pub fn close(&mut self, out_trade_no: &str) -> Answer {
        match self.trades.get_mut(out_trade_no) {
            None => bad(404, "ORDER_NOT_EXIST", "订单不存在"),
            Some(trade) if matches!(trade.state, "SUCCESS" | "REFUND") => bad(400, "ORDERPAID", "该订单已支付"),
            Some(trade) => {
                trade.state = "CLOSED";
                Answer {
                    status: 204,
                    body: Value::Null,
                }
            }
        }
    }

    /// `POST /v3/refund/domestic/refunds`.
    pub fn refund(&mut self, body: &[u8], now: UtcMs) -> Answer {
        let Ok(ask) = serde_json::from_slice::<RefundAsk>(body) else {
            return bad(400, "PARAM_ERROR", "参数错误");
        };
        let by_id = |id: &String| {
            let mut all = self.trades.iter();
            all.find(|(_, t)| t.transaction_id.as_ref() == Some(id))
                .map(|(n, _)| n.clone())
        };
        let number = ask.out_trade_no.or_else(|| ask.transaction_id.as_ref().and_then(by_id));
        let number = number.unwrap_or_default();
        let Some(trade) = self.trades.get_mut(&number) else {
            return bad(404, "RESOURCE_NOT_EXISTS", "订单不存在");
        };
        if !is_number(&ask.out_refund_no, 64, 1) || ask.amount.currency != "CNY" || ask.amount.refund == 0 {
            return bad(400, "PARAM_ERROR", "参数错误");
        }
        if let Some(before) = self.refunds.get(&ask.out_refund_no) {
            let same = before.out_trade_no == number && before.amount == ask.amount.refund;
            return if same {
                good(refund_json(&ask.out_refund_no, before, trade, "status"))
            } else {
                bad(400, "PARAM_ERROR", "订单金额或退款金额与之前请求不一致，请核实后再试")
            };
        }
        if !matches!(trade.state, "SUCCESS" | "REFUND") || ask.amount.total != trade.total {
            return bad(400, "INVALID_REQUEST", "订单状态或金额不符");
        }
        if trade.refunded + ask.amount.refund > trade.total {
            return bad(403, "NOT_ENOUGH", "基本账户余额不足");
        }
        self.count += 1;
        trade.refunded += ask.amount.refund;
        trade.state = "REFUND";
        let refund = Refund {
            out_trade_no: number,
            refund_id: format!("5030{:024}", self.count),
            amount: ask.amount.refund,
            total: trade.total,
            notify_url: ask.notify_url,
            status: "PROCESSING",
            at: now,
        };
        let answer = good(refund_json(&ask.out_refund_no, &refund, trade, "status"));
        self.refunds.insert(ask.out_refund_no, refund);
        answer
    }

    /// The bank takes a refund, or does not; one it did not take it may take after all. False when it is neither on its way nor stuck.
    pub fn settle_refund(&mut self, out_refund_no: &str, status: &'static str) -> bool {
        match self.refunds.get_mut(out_refund_no) {
            Some(refund) if matches!(refund.status, "PROCESSING" | "ABNORMAL") => {
                refund.status = status;
                self.events.push(Event::Refunded(out_refund_no.to_owned()));
                true
            }
            _ => false,
        }
    }

    /// Refunds on their way.
    pub fn refunds_on_their_way(&self) -> Vec<String> {
        let open = self.refunds.iter().filter(|(_, r)| r.status == "PROCESSING");
        open.map(|(n, _)| n.clone()).collect()
    }

    /// `GET /v3/refund/domestic/refunds/{out_refund_no}`.
    pub fn refund_state(&self, out_refund_no: &str) -> Answer {
        let found = self
            .refunds
            .get(out_refund_no)
            .and_then(|r| Some((r, self.trades.get(&r.out_trade_no)?)));
        match found {
            Some((refund, trade)) => good(refund_json(out_refund_no, refund, trade, "status")),
            None => bad(404, "RESOURCE_NOT_EXISTS", "退款单不存在"),
        }
    }

    /// What happened since this was last asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// The plain resource of an event's callback, its type, its address.
    pub(crate) fn resource(&self, event: &Event) -> Option<(Value, &'static str, String)> {
        match event {
            Event::Paid(number) => {
                let trade = self.trades.get(number)?;
                // The callback of a payment tells of the payment alone, also when it was refunded since.
                let paid = Trade {
                    state: "SUCCESS",
                    ..trade.clone()
                };
                Some((
                    payment_json(number, &paid),
                    "TRANSACTION.SUCCESS",
                    trade.notify_url.clone(),
                ))
            }
            Event::Refunded(number) => {
                let refund = self.refunds.get(number)?;
                let trade = self.trades.get(&refund.out_trade_no)?;
                let mut json = refund_json(number, refund, trade, "refund_status");
                json["mchid"] = json!(MCH_ID);
                let event = match refund.status {
                    "ABNORMAL" => "REFUND.ABNORMAL",
                    "CLOSED" => "REFUND.CLOSED",
                    _ => "REFUND.SUCCESS",
                };
                let address = refund.notify_url.clone().unwrap_or_else(|| trade.notify_url.clone());
                Some((json, event, address))
            }
        }
    }
}

fn payment_json(number: &str, trade: &Trade) -> Value {
    let mut json = json!({
        "appid": APP_ID,
        "mchid": MCH_ID,
        "out_trade_no": number,
        "trade_state": trade.state,
        "trade_state_desc": trade.description,
    });
    if let (Some(id), Some(at)) = (&trade.transaction_id, trade.paid_at) {
        json["transaction_id"] = json!(id);
        json["trade_type"] = json!("NATIVE");
        json["bank_type"] = json!("OTHERS");
        json["attach"] = json!("");
        json["success_time"] = json!(write_time(at));
        json["payer"] = json!({ "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" });
        json["amount"] =
            json!({ "total": trade.total, "payer_total": trade.total, "currency": "CNY", "payer_currency": "CNY" });
    }
    json
}

fn refund_json(number: &str, refund: &Refund, trade: &Trade, status: &str) -> Value {
    let mut json = json!({
        "refund_id": refund.refund_id,
        "out_refund_no": number,
        "transaction_id": trade.transaction_id,
        "out_trade_no": refund.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": write_time(refund.at),
        "funds_account": "AVAILABLE",
        "amount": {
            "total": refund.total, "refund": refund.amount, "payer_total": refund.total, "payer_refund": refund.amount,
            "settlement_refund": refund.amount, "settlement_total": refund.total, "discount_refund": 0, "currency": "CNY",
        },
    });
    json[status] = json!(refund.status);
    if refund.status == "SUCCESS" {
        json["success_time"] = json!(write_time(refund.at));
    }
    json
}

fn write_time(at: UtcMs) -> String {
    format!("{}+08:00", at.civil(UtcOffset::CHINA).to_string().replace(' ', "T"))
}

/// Reads the form our side writes, `2026-09-01T10:00:00+08:00`.
fn read_time(text: &str) -> Option<UtcMs> {
    let n = |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<i64>().ok());
    let (y, m, d) = (n(0..4)?, n(5..7)?, n(8..10)?);
    let (h, min, s) = (n(11..13)?, n(14..16)?, n(17..19)?);
    // Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    Some(UtcMs((((days * 24 + h - 8) * 60 + min) * 60 + s) * 1000))
}
