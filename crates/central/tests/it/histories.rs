//! Random payment histories through the center's own routes, use cases and rows: whatever comes doubled, late, never, forged or in any
//! order, each day's books are the provider's bill to the fen, and every fen of every order is accounted for.
//!
//! `cargo xtask test --only pay` plays 100,000 of them on SQLite and 5,000 on PostgreSQL; here some hundreds run each time.
#![allow(clippy::print_stdout)]
mod one;

use crate::station::{fresh, id, photo_of, submit};
use crate::world::{DAY, Engine, HOUR, MORNING, SCHOOL, World, campaign, jpeg};
use central::store::{CentralStore, postgres::PostgresStore, sqlite::SqliteStore};
use domain::{Money, OrderId, OrderState};
use one::{Act, Counts, History, Place, row};
use pay::bill::{Bill, BillDate, BillWhat};
use pay::ledger::Account;
use pay::trade::{RefundStep, TradeState};
use paysim::{Chance, Faults};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use wire::campaign::CampaignDoc;
use wire::op::{OpBody, OpStatus};

/// Orders of one day.
const A_DAY: usize = 500;
/// Steps each history may take.
const ROUNDS: usize = 18;
/// Histories that act at the same moment.
const AT_ONCE: usize = 48;
/// What an order may cost, in fen.
const PRICES: [u64; 4] = [1, 1990, 2500, 999_900];
/// Centers that share a long run.
const CENTERS: u64 = 4;
const MINUTE: i64 = 60_000;

struct Run {
    world: World,
    place: Place,
    jpeg: Vec<u8>,
    chance: Chance,
    campaigns: Vec<(String, u64)>,
    /// Days whose bill was not compared yet.
    days: BTreeSet<BillDate>,
    counts: Counts,
    /// On all bills: paid, sent back by the center, sent back by hand, in fen.
    billed: [u64; 3],
    stuck: u64,
    lines: usize,
}

impl Run {
    async fn open(engine: Engine, seed: u64) -> Self {
        let world = World::open_paid(engine, Faults::NONE, seed).await;
        let station = world.station("一号点").await;
        let jpeg = jpeg(1);
        station.put(&jpeg).await;
        let place = Place {
            central: world.central.clone(),
            sandbox: world.provider.clone().unwrap(),
            station: Arc::new(station),
            router: world.central.router(),
        };
        let mut run = Self {
            world,
            place,
            jpeg,
            chance: Chance::new(seed),
            campaigns: Vec::new(),
            days: BTreeSet::new(),
            counts: Counts::default(),
            billed: [0; 3],
            stuck: 0,
            lines: 0,
        };
        for price in PRICES {
            run.campaigns.push((run.campaign(price, MORNING + 4000 * DAY), price));
        }
        run
    }

    /// A campaign that ends at a time; its orders are closed then.
    fn campaign(&self, price_fen: u64, closes_at_ms: i64) -> String {
        let doc = CampaignDoc {
            id: id(fresh()),
            price_fen,
            closes_at_ms,
            ..campaign()
        };
        self.place.central.put_campaign(&doc).unwrap();
        doc.id
    }

    fn forward(&mut self, ms: i64) {
        self.world.clock.forward(ms);
        self.days.insert(self.today());
    }

    fn now(&self) -> i64 {
        self.place.station.now()
    }

    fn today(&self) -> BillDate {
        BillDate::of(domain::UtcMs(self.now()))
    }

    /// New orders, a hundred in a request.
    async fn orders(&mut self, seeds: Range<u64>) -> Vec<History> {
        let closing = (self.campaign(2500, self.now() + 2 * HOUR), 2500);
        let photo = photo_of(&self.jpeg, 1);
        let (mut histories, mut bodies) = (Vec::new(), Vec::new());
        for seed in seeds {
            let at = self.chance.below(self.campaigns.len() as u64 + 1) as usize;
            let (campaign, price) = self.campaigns.get(at).unwrap_or(&closing);
            let order: OrderId = id(fresh()).parse().unwrap();
            let OpBody::Submit(mut body) = submit(fresh(), &self.jpeg) else {
                panic!()
            };
            body.campaign_id.clone_from(campaign);
            body.photo.clone_from(&photo);
            bodies.push((order, 1, OpBody::Submit(body)));
            histories.push(History::new(seed, order, *price));
        }
        let applied = self.send(bodies).await;
        assert_eq!(applied, histories.len(), "every order is taken");
        histories
    }

