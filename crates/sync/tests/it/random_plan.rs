//! Whatever happens in whatever order: nothing is lost, nothing is acknowledged without a receipt, little is on its way at once, and
//! once the center is healthy everything arrives.
use crate::desk::{Desk, State};
use crate::glue::{Dice, MORNING, SetClock, ask, captive};
use domain::UtcMs;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use sync::plan::{Action, Event, Limits, Millis, Plan, Wake};
use sync::request::{Request, Signer};
use sync::{Local, LocalFailure, RawAnswer, Unreachable, answer};
use testkit::build;
use testkit::center::ModelCenter;

const STATION: &str = "station";
/// The station's clock is two hours ahead: the center would refuse every signature that is not corrected.
const AHEAD_MS: i64 = 7_200_000;

#[derive(Debug, Clone)]
enum Step {
    Photo { order: u64 },
    Close { order: u64 },
    Deliver { which: usize, fate: u8 },
    Write,
    Timer,
    Wake,
    LinkUp,
    Crash,
    StoreFails { writes: u32 },
    CenterSays { order: u64 },
    CenterTellsAnother,
    CenterForgets,
    CenterLoses { order: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let order = 1..12_u64;
    prop_oneof![
        4 => order.clone().prop_map(|order| Step::Photo { order }),
        1 => order.clone().prop_map(|order| Step::Close { order }),
        10 => (0..6_usize, any::<u8>()).prop_map(|(which, fate)| Step::Deliver { which, fate }),
        10 => Just(Step::Write),
        4 => Just(Step::Timer),
        1 => Just(Step::Wake),
        1 => Just(Step::LinkUp),
        1 => Just(Step::Crash),
        1 => (1..4_u32).prop_map(|writes| Step::StoreFails { writes }),
        1 => order.clone().prop_map(|order| Step::CenterSays { order }),
        2 => Just(Step::CenterTellsAnother),
        1 => Just(Step::CenterForgets),
        1 => order.prop_map(|order| Step::CenterLoses { order }),
    ]
}

struct World {
    plan: Plan,
    desk: Desk,
    clock: Arc<SetClock>,
    center: ModelCenter,
    now: u64,
    timer: Option<u64>,
    /// On their way to the center.
    out: Vec<Action>,
    /// Waiting for the station's store.
    writes: VecDeque<Action>,
    dice: Dice,
}

impl World {
    fn new(seed: u64) -> Self {
        let clock = Arc::new(SetClock(AtomicI64::new(MORNING + AHEAD_MS)));
        let server = build::key(1);
        let mut center = ModelCenter::new(server.clone());
        center.admit(STATION, build::key(2).verifying_key());
        center.refuses.insert(build::order_id(11));
        let mut world = Self {
            plan: Plan::new(Limits::default(), server.verifying_key(), seed),
            desk: Desk::new(clock.clone(), server.verifying_key()),
            clock,
            center,
            now: 0,
            timer: None,
            out: Vec::new(),
            writes: VecDeque::new(),
            dice: Dice(seed),
        };
        world.event(Event::Started);
        world
    }

    fn center_now(&self) -> UtcMs {
        UtcMs(MORNING + self.now as i64)
    }

    fn pass(&mut self, ms: u64) {
        self.now += ms;
        self.clock
            .0
            .store(MORNING + AHEAD_MS + self.now as i64, Ordering::SeqCst);
    }

    fn event(&mut self, event: Event) {
        for action in self.plan.step(event, Millis(self.now)) {
            match action {
                Action::SetTimer { at } => self.timer = Some(at.0),
                Action::Report(_) => {}
                Action::AskBlob { .. } | Action::PutBlob { .. } | Action::SendOps { .. } => self.out.push(action),
                Action::PullFeed { .. } | Action::PullSnapshot => self.out.push(action),
                write => self.writes.push_back(write),
            }
        }
        let count = |f: fn(&Action) -> bool| self.out.iter().filter(|a| f(a)).count();
        assert!(
            count(|a| matches!(a, Action::AskBlob { .. } | Action::PutBlob { .. })) <= 3,
            "too many photos"
        );
        assert!(
            count(|a| matches!(a, Action::SendOps { .. })) <= 1,
            "too many requests with ops"
        );
        assert!(
            count(|a| matches!(a, Action::PullFeed { .. } | Action::PullSnapshot)) <= 1,
            "too many pulls"
        );
        assert!(self.writes.len() <= 16, "too many writes");
    }

