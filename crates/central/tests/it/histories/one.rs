//! One order and everything that happens to its money: what is asked, paid, told, told twice, forged, lost and sent back.
use crate::station::{Station, fresh};
use axum::Router;
use axum::body::Body;
use central::Central;
use central::people::{AccountRole, Decision, Person};
use central::store::OrderRow;
use domain::{Money, OrderId, OrderState};
use http::{Method, Request};
use paysim::{Callback, Chance, Event, Forgery, Sandbox, SignedWith};
use serde_json::json;
use std::sync::Arc;
use tower::Service;
use wire::op::OpBody;
use wire::payment::PaymentCodeAnswer;

/// The oldest signature that is believed, in seconds.
const FRESH_S: i64 = 300;

/// A center, its provider, and who acts there.
#[derive(Clone)]
pub struct Place {
    pub central: Central,
    pub sandbox: Sandbox,
    pub station: Arc<Station>,
    pub router: Router,
}

impl Place {
    pub fn admin(&self) -> Person {
        Person {
            account: "chief".to_owned(),
            role: AccountRole::Admin,
            school: None,
            credential: String::new(),
            csrf: None,
        }
    }

    /// A request as a server would hand it to the routes; the status of the answer and its body.
    async fn call(&self, request: Request<Body>) -> (u16, Vec<u8>) {
        let answer = self.router.clone().call(request).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, bytes.to_vec())
    }

    async fn deliver(&self, callback: &Callback) -> u16 {
        let h = &callback.headers;
        let request = Request::post("/v1/payments/notice")
            .header("content-type", "application/json")
            .header("content-length", callback.body.len())
            .header("wechatpay-serial", &h.serial)
            .header("wechatpay-timestamp", &h.timestamp)
            .header("wechatpay-nonce", &h.nonce)
            .header("wechatpay-signature", &h.signature);
        let request = request.body(Body::from(callback.body.clone())).unwrap();
        self.call(request).await.0
    }

    fn is_fresh(&self, callback: &Callback) -> bool {
        let signed: i64 = callback.headers.timestamp.parse().unwrap();
        (self.central.config().clock.now().0.div_euclid(1000) - signed).abs() <= FRESH_S
    }
}

/// What is on its way to the center.
enum Mail {
    /// The provider tells of it, signed anew when it arrives.
    True(Event),
    /// The same bytes as once before, by the network or by somebody who listened.
    Copy { callback: Callback, event: Event },
    /// Not the provider's, or not about this.
    Forged(Callback),
}

/// What a history does next.
pub enum Act {
    /// The station sends this.
    Op(Box<OpBody>),
    Code,
    Pay,
    Arrive,
    Refund,
    Settle,
    Again,
    Class,
    Approve,
}

/// A history.
pub struct History {
    chance: Chance,
    pub order: OrderId,
    pub rev: u32,
    pub price: u64,
    pub codes: Vec<String>,
    mail: Vec<Mail>,
    /// Paid events the center has said yes to.
    heard: Vec<Event>,
    /// Somebody sends a part of the money back on the provider's own pages.
    meddled: bool,
    /// That refund's number, its payment and its amount.
    pub by_hand: Option<(String, String, u64)>,
    pub counts: Counts,
}

/// What happened, so that a run that tried nothing is seen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub forged: usize,
    pub stale: usize,
    pub replayed: usize,
    pub callbacks: usize,
    pub lost: usize,
}

impl History {
    pub fn new(seed: u64, order: OrderId, price: u64) -> Self {
        Self {
            chance: Chance::new(seed),
            order,
            rev: 1,
            price,
            codes: Vec::new(),
            mail: Vec::new(),
            heard: Vec::new(),
            meddled: seed % 50 == 7,
            by_hand: None,
            counts: Counts::default(),
        }
    }

    /// What comes next.
    pub fn choose(&mut self) -> Act {
        match self.chance.below(24) {
            0..=2 => Act::Code,
            3..=8 => Act::Pay,
            9 => Act::Settle,
            10 => Act::Again,
            11 => Act::Refund,
            12 => match self.chance.below(5) {
                0 => Act::Op(Box::new(OpBody::Close)),
                1 => Act::Op(Box::new(OpBody::Unbind {
                    repair: self.order.to_string(),
                    by: Some("graduate".to_owned()),
                })),
                2 => Act::Class,
                _ => Act::Approve,
            },
            13 if self.chance.percent(20) => Act::Op(Box::new(OpBody::Close)),
            _ => Act::Arrive,
        }
    }

