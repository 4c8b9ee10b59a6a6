//! Traces of the plan: `time event → actions`, in words short enough for a snapshot.
use domain::BlobId;
use expect_test::Expect;
use std::fmt::Write;
use sync::failure::Failure;
use sync::plan::{Action, Event, Limits, Millis, Plan};
use sync::{Batch, PendingOp};
use testkit::build;
use wire::op::{OpResult, OpStatus, OpsAnswer};
use wire::problem::{Code, Problem};
use wire::receipt::{Entry, Receipt};

pub struct Trace {
    pub plan: Plan,
    text: String,
    pub now: u64,
    timer: Option<u64>,
    pub settlements: Vec<u64>,
}

impl Trace {
    /// Started, with an empty feed being polled; that part of the trace is left out.
    pub fn polling() -> Self {
        let mut t = Self::fresh();
        t.step(Event::Started);
        t.step(Event::CursorLoaded(Ok(7)));
        t.text.clear();
        t
    }

    pub fn fresh() -> Self {
        let plan = Plan::new(Limits::default(), build::key(1).verifying_key(), 42);
        Self {
            plan,
            text: String::new(),
            now: 0,
            timer: None,
            settlements: Vec::new(),
        }
    }

    pub fn at(&mut self, ms: u64) -> &mut Self {
        self.now = ms;
        self
    }

    pub fn step(&mut self, event: Event) -> Vec<Action> {
        let said = say_event(&event);
        let actions = self.plan.step(event, Millis(self.now));
        let mut shown = Vec::new();
        for action in &actions {
            if let Action::SetTimer { at } = action {
                self.timer = Some(at.0);
            }
            if let Action::Record(settlement) = action {
                self.settlements.push(settlement.id);
            }
            shown.extend(say_action(action));
        }
        writeln!(self.text, "{:<5} {said} → {}", self.now, shown.join(", ")).unwrap();
        actions
    }

    /// Lets the time of the timer come.
    pub fn wait(&mut self) -> Vec<Action> {
        self.now = self.timer.take().unwrap();
        self.step(Event::Timer)
    }

    pub fn batch(&mut self, ops: Vec<PendingOp>) -> Vec<Action> {
        let waiting = ops.len() as u64;
        self.step(Event::OutboxBatch(Ok(Batch { ops, waiting })))
    }

    pub fn sent(&mut self, blob: BlobId) -> Vec<Action> {
        self.step(Event::BlobSent { blob, outcome: Ok(()) })
    }

    pub fn answered(&mut self, results: Vec<OpResult>, receipt: Option<Receipt>) -> Vec<Action> {
        self.step(Event::OpsAnswered(Ok(OpsAnswer { results, receipt })))
    }

    /// The oldest settlement that is not recorded yet is.
    pub fn recorded(&mut self) -> Vec<Action> {
        let id = self.settlements.remove(0);
        self.step(Event::Recorded { id, outcome: Ok(()) })
    }

    pub fn check(&self, expect: Expect) {
        expect.assert_eq(&self.text);
    }
}

pub fn short(id: &str) -> String {
    id.rsplit('-').next().unwrap().trim_start_matches('0').to_owned()
}

pub fn blob_name(id: &BlobId) -> String {
    (1..20)
        .flat_map(|o| (1..4).map(move |r| (o, r)))
        .find(|(o, r)| BlobId::of(&build::photo_bytes(*o, *r)) == *id)
        .map_or_else(|| "?".to_owned(), |(o, r)| format!("photo {o}.{r}"))
}

pub fn say_event(event: &Event) -> String {
    let outcome = |failure: Option<&Failure>| failure.map_or_else(|| "ok".to_owned(), Failure::code);
    match event {
        Event::OutboxBatch(Ok(b)) => format!("batch of {}", b.ops.len()),
        Event::BlobKnown { blob, outcome: o } => format!("{} known {o:?}", blob_name(blob)),
        Event::BlobSent { blob, outcome: o } => format!("{} sent {}", blob_name(blob), outcome(o.as_ref().err())),
        Event::OpsAnswered(a) => format!("ops answered {}", outcome(a.as_ref().err())),
        Event::Recorded { id, outcome } => format!("recorded {id} {}", if outcome.is_ok() { "ok" } else { "failed" }),
        Event::FeedAnswered(a) => format!("feed answered {}", outcome(a.as_ref().err())),
        Event::SnapshotAnswered(a) => format!("snapshot answered {}", outcome(a.as_ref().err())),
        other => format!("{other:?}"),
    }
}

pub fn say_action(action: &Action) -> Option<String> {
    Some(match action {
        Action::SendOps { ops, .. } => {
            let ops: Vec<_> = ops
                .iter()
                .map(|o| format!("{}.{}", short(&o.order_id), o.rev))
                .collect();
            format!("send ops [{}]", ops.join(" "))
        }
        Action::AskBlob { blob } => format!("ask {}", blob_name(blob)),
        Action::PutBlob { blob } => format!("put {}", blob_name(blob)),
        Action::Record(s) => {
            let acknowledged: Vec<_> = s.acknowledged.iter().map(|r| short(&r.op_id)).collect();
            let put_off: Vec<_> = s
                .put_off
                .iter()
                .map(|p| format!("{} {} {}ms", short(&p.op_id), p.problem, p.wait_ms))
                .collect();
            let refused: Vec<_> = s
                .quarantined
                .iter()
                .map(|(op, p)| format!("{} {}", short(op), p.code.id()))
                .collect();
            format!("record {} ack {acknowledged:?} off {put_off:?} out {refused:?}", s.id)
        }
        Action::Report(s) => {
            let trouble = s.trouble.map_or("fine", |t| t.id());
            format!(
                "report({} {} waiting {trouble})",
                if s.online { "online" } else { "offline" },
                s.waiting
            )
        }
        Action::ApplyEvents { events, cursor } => format!("apply {} to {cursor}", events.len()),
        Action::ApplySnapshot(s) => format!("apply snapshot {}", s.cursor),
        Action::SetTimer { at } => format!("timer {}", at.0),
        Action::PullFeed { after, wait_s } => format!("pull after {after} wait {wait_s}"),
        other => format!("{other:?}"),
    })
}

pub fn photo(order: u64, rev: u32) -> PendingOp {
    let (op, blob) = build::photo_op(order, rev);
    PendingOp { op, blobs: vec![blob] }
}

pub fn close(order: u64, rev: u32) -> PendingOp {
    PendingOp {
        op: build::close_op(order, rev),
        blobs: Vec::new(),
    }
}

pub fn result(op: &PendingOp, status: OpStatus, problem: Option<Code>) -> OpResult {
    OpResult {
        op_id: op.op.op_id.clone(),
        status,
        order_rev: None,
        state: None,
        missing_blobs: Vec::new(),
        problem: problem.map(|code| Problem::new(code, "")),
    }
}

pub fn receipt(ops: &[&PendingOp], key: u8) -> Option<Receipt> {
    let entry = |p: &&PendingOp| Entry {
        op_id: p.op.op_id.clone(),
        rev: p.op.rev,
        blob_id: p.blobs.first().map(BlobId::to_string),
    };
    Some(Receipt::sign(&build::key(key), 0, ops.iter().map(entry).collect()))
}

pub fn refused(code: Code) -> Failure {
    Failure::Refused(Box::new(Problem::new(code, "")))
}
