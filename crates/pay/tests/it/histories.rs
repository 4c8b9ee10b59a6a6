//! Random payment histories: whatever comes doubled, late, never, forged or in any order, at the end the books are the
//! provider's bill to the fen, and every fen of every order is accounted for.
//!
//! `cargo xtask test --only pay` runs 100,000 of them; here 400 run each time.
use crate::keys::{KEYS, NOW, api_key, platform};
use domain::{Money, OrderId, PaymentId, UtcMs};
use pay::bill::{Bill, BillDate};
use pay::ledger::{Account, Entry, Ledger};
use pay::reconcile::{Direction, Movement, compare};
use pay::trade::{RefundStep, Standing, Taken, Trade, TradeState, fits};
use pay::wechat::{Notice, Payment, Refund};
use pay::{OutRefundNo, OutTradeNo};
use paysim::{APP_ID, Callback, Chance, Forgery, MCH_ID, Provider, SignedWith};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const QUICK: u64 = 400;

/// A center's books, without rows.
#[derive(Default)]
struct Center {
    trades: BTreeMap<OutTradeNo, Trade>,
    standing: BTreeMap<OrderId, Standing>,
    refunds: BTreeMap<OutRefundNo, Back>,
    ledger: Ledger,
    forged_taken: u32,
}

struct Back {
    trade: OutTradeNo,
    amount: Money,
    step: RefundStep,
}

impl Center {
    fn book(&mut self, entry: Entry) {
        self.ledger.book(entry).unwrap();
        assert!(self.ledger.balances_hold());
    }

    fn hear(&mut self, payment: &Payment) {
        let Some(trade) = self.trades.get_mut(&payment.out_trade_no) else {
            return;
        };
        let order = trade.order;
        let taken = trade.take(payment, MCH_ID, APP_ID, self.standing[&order]).unwrap();
        let (number, amount) = (trade.number.clone(), trade.amount);
        if taken != Taken::Nothing {
            trade.state = TradeState::Paid {
                transaction_id: payment.transaction_id.clone().unwrap(),
            };
        }
        match taken {
            Taken::Nothing => {}
            Taken::PaysOrder => {
                self.standing.insert(order, Standing::Settled);
                self.book(Entry::paid(number.as_str(), order, amount));
            }
            Taken::Late | Taken::Twice => self.book(Entry::surplus(number.as_str(), amount)),
        }
    }

    fn hear_refund(&mut self, said: &Refund) {
        let Some(back) = self.refunds.get_mut(&said.out_refund_no) else {
            return;
        };
        fits(said, &back.trade, back.amount).unwrap();
        let before = back.step;
        back.step = before.after(said.state);
        if back.step == RefundStep::Done && before != RefundStep::Done {
            let amount = back.amount;
            self.book(Entry::refund_done(
                said.out_refund_no.as_str(),
                Account::Gateway,
                amount,
            ));
        }
    }

    fn receive(&mut self, callback: &Callback, now: UtcMs) -> bool {
        let opened = Notice::open(&callback.headers, &callback.body, &platform(), &api_key(), MCH_ID, now);
        match &opened {
            Ok(Notice::Paid(payment)) => self.hear(payment),
            Ok(Notice::Refunded(refund)) => self.hear_refund(refund),
            Ok(Notice::Other(_)) | Err(_) => {}
        }
        opened.is_ok()
    }

    /// What must go back: surpluses not yet asked for.
    fn surpluses(&self) -> Vec<(OutTradeNo, Money)> {
        let owed = self.ledger.balances().filter_map(|(account, amount)| match account {
            Account::Surplus(number) if amount != Money::ZERO => Some((OutTradeNo::parse(number).unwrap(), amount)),
            _ => None,
        });
        owed.collect()
    }
}

struct History {
    provider: Provider,
    center: Center,
    chance: Chance,
    now: UtcMs,
    /// Callbacks that were sent and have not arrived.
    mail: Vec<(Callback, bool)>,
    forged: u32,
}

fn id(chance: &mut Chance) -> PaymentId {
    PaymentId(uuid::Uuid::from_u64_pair(chance.number(), chance.number()))
}

impl History {
    fn new(seed: u64) -> Self {
        Self {
            provider: Provider::default(),
            center: Center::default(),
            chance: Chance::new(seed),
            now: NOW,
            mail: Vec::new(),
            forged: 0,
        }
    }

    fn order(&mut self) {
        let order = OrderId(id(&mut self.chance).0);
        self.center.standing.insert(order, Standing::Payable);
        self.ask(order);
    }