    fn write(&mut self) {
        let desk = self.desk.clone();
        let event = match self.writes.pop_front() {
            None => return,
            Some(Action::RetryAll) => desk.retry_all().err().map(|_| Event::ReleaseFailed),
            Some(Action::LoadBatch { limit }) => Some(Event::OutboxBatch(desk.next_ops(limit))),
            Some(Action::LoadCursor) => Some(Event::CursorLoaded(desk.cursor())),
            Some(Action::Record(s)) => {
                let acknowledged = if s.acknowledged.is_empty() {
                    Ok(())
                } else {
                    desk.record(&s.acknowledged, s.receipt.as_ref())
                };
                let refused = || {
                    s.quarantined
                        .iter()
                        .try_for_each(|(op, problem)| desk.quarantine(op, problem))
                };
                let later = || s.put_off.iter().try_for_each(|p| desk.put_off(p));
                let outcome = acknowledged.and_then(|()| refused()).and_then(|()| later());
                Some(Event::Recorded { id: s.id, outcome })
            }
            Some(Action::ApplyEvents { events, cursor }) => {
                Some(Event::Applied(desk.apply(&events, cursor).map(|()| cursor)))
            }
            Some(Action::ApplySnapshot(s)) => Some(Event::Applied(desk.apply_snapshot(&s).map(|()| s.cursor))),
            Some(other) => panic!("{other:?} is no write"),
        };
        if let Some(event) = event {
            self.event(event);
        }
    }

    fn deliver(&mut self, which: usize, fate: u8) {
        if self.out.is_empty() {
            return;
        }
        let action = self.out.remove(which % self.out.len());
        self.pass(20);
        let key = build::key(2);
        let now = UtcMs(self.clock.0.load(Ordering::SeqCst)).plus(self.plan.signing_skew_ms());
        let signer = Signer {
            key: &key,
            key_id: STATION,
            now,
            nonce: [self.dice.roll(), self.dice.roll()],
        };
        match action {
            Action::AskBlob { blob } => {
                let raw = self.carry(&Request::ask_blob(&signer, &blob), fate);
                self.event(Event::BlobKnown {
                    blob,
                    outcome: raw.map_err(Into::into).and_then(|r| answer::known(&r)),
                });
            }
            Action::PutBlob { blob } => {
                let bytes = self.desk.blob(&blob).unwrap();
                let raw = self.carry(&Request::put_blob(&signer, &blob, bytes.into()), fate);
                self.event(Event::BlobSent {
                    blob,
                    outcome: raw.map_err(Into::into).and_then(|r| answer::done(&r)),
                });
            }
            Action::SendOps { ops, again_in_ms } => {
                let ids: Vec<_> = ops.iter().map(|o| o.op_id.clone()).collect();
                if self.desk.sending(&ids, again_in_ms).is_err() {
                    return self.event(Event::OpsAnswered(Err(LocalFailure::Store.into())));
                }
                let raw = self.carry(&Request::ops(&signer, ops).unwrap(), fate);
                self.event(Event::OpsAnswered(
                    raw.map_err(Into::into).and_then(|r| answer::ops(&r)),
                ));
            }
            Action::PullFeed { after, wait_s } => {
                let raw = self.carry(&Request::feed(&signer, after, wait_s), fate);
                self.event(Event::FeedAnswered(
                    raw.map_err(Into::into).and_then(|r| answer::feed(&r)),
                ));
            }
            Action::PullSnapshot => {
                let raw = self.carry(&Request::snapshot(&signer), fate);
                self.event(Event::SnapshotAnswered(
                    raw.map_err(Into::into).and_then(|r| answer::snapshot(&r)),
                ));
            }
            other => panic!("{other:?} is no exchange"),
        }
    }