    pub async fn act(&mut self, place: &Place, act: Act) {
        match act {
            Act::Op(_) => {}
            Act::Code => self.ask_code(place).await,
            Act::Pay => self.pay(place),
            Act::Arrive => self.arrive(place).await,
            Act::Refund => self.ask_refund(place),
            Act::Settle => self.settle(place),
            Act::Again => self.again(place),
            Act::Class => {
                let (person, amount) = (place.admin(), Money::from_fen(self.price));
                // Refused by the rules unless the order waits for money.
                tolerate(tokio::task::block_in_place(|| {
                    place.central.take_class_payment(&person, &self.order, amount)
                }));
            }
            Act::Approve => tolerate(tokio::task::block_in_place(|| {
                place.central.decide(&place.admin(), &self.order, &Decision::Approve)
            })),
        }
    }

    async fn ask_code(&mut self, place: &Place) {
        let target = format!("/v1/orders/{}/payments", self.order);
        let ask = place.station.ask(Method::POST, &target, "");
        let (status, body) = place.call(place.station.sign(&ask)).await;
        let payable = row(place, &self.order).order.state == OrderState::PendingPayment;
        assert_eq!(status == 200, payable, "{status} {}", String::from_utf8_lossy(&body));
        if status == 200 {
            let code: PaymentCodeAnswer = serde_json::from_slice(&body).unwrap();
            assert_eq!(code.amount_fen, self.price);
            if !self.codes.contains(&code.out_trade_no) {
                self.codes.push(code.out_trade_no);
            }
        }
    }

    /// The payer pays any code they were shown, also an old one beside a new one.
    fn pay(&mut self, place: &Place) {
        let Some(number) = self.any_code() else { return };
        let events = place.sandbox.with(|p, now| {
            p.pay(&number, now);
            p.take_events()
        });
        self.post(place, events);
        if self.meddled && self.by_hand.is_none() && self.price > 1 && self.chance.percent(60) {
            self.send_a_part_back(place, &number);
        }
    }

    fn any_code(&mut self) -> Option<String> {
        let count = self.codes.len() as u64;
        (count > 0).then(|| self.codes[self.chance.below(count) as usize].clone())
    }

    /// On the provider's own pages, past the center.
    fn send_a_part_back(&mut self, place: &Place, number: &str) {
        let (refund, amount) = (format!("HAND{:08}", fresh()), self.price / 2);
        let body = json!({
            "out_trade_no": number, "out_refund_no": refund,
            "amount": { "refund": amount, "total": self.price, "currency": "CNY" },
        });
        let events = place.sandbox.with(|p, now| {
            let done = p.refund(body.to_string().as_bytes(), now).status == 200;
            (done && p.settle_refund(&refund, "SUCCESS")).then(|| p.take_events())
        });
        if let Some(events) = events {
            self.by_hand = Some((refund, number.to_owned(), amount));
            // The center never asked for it: what tells of it is no better than a forgery.
            for event in events {
                let told = place.sandbox.with(|p, now| {
                    p.callback(
                        place.sandbox.keys(),
                        &event,
                        SignedWith::PublicKey,
                        now,
                        &mut self.chance,
                    )
                });
                self.mail.push(Mail::Forged(told.unwrap()));
            }
        }
    }

    /// Puts on their way what the provider tells, and what somebody else sends beside it.
    fn post(&mut self, place: &Place, events: Vec<Event>) {
        for event in events {
            if self.chance.percent(60) {
                let all = [Forgery::ALL.as_slice(), &Forgery::SIGNED].concat();
                let how = all[self.chance.below(all.len() as u64) as usize];
                let chance = &mut self.chance;
                let forged = place
                    .sandbox
                    .with(|p, now| p.forged(place.sandbox.keys(), &event, how, now, chance));
                self.mail.push(Mail::Forged(forged.unwrap()));
            }
            if self.chance.percent(25) {
                self.counts.lost += 1;
                continue;
            }
            for _ in 0..=self.chance.below(2) {
                self.mail.push(Mail::True(event.clone()));
            }
        }
    }