    /// A code for an order; a second one while the first is open, as when two screens show it.
    fn ask(&mut self, order: OrderId) {
        let number = OutTradeNo::of(id(&mut self.chance));
        let amount = Money::from_fen(1 + self.chance.below(9999));
        let amount = self
            .center
            .trades
            .values()
            .find(|t| t.order == order)
            .map_or(amount, |t| t.amount);
        let body = json!({
            "appid": APP_ID, "mchid": MCH_ID, "description": "照片", "out_trade_no": number.as_str(),
            "notify_url": "http://127.0.0.1:1/", "amount": { "total": amount.fen(), "currency": "CNY" },
        });
        assert_eq!(self.provider.native(body.to_string().as_bytes(), self.now).status, 200);
        self.center.trades.insert(
            number.clone(),
            Trade {
                number,
                order,
                amount,
                state: TradeState::Open,
            },
        );
    }

    fn any<T: Clone>(&mut self, all: Vec<T>) -> Option<T> {
        let count = all.len() as u64;
        (count > 0).then(|| all[self.chance.below(count) as usize].clone())
    }

    fn a_trade(&mut self) -> Option<OutTradeNo> {
        let all = self.center.trades.keys().cloned().collect();
        self.any(all)
    }

    fn step(&mut self) {
        self.now = self.now.plus(self.chance.below(3_600_000) as i64);
        match self.chance.below(10) {
            0 => self.order(),
            1 => {
                let all = self.center.standing.keys().copied().collect();
                if let Some(order) = self.any(all) {
                    self.ask(order);
                }
            }
            2 | 3 => {
                if let Some(number) = self.a_trade() {
                    self.provider.pay(number.as_str(), self.now);
                    self.post();
                }
            }
            4 => self.close_an_order(),
            5 => {
                if let Some(number) = self.a_trade() {
                    self.query(&number);
                }
            }
            6 => self.refund_an_order(),
            7 => self.settle(),
            _ => self.arrive(),
        }
    }

    fn post(&mut self) {
        for event in self.provider.take_events() {
            if self.chance.percent(40) {
                let how = Forgery::ALL[self.chance.below(8) as usize];
                let forged = self
                    .provider
                    .forged(&KEYS, &event, how, self.now, &mut self.chance)
                    .unwrap();
                self.mail.push((forged, false));
            }
            if self.chance.percent(25) {
                continue;
            }
            for _ in 0..=self.chance.below(3) {
                let with = if self.chance.percent(50) {
                    SignedWith::Certificate
                } else {
                    SignedWith::PublicKey
                };
                let callback = self
                    .provider
                    .callback(&KEYS, &event, with, self.now, &mut self.chance)
                    .unwrap();
                self.mail.push((callback, true));
            }
        }
    }

    /// One callback arrives, whichever; late ones were signed anew by then, as the provider does, or are stale.
    fn arrive(&mut self) {
        let count = self.mail.len() as u64;
        if count == 0 {
            return;
        }
        let at = self.chance.below(count) as usize;
        let (callback, genuine) = self.mail.swap_remove(at);
        // The provider signs each try anew, so a true one is fresh when it arrives; some are held up on the way and stale.
        let signed_at = UtcMs(callback.headers.timestamp.parse::<i64>().unwrap() * 1000);
        let in_time = genuine && self.chance.percent(80);
        let taken = self
            .center
            .receive(&callback, if in_time { signed_at } else { self.now });
        if !genuine {
            self.forged += 1;
            self.center.forged_taken += u32::from(taken);
        }
    }

    fn close_an_order(&mut self) {
        let open = self
            .center
            .standing
            .iter()
            .filter(|(_, s)| **s == Standing::Payable)
            .map(|(o, _)| *o)
            .collect();
        let Some(order) = self.any(open) else { return };
        self.center.standing.insert(order, Standing::Closed);
        let numbers: Vec<_> = self
            .center
            .trades
            .values()
            .filter(|t| t.order == order)
            .map(|t| t.number.clone())
            .collect();
        for number in numbers {
            let answer = self.provider.close(number.as_str());
            let trade = self.center.trades.get_mut(&number).unwrap();
            if answer.status == 204 && trade.state == TradeState::Open {
                trade.state = TradeState::Closed;
            }
        }
    }

    fn query(&mut self, number: &OutTradeNo) {
        let answer = self.provider.payment(number.as_str());
        let payment = Payment::read(answer.body.to_string().as_bytes()).unwrap();
        self.center.hear(&payment);
    }

    fn refund_an_order(&mut self) {
        let paid: Vec<_> = self
            .center
            .trades
            .values()
            .filter(|t| self.center.ledger.balance(&Account::Order(t.order)) == t.amount)
            .filter(|t| {
                self.center
                    .ledger
                    .entries()
                    .any(|e| e.key == format!("paid:{}", t.number) && e.credit == Account::Order(t.order))
            })
            .map(|t| (t.number.clone(), Account::Order(t.order), t.amount))
            .collect();
        if let Some((number, from, amount)) = self.any(paid) {
            self.send_back(&number, from, amount);
        }
    }