    /// Sends ops, one after the other on the station's chain; how many took effect.
    async fn send(&self, bodies: Vec<(OrderId, u32, OpBody)>) -> usize {
        let mut applied = 0;
        for some in bodies.chunks(100) {
            let ops: Vec<_> = some
                .iter()
                .map(|(order, rev, body)| self.place.station.op(&order.to_string(), *rev, body))
                .collect();
            let results = self.place.station.ops(&ops).await.results;
            for result in &results {
                assert!(
                    matches!(result.status, OpStatus::Applied | OpStatus::Rejected),
                    "{result:?}"
                );
            }
            applied += results.iter().filter(|r| r.status == OpStatus::Applied).count();
        }
        applied
    }

    /// Every history takes a step, all in the same moment.
    async fn round(&mut self, mut histories: Vec<History>) -> Vec<History> {
        let (mut ops, mut acts) = (Vec::new(), Vec::new());
        for history in &mut histories {
            let act = history.choose();
            if let Act::Op(body) = &act {
                history.rev += 1;
                ops.push((history.order, history.rev, OpBody::clone(body)));
            }
            acts.push(act);
        }
        self.send(ops).await;
        let mut acts = acts.into_iter();
        let histories = self
            .all(histories, move |place, mut history| {
                let act = acts.next().unwrap();
                async move {
                    history.act(&place, act).await;
                    history
                }
            })
            .await;
        let wait = self.chance.below(6 * MINUTE as u64) as i64;
        self.forward(wait);
        if self.chance.percent(30) {
            self.ask().await;
            self.place.central.tick().unwrap();
        }
        histories
    }

    async fn all<F, W>(&self, histories: Vec<History>, mut work: F) -> Vec<History>
    where
        F: FnMut(Place, History) -> W,
        W: Future<Output = History> + Send + 'static,
    {
        let (gate, mut set) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
        for history in histories {
            let (gate, work) = (gate.clone(), work(self.place.clone(), history));
            set.spawn(async move {
                let _turn = gate.acquire().await.unwrap();
                work.await
            });
        }
        let mut histories = set.join_all().await;
        histories.sort_by_key(|h| h.order);
        histories
    }

    /// The center asks the provider about everything that is due.
    async fn ask(&self) {
        loop {
            let done = self.place.central.settle_payments().await.unwrap();
            assert_eq!(done.unanswered, 0, "{done:?}");
            if done.payments + done.refunds == 0 {
                return;
            }
        }
    }

    /// What is still on its way arrives, codes run out, the bank takes every refund, and the center finds out by asking.
    async fn close_the_day(&mut self, mut histories: Vec<History>) {
        while histories.iter().any(History::has_mail) {
            histories = self
                .all(histories, |place, mut history| async move {
                    history.arrive(&place).await;
                    history
                })
                .await;
        }
        self.forward(16 * MINUTE);
        self.ask().await;
        for _ in 0..2 {
            histories = self
                .all(histories, |place, history| async move {
                    history.settle_all(&place);
                    history.again(&place);
                    history
                })
                .await;
            self.forward(MINUTE);
            self.ask().await;
        }
        for history in &histories {
            self.stuck += check(&self.place, history);
            let counts = history.counts;
            self.counts.forged += counts.forged;
            self.counts.stale += counts.stale;
            self.counts.replayed += counts.replayed;
            self.counts.callbacks += counts.callbacks;
            self.counts.lost += counts.lost;
        }
        self.reconcile(&histories).await;
    }