    fn true_one(&mut self, place: &Place, event: &Event) -> Callback {
        let with = if self.chance.percent(50) {
            SignedWith::Certificate
        } else {
            SignedWith::PublicKey
        };
        let chance = &mut self.chance;
        let made = place
            .sandbox
            .with(|p, now| p.callback(place.sandbox.keys(), event, with, now, chance));
        made.unwrap()
    }

    /// One of what is on its way arrives, whichever.
    pub async fn arrive(&mut self, place: &Place) {
        let count = self.mail.len() as u64;
        if count == 0 {
            return;
        }
        let at = self.chance.below(count) as usize;
        match self.mail.swap_remove(at) {
            Mail::True(event) => {
                let callback = self.true_one(place, &event);
                assert_eq!(place.deliver(&callback).await, 204, "the provider's own word");
                self.counts.callbacks += 1;
                if self.chance.percent(35) {
                    self.mail.push(Mail::Copy {
                        callback,
                        event: event.clone(),
                    });
                }
                self.heard.push(event);
            }
            Mail::Copy { callback, event } => {
                let (before, fresh) = (self.seen(place), place.is_fresh(&callback));
                let status = place.deliver(&callback).await;
                assert_eq!(status == 204, fresh, "{status}");
                self.counts.replayed += 1;
                self.counts.stale += usize::from(!fresh);
                // A refund that was stuck may be so again; a payment is taken once.
                if !fresh || matches!(event, Event::Paid(_)) {
                    assert_eq!(self.seen(place), before, "{event:?} said again");
                }
            }
            Mail::Forged(callback) => {
                let before = self.seen(place);
                let status = place.deliver(&callback).await;
                assert!((400..500).contains(&status), "{status}: nothing forged is believed");
                assert_eq!(self.seen(place), before, "nothing forged changes anything");
                self.counts.forged += 1;
            }
        }
    }

    /// All there is to change: the order, its payments and its refunds.
    fn seen(&self, place: &Place) -> String {
        tokio::task::block_in_place(|| {
            let money = place.central.money_for(&place.admin(), &self.order).unwrap();
            format!("{:?} {money:?}", row(place, &self.order))
        })
    }

    fn ask_refund(&mut self, place: &Place) {
        tolerate(tokio::task::block_in_place(|| {
            place.central.ask_refund(&place.admin(), &self.order, "不要了")
        }));
    }

    /// The bank takes one of the refunds on their way, or does not.
    fn settle(&mut self, place: &Place) {
        let numbers = self.refunds(place);
        if numbers.is_empty() {
            return;
        }
        let number = &numbers[self.chance.below(numbers.len() as u64) as usize];
        let word = if self.chance.percent(30) { "ABNORMAL" } else { "SUCCESS" };
        let events = place.sandbox.with(|p, _| {
            p.settle_refund(number, word);
            p.take_events()
        });
        self.post(place, events);
    }

    fn refunds(&self, place: &Place) -> Vec<String> {
        let money = tokio::task::block_in_place(|| place.central.money_for(&place.admin(), &self.order).unwrap());
        money.refunds.iter().map(|r| r.number().to_string()).collect()
    }

    /// Somebody tries again what is stuck.
    pub fn again(&self, place: &Place) {
        tokio::task::block_in_place(|| {
            let money = place.central.money_for(&place.admin(), &self.order).unwrap();
            for refund in money.refunds {
                place.central.again(&place.admin(), &refund.id).unwrap();
            }
        });
    }

    /// The bank takes everything; the center is not told.
    pub fn settle_all(&self, place: &Place) {
        for number in self.refunds(place) {
            place.sandbox.with(|p, _| {
                p.settle_refund(&number, "SUCCESS");
                p.take_events();
            });
        }
    }

    pub fn has_mail(&self) -> bool {
        !self.mail.is_empty()
    }
}

/// The order as it is now.
pub fn row(place: &Place, order: &OrderId) -> OrderRow {
    place.central.order(order).unwrap().row
}

/// A refusal by the rules is an answer; anything else is a fault of the center.
fn tolerate<T>(done: Result<T, central::CentralError>) {
    if let Err(error) = done {
        assert!(matches!(error, central::CentralError::Refused(_)), "{error:?}");
    }
}