    fn send_back(&mut self, number: &OutTradeNo, from: Account, amount: Money) {
        let refund = OutRefundNo::of(id(&mut self.chance));
        self.center.book(Entry::refund_asked(refund.as_str(), from, amount));
        let back = Back {
            trade: number.clone(),
            amount,
            step: RefundStep::Asked,
        };
        self.center.refunds.insert(refund.clone(), back);
        // Asked twice as often as once: the first answer may be lost.
        for _ in 0..=self.chance.below(2) {
            let body = json!({
                "out_trade_no": number.as_str(), "out_refund_no": refund.as_str(), "reason": "x",
                "amount": { "refund": amount.fen(), "total": amount.fen(), "currency": "CNY" },
            });
            let answer = self.provider.refund(body.to_string().as_bytes(), self.now);
            assert_eq!(answer.status, 200, "{:?}", answer.body);
            self.center.hear_refund(&read_refund(&answer.body));
        }
    }

    fn settle(&mut self) {
        let open = self.provider.refunds_on_their_way();
        if let Some(number) = self.any(open) {
            self.provider.settle_refund(&number, "SUCCESS");
            self.post();
        }
    }

    /// The end of the day: what never came is asked for, what nobody can take goes back, the bank settles.
    fn close_the_day(&mut self) {
        while !self.mail.is_empty() {
            self.arrive();
        }
        for number in self.center.trades.keys().cloned().collect::<Vec<_>>() {
            self.query(&number);
        }
        for (number, amount) in self.center.surpluses() {
            self.send_back(&number, Account::Surplus(number.to_string()), amount);
        }
        for number in self.provider.refunds_on_their_way() {
            self.provider.settle_refund(&number, "SUCCESS");
        }
        for number in self.center.refunds.keys().cloned().collect::<Vec<_>>() {
            let answer = self.provider.refund_state(number.as_str());
            self.center.hear_refund(&read_refund(&answer.body));
        }
    }

    fn check(&self) -> usize {
        assert_eq!(self.center.forged_taken, 0, "nothing forged is taken");
        let ledger = &self.center.ledger;
        assert!(ledger.balances_hold());
        let mut bill = Bill::default();
        let mut day = BillDate::of(NOW);
        while day <= BillDate::of(self.now) {
            if let Some(text) = self.provider.bill(day) {
                bill.lines.extend(Bill::parse(text.as_bytes()).unwrap().lines);
            }
            day = day.next();
        }
        let books: Vec<_> = ledger.entries().filter_map(movement).collect();
        let outcome = compare(&bill, MCH_ID, &books);
        assert_eq!(outcome.differences, [], "the books are the bill");
        let at_provider = bill.paid().unwrap().fen() - bill.refunded().unwrap().fen();
        assert_eq!(ledger.balance(&Account::Gateway).fen(), at_provider, "to the fen");
        for (account, amount) in ledger.balances() {
            match account {
                Account::Surplus(_) | Account::Returning(_) => assert_eq!(amount, Money::ZERO, "{account:?} went back"),
                Account::Order(order) => {
                    let price = self.center.trades.values().find(|t| t.order == *order).unwrap().amount;
                    assert!(
                        amount == Money::ZERO || amount == price,
                        "an order holds its price or nothing"
                    );
                    assert_ne!(
                        self.center.standing[order],
                        Standing::Closed,
                        "a closed order holds no money"
                    );
                }
                Account::Gateway | Account::Till => {}
            }
        }
        outcome.matched
    }
}

fn read_refund(json: &Value) -> Refund {
    Refund::read(json.to_string().as_bytes(), MCH_ID).unwrap()
}

fn movement(entry: &Entry) -> Option<Movement> {
    let (kind, number) = entry.key.split_once(':')?;
    let direction = match kind {
        "paid" => Direction::In,
        "back" => Direction::Out,
        _ => return None,
    };
    Some(Movement {
        number: number.to_owned(),
        direction,
        amount: entry.amount,
    })
}

#[test]
fn the_books_are_the_bill_after_any_history() {
    let count = std::env::var("PAY_HISTORIES")
        .ok()
        .map_or(QUICK, |n| n.parse().unwrap());
    let (mut forged, mut matched) = (0u64, 0);
    for seed in 0..count {
        let mut history = History::new(seed);
        history.order();
        for _ in 0..8 + history.chance.below(24) {
            history.step();
        }
        history.close_the_day();
        matched += history.check();
        forged += u64::from(history.forged);
    }
    eprintln!("{count} histories: {matched} lines of the bills equal the books, {forged} forgeries refused");
    assert!(forged >= count / 4, "forgeries are among them");
}