    /// Each day that was touched and is over, against the provider's own bill.
    async fn reconcile(&mut self, histories: &[History]) {
        let morning = self.today().next().begins().0 + 10 * HOUR;
        self.world.clock.forward(morning - self.now());
        let by_hand: BTreeSet<_> = histories
            .iter()
            .filter_map(|h| h.by_hand.clone())
            .map(|h| h.0)
            .collect();
        let mut told = BTreeSet::new();
        for day in std::mem::take(&mut self.days) {
            let outcome = self.place.central.reconcile(day).await.unwrap();
            assert_eq!(outcome.taken_in, 0, "everything was asked about");
            let mut lines = 0;
            let text = self.place.sandbox.with(|p, _| p.bill(day)).unwrap_or_default();
            if !text.is_empty() {
                let bill = Bill::parse(text.as_bytes()).unwrap();
                lines = bill.lines.len();
                self.billed[0] += bill.paid().unwrap().fen();
                self.billed[1] += bill.refunded().unwrap().fen();
                self.lines += lines;
                for line in &bill.lines {
                    if let BillWhat::Refunded { out_refund_no, .. } = &line.what {
                        told.extend(by_hand.get(out_refund_no).cloned());
                    }
                }
            }
            let named: BTreeSet<_> = outcome.differences.iter().map(|d| d.number.clone()).collect();
            assert!(outcome.differences.iter().all(|d| d.kind == "only_bill"), "{outcome:?}");
            assert!(named.is_subset(&by_hand), "{outcome:?}");
            assert_eq!(
                outcome.matched + named.len(),
                lines,
                "every line of the bill, to the fen"
            );
        }
        assert_eq!(told, by_hand, "what was done by hand stands on a bill, and is named");
        let hand: u64 = histories.iter().filter_map(|h| h.by_hand.as_ref()).map(|h| h.2).sum();
        self.billed[1] -= hand;
        self.billed[2] += hand;
    }

    /// The books of all days together, read from the rows, and everything else the center keeps.
    fn check(&self, count: usize, dir: &std::path::Path) {
        let store: Box<dyn CentralStore> = match &self.place.central.config().database_url {
            Some(address) => Box::new(PostgresStore::open(address, 2).unwrap()),
            None => Box::new(SqliteStore::open(dir).unwrap()),
        };
        let school = central::SchoolCode::parse(SCHOOL).unwrap();
        let gateway = store.reading(|rows| rows.sides(&school, &Account::Gateway)).unwrap();
        assert_eq!(
            [gateway.debit, gateway.credit],
            [self.billed[0], self.billed[1]],
            "the books are the bills, to the fen"
        );
        let report = self.place.central.verify().unwrap();
        assert_eq!(
            (report.errors, report.warnings),
            (0, self.stuck),
            "{:#?}",
            report.findings
        );
        assert_eq!(report.orders as usize, count);
        let tried = self.counts;
        let enough = tried.forged > count / 4 && tried.replayed > count / 20 && tried.lost > count / 20;
        assert!(enough && tried.stale > 0 && self.lines > count / 2, "{tried:?}");
    }
}