    fn carry(&mut self, request: &Request, fate: u8) -> Result<RawAnswer, Unreachable> {
        let center_now = self.center_now();
        if fate % 8 == 1 {
            return Err(Unreachable::Connect);
        }
        if fate % 8 == 2 {
            return Ok(captive());
        }
        let mut raw = ask(&mut self.center, request, center_now);
        match fate % 8 {
            3 => return Err(Unreachable::Broken),
            4 => {
                // The same request arrives once more, as a proxy may do; the second answer comes back.
                raw = ask(&mut self.center, request, center_now);
            }
            5 => raw.status = [500, 503, 429, 404][usize::from(fate / 8) % 4],
            6 => raw.body = raw.body.slice(..raw.body.len() / 2),
            // A signature that is not the center's.
            7 => {
                raw.body = String::from_utf8_lossy(&raw.body)
                    .replace("\"signature\":\"", "\"signature\":\"AAAA")
                    .into()
            }
            _ => {}
        }
        if let Some(server_ms) = answer::server_time_ms(&raw) {
            let skew_ms = server_ms - self.clock.0.load(Ordering::SeqCst);
            self.event(Event::Heard { skew_ms });
        }
        Ok(raw)
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Photo { order } | Step::Close { order } => {
                let id = build::order_id(order);
                let rev = 1 + self
                    .desk
                    .with(|b| b.rows.iter().filter(|r| r.op.op.order_id == id).count())
                    as u32;
                match step {
                    Step::Photo { .. } => self.desk.push_photo(order, rev),
                    _ => self.desk.push(build::close_op(order, rev), Vec::new()),
                }
                self.event(Event::Wake(Wake::Change));
            }
            Step::Deliver { which, fate } => self.deliver(which, fate),
            Step::Write => self.write(),
            Step::Timer => self.timer_comes(),
            Step::Wake => self.event(Event::Wake(Wake::Person)),
            Step::LinkUp => self.event(Event::LinkUp),
            Step::Crash => self.crash(),
            Step::StoreFails { writes } => self.desk.with(|b| b.failing_writes = writes),
            Step::CenterSays { order } => {
                let now = self.center_now();
                self.center.say(&build::order_id(order), "rejected", now);
            }
            Step::CenterTellsAnother => self.center.tell_another(),
            Step::CenterForgets => self.center.forget_feed(),
            Step::CenterLoses { order } => {
                // Only what no receipt covers: a center must not lose what it signed for.
                let blob = domain::BlobId::of(&build::photo_bytes(order, 1));
                if !self
                    .center
                    .applied()
                    .contains(&build::photo_op(order, 1).0.op_id.as_str())
                {
                    self.center.lose(&blob);
                }
            }
        }
    }

    fn timer_comes(&mut self) {
        if let Some(at) = self.timer.take() {
            self.pass(at.saturating_sub(self.now));
            self.event(Event::Timer);
        }
    }

    fn crash(&mut self) {
        self.plan = Plan::new(Limits::default(), build::key(1).verifying_key(), self.dice.roll());
        self.out.clear();
        self.writes.clear();
        self.timer = None;
        self.event(Event::Started);
    }

    /// From now on everything works. Gives the time it took until nothing waited any more, in ms.
    fn heal(&mut self) -> u64 {
        self.desk.with(|b| b.failing_writes = 0);
        let began = self.now;
        for _ in 0..20_000 {
            if self.settled() {
                return self.now - began;
            }
            if !self.writes.is_empty() {
                self.write();
            } else if !self.out.is_empty() {
                self.deliver(0, 0);
            } else {
                self.timer_comes();
            }
        }
        panic!("it never came to rest: {:?}", self.plan.standing());
    }

    fn settled(&self) -> bool {
        let blocked = |order: &str| self.center.refuses.contains(order);
        let ops = self.desk.with(|b| {
            let mut waiting = b.rows.iter().filter(|r| matches!(r.state, State::Waiting { .. }));
            waiting.all(|r| blocked(&r.op.op.order_id) && r.op.op.rev > 1)
        });
        ops && self.desk.with(|b| b.cursor) == self.center.feed_end() && self.writes.is_empty()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_lost_and_everything_arrives(seed in any::<u64>(), steps in prop::collection::vec(step(), 1..250)) {
        let mut world = World::new(seed);
        for step in steps {
            world.take(step);
        }
        let took_ms = world.heal();
        // The longest wait is one backoff of five minutes and a retry after each of the few things that can go wrong in a row.
        prop_assert!(took_ms <= 1_200_000, "{took_ms} ms");
        let applied: Vec<String> = world.center.applied().into_iter().map(str::to_owned).collect();
        let center = &world.center;
        world.desk.with(|book| {
            for row in &book.rows {
                let refused = center.refuses.contains(&row.op.op.order_id);
                let expected = if !refused { State::Acknowledged }
                    else if row.op.op.rev == 1 { State::Quarantined("validation".to_owned()) }
                    else { row.state.clone() };
                assert_eq!(row.state, expected);
                assert_eq!(applied.contains(&row.op.op.op_id), !refused);
                assert!(refused || row.op.blobs.iter().all(|b| center.holds(b)));
            }
        });
    }
}