/// The provider's own account of one order against the center's. How many of its refunds are stuck for good.
fn check(place: &Place, history: &History) -> u64 {
    let order = row(place, &history.order).order;
    let money = place.central.money_for(&place.admin(), &history.order).unwrap();
    let paid_at = |number: &str| -> Option<(String, u64)> {
        let said = place.sandbox.with(|p, _| p.payment(number)).body;
        let came = matches!(said["trade_state"].as_str(), Some("SUCCESS" | "REFUND"));
        came.then(|| (text(&said["transaction_id"]), said["amount"]["total"].as_u64().unwrap()))
    };
    assert_eq!(money.trades.len(), history.codes.len(), "no payment nobody asked for");
    let mut provider = 0;
    for trade in &money.trades {
        let said = paid_at(trade.number().as_str());
        let ours = match &trade.state {
            TradeState::Paid { transaction_id } => Some((transaction_id.clone(), trade.amount.fen())),
            TradeState::Closed => None,
            TradeState::Open => panic!("{trade:?} is over"),
        };
        assert_eq!(ours, said, "{trade:?}");
        provider += said.map_or(0, |s| s.1);
    }
    let (mut back, mut stuck, mut of_class) = (0, 0, 0);
    for refund in &money.refunds {
        let Some(trade) = refund.trade else {
            of_class += refund.amount.fen();
            assert_eq!(refund.step, RefundStep::Done);
            continue;
        };
        let meddled = history
            .by_hand
            .as_ref()
            .is_some_and(|h| money.trades.iter().any(|t| t.id == trade && t.number().as_str() == h.1));
        if meddled {
            assert_eq!(refund.step, RefundStep::Stuck, "there is not enough left");
            stuck += 1;
            provider -= refund.amount.fen();
            continue;
        }
        assert_eq!(refund.step, RefundStep::Done, "{refund:?}");
        let said = place.sandbox.with(|p, _| p.refund_state(refund.number().as_str())).body;
        assert_eq!(
            (said["status"].as_str(), said["amount"]["refund"].as_u64()),
            (Some("SUCCESS"), Some(refund.amount.fen()))
        );
        back += refund.amount.fen();
    }
    let class = order.payment.paid.fen()
        * u64::from(
            order
                .payment
                .payment
                .is_some_and(|p| money.trades.iter().all(|t| t.id != p)),
        );
    let held = provider + class - back - of_class;
    let kept = match order.state {
        OrderState::PendingPayment | OrderState::Closed | OrderState::Refunded => 0,
        _ if stuck > 0
            && money
                .refunds
                .iter()
                .any(|r| r.step == RefundStep::Stuck && Some(r.trade) == Some(order.payment.payment)) =>
        {
            0
        }
        _ => history.price,
    };
    assert_eq!(held, kept, "{order:?} {money:?}");
    assert!(order.payment.refunded <= order.payment.paid && Money::from_fen(history.price) >= order.payment.paid);
    stuck
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn histories(engine: Engine, seeds: Range<u64>) {
    let (began, count) = (Instant::now(), seeds.clone().count());
    let mut run = Run::open(engine, seeds.start).await;
    let a_day = A_DAY.min(count.div_ceil(2));
    for (n, first) in seeds.clone().step_by(a_day).enumerate() {
        // Every other day begins in the evening and ends after midnight, on the next bill.
        if n % 2 == 1 {
            run.world.clock.forward(12 * HOUR + 30 * MINUTE);
        }
        run.forward(0);
        let last = (first + a_day as u64).min(seeds.end);
        let mut day = run.orders(first..last).await;
        for _ in 0..ROUNDS {
            day = run.round(day).await;
        }
        run.close_the_day(day).await;
        if n % 20 == 19 {
            println!(
                "{engine:?}: {} histories, {:.0} s",
                last - seeds.start,
                began.elapsed().as_secs_f64()
            );
        }
    }
    let dir = run.world.dir.path().join("center");
    run.check(count, &dir);
    println!(
        "{engine:?}: {count} histories in {:.0} s: {} lines of bills equal to the fen, {:?}, {} refunds stuck after meddling",
        began.elapsed().as_secs_f64(),
        run.lines,
        run.counts,
        run.stuck,
    );
}

/// As many as the environment says, or some; many of them at several centers at once, so that one works while another waits for its disk.
async fn all(engine: Engine, some: u64, share: u64) {
    let wanted = std::env::var("PAY_HISTORIES").ok().map(|n| n.parse::<u64>().unwrap());
    let count = wanted.map_or(some, |n| n.div_ceil(share));
    let centers = if count < 10_000 { 1 } else { CENTERS };
    let each = count.div_ceil(centers);
    let mut set = JoinSet::new();
    for n in 0..centers {
        set.spawn(histories(engine, n * each..count.min((n + 1) * each)));
    }
    set.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_are_the_bills_after_any_histories() {
    all(Engine::Sqlite, 240, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_are_the_bills_on_a_database_server_too() {
    all(Engine::Postgres, 80, 20).await;
}
