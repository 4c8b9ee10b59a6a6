//! How is each action done? Writes go to the station one at a time; exchanges are signed, sent and judged, each in a task.
mod pieces;

use super::{Blocking, Clock, Commands, Identity, Random, Status};
use crate::answer;
use crate::failure::Failure;
use crate::local::{Local, LocalFailure};
use crate::plan::{Action, Event, Millis, Settlement, Standing};
use crate::remote::{RawAnswer, Remote};
use crate::request::{Request, Signer};
use bytes::Bytes;
use domain::{BlobId, UtcMs};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use wire::feed::FeedAnswer;

/// Writes that may queue up: a batch, a settlement for each exchange on its way, and the pull's.
const WRITES: usize = 64;
/// An exchange that took longer says too little about the clocks, in ms.
const SKEW_ROUND_TRIP_MS: i64 = 10_000;
/// Larger photos are sent in pieces, in bytes.
const WHOLE: usize = 1024 * 1024;

pub(super) struct Acts<R> {
    ways: Ways<R>,
    random: Random,
    writes: mpsc::Sender<Write>,
    writer: tokio::task::JoinHandle<()>,
    exchanges: JoinSet<()>,
}

/// What every exchange needs.
struct Ways<R> {
    identity: Arc<Identity>,
    local: Arc<dyn Local>,
    remote: Arc<R>,
    clock: Arc<dyn Clock>,
    blocking: Blocking,
    events: mpsc::Sender<Event>,
}

impl<R> Clone for Ways<R> {
    fn clone(&self) -> Self {
        Self {
            identity: Arc::clone(&self.identity),
            local: Arc::clone(&self.local),
            remote: Arc::clone(&self.remote),
            clock: Arc::clone(&self.clock),
            blocking: self.blocking,
            events: self.events.clone(),
        }
    }
}

type Call = Box<dyn FnOnce(&dyn Local) -> Option<Event> + Send>;

/// A call to the station, and the event to send when the station's code panics in it.
struct Write {
    call: Call,
    broken: Event,
}

impl<R: Remote> Acts<R> {
    pub(super) fn new(
        identity: Identity,
        local: Arc<dyn Local>,
        remote: Arc<R>,
        clock: Arc<dyn Clock>,
        random: Random,
        blocking: Blocking,
        events: mpsc::Sender<Event>,
    ) -> Self {
        let (writes, queue) = mpsc::channel(WRITES);
        let writer = tokio::spawn(write_all(queue, Arc::clone(&local), blocking, events.clone()));
        Self {
            ways: Ways {
                identity: Arc::new(identity),
                local,
                remote,
                clock,
                blocking,
                events,
            },
            random,
            writes,
            writer,
            exchanges: JoinSet::new(),
        }
    }

    /// Starts an action; gives the time of a timer to be set.
    pub(super) fn carry_out(&mut self, action: Action, skew_ms: i64, to: &Commands, now: Millis) -> Option<Millis> {
        match action {
            Action::SetTimer { at } => return Some(at),
            Action::Report(standing) => self.report(&standing, to, now),
            Action::RetryAll => {
                let broken = Event::ReleaseFailed;
                self.write(broken.clone(), move |local| local.retry_all().err().map(|_| broken));
            }
            Action::LoadBatch { limit } => {
                let broken = Event::OutboxBatch(Err(LocalFailure::Store));
                self.write(broken, move |local| Some(Event::OutboxBatch(local.next_ops(limit))));
            }
            Action::Record(settlement) => {
                let id = settlement.id;
                let recorded = move |outcome| Event::Recorded { id, outcome };
                let broken = recorded(Err(LocalFailure::Store));
                self.write(broken, move |local| Some(recorded(record(local, &settlement))));
            }
            Action::LoadCursor => {
                let broken = Event::CursorLoaded(Err(LocalFailure::Store));
                self.write(broken, |local| Some(Event::CursorLoaded(local.cursor())));
            }
            Action::ApplyEvents { events, cursor } => self
                .write(Event::Applied(Err(LocalFailure::Store)), move |local| {
                    Some(Event::Applied(local.apply(&events, cursor).map(|()| cursor)))
                }),
            Action::ApplySnapshot(snapshot) => self.write(Event::Applied(Err(LocalFailure::Store)), move |local| {
                let applied = local.apply_snapshot(&snapshot);
                Some(Event::Applied(applied.map(|()| snapshot.cursor)))
            }),
            Action::AskBlob { blob } => self.exchange(skew_ms, move |e| e.ask_blob(blob)),
            Action::PutBlob { blob } => self.exchange(skew_ms, move |e| e.put_blob(blob)),
            Action::SendOps { ops, again_in_ms } => self.exchange(skew_ms, move |e| e.send_ops(ops, again_in_ms)),
            Action::PullFeed { after, wait_s } => self.exchange(skew_ms, move |e| e.pull_feed(after, wait_s)),
            Action::PullSnapshot => self.exchange(skew_ms, Exchange::pull_snapshot),
        }
        None
    }

    /// Lets the writes that are queued end, and drops the exchanges: the center will say the same again.
    pub(super) async fn finish(self, mut events: mpsc::Receiver<Event>) {
        let Self {
            ways,
            writes,
            mut writer,
            mut exchanges,
            ..
        } = self;
        drop((writes, ways));
        exchanges.abort_all();
        loop {
            tokio::select! {
                _ = &mut writer => return,
                // Nobody acts on them any more, but the writer must not wait for room.
                _ = events.recv() => {}
            }
        }
    }

    fn write(&self, broken: Event, call: impl FnOnce(&dyn Local) -> Option<Event> + Send + 'static) {
        let call = Box::new(call);
        if self.writes.try_send(Write { call, broken }).is_err() {
            tracing::error!("more writes than the plan can have on their way");
        }
    }

    fn exchange<F, Fut>(&mut self, skew_ms: i64, start: F)
    where
        F: FnOnce(Exchange<R>) -> Fut,
        Fut: Future<Output = ()> + Send + 'static,
    {
        while self.exchanges.try_join_next().is_some() {}
        let exchange = Exchange {
            ways: self.ways.clone(),
            skew_ms,
            nonce: [(self.random)(), (self.random)()],
        };
        self.exchanges.spawn(start(exchange));
    }

    fn report(&self, standing: &Standing, to: &Commands, now: Millis) {
        let wall = self.ways.clock.now();
        let on_wall =
            |at: Millis| wall.plus(i64::try_from(at.0).unwrap_or(i64::MAX) - i64::try_from(now.0).unwrap_or(0));
        let status = Status {
            online: standing.online,
            waiting: standing.waiting,
            last_success: standing.last_success.map(on_wall),
            trouble: standing.trouble,
            skew_ms: standing.skew_ms,
            next_try_at: standing.next_try_at.map(on_wall),
        };
        to.show(status);
        self.ways.local.report(status);
    }
}

/// One exchange with the center.
struct Exchange<R> {
    ways: Ways<R>,
    skew_ms: i64,
    nonce: [u64; 2],
}

impl<R: Remote> Exchange<R> {
    fn signer(&self) -> Signer<'_> {
        Signer {
            key: &self.ways.identity.signing_key,
            key_id: &self.ways.identity.station_id,
            now: self.ways.clock.now().plus(self.skew_ms),
            nonce: self.nonce,
        }
    }

    /// For an exchange of several requests: no nonce may come twice, so the second half counts on.
    fn next_signer(&mut self) -> Signer<'_> {
        self.nonce[1] = self.nonce[1].wrapping_add(1);
        self.signer()
    }

    async fn ask_blob(self, blob: BlobId) {
        let request = Request::ask_blob(&self.signer(), &blob);
        let answer = self.send(request).await;
        let outcome = answer.and_then(|raw| answer::known(&raw));
        self.tell(Event::BlobKnown { blob, outcome }).await;
    }

    async fn put_blob(mut self, blob: BlobId) {
        let outcome = self.put(blob).await;
        self.tell(Event::BlobSent { blob, outcome }).await;
    }

    async fn put(&mut self, blob: BlobId) -> Result<(), Failure> {
        let local = Arc::clone(&self.ways.local);
        let read = move || {
            let bytes = local.blob(&blob)?;
            // Bytes that are not the photo's are never sent under its name.
            if BlobId::of(&bytes) == blob {
                Ok(bytes)
            } else {
                Err(LocalFailure::Photo)
            }
        };
        let bytes = Bytes::from(call(self.ways.blocking, read, LocalFailure::Photo).await?);
        if bytes.len() > WHOLE {
            match pieces::send(self, blob, &bytes).await {
                // A center of an earlier version takes whole photos only.
                Err(Failure::Refused(problem)) if matches!(problem.status, 404 | 405) => {}
                done => return done,
            }
        }
        let request = Request::put_blob(&self.signer(), &blob, bytes);
        answer::done(&self.send(request).await?)
    }

    async fn send_ops(self, ops: Vec<wire::op::Op>, again_in_ms: u64) {
        let answer = self.ops(ops, again_in_ms).await;
        self.tell(Event::OpsAnswered(answer)).await;
    }

    async fn ops(&self, ops: Vec<wire::op::Op>, again_in_ms: u64) -> Result<wire::op::OpsAnswer, Failure> {
        let local = Arc::clone(&self.ways.local);
        let ids: Vec<_> = ops.iter().map(|op| op.op_id.clone()).collect();
        call(
            self.ways.blocking,
            move || local.sending(&ids, again_in_ms),
            LocalFailure::Store,
        )
        .await?;
        let request = Request::ops(&self.signer(), ops).map_err(|_| Failure::BadAnswer {
            why: "the ops cannot be written",
        })?;
        answer::ops(&self.send(request).await?)
    }

    async fn pull_feed(self, after: u64, wait_s: u64) {
        let request = Request::feed(&self.signer(), after, wait_s);
        let answer = self.send(request).await.and_then(|raw| answer::feed(&raw));
        if let Ok(FeedAnswer { lan: Some(key), .. }) = &answer {
            let (local, key) = (Arc::clone(&self.ways.local), key.clone());
            // A store that fails is told again with the next answer.
            let _ = call(self.ways.blocking, move || local.school_key(&key), LocalFailure::Store).await;
        }
        self.tell(Event::FeedAnswered(answer)).await;
    }

    async fn pull_snapshot(self) {
        let request = Request::snapshot(&self.signer());
        let answer = self.send(request).await;
        self.tell(Event::SnapshotAnswered(answer.and_then(|raw| answer::snapshot(&raw))))
            .await;
    }

    /// Sends, and passes on what a whole answer of the center says about the clocks.
    async fn send(&self, request: Request) -> Result<RawAnswer, Failure> {
        let sent_at = self.ways.clock.now();
        let raw = self.ways.remote.send(request).await?;
        let back_at = self.ways.clock.now();
        if let (Some(server_ms), 0..=SKEW_ROUND_TRIP_MS) = (answer::server_time_ms(&raw), back_at.since(sent_at)) {
            let skew_ms = UtcMs(server_ms).since(sent_at.plus(back_at.since(sent_at) / 2));
            self.tell(Event::Heard { skew_ms }).await;
        }
        Ok(raw)
    }

    async fn tell(&self, event: Event) {
        // Without a receiver the pump has ended, and nobody wants to know.
        let _ = self.ways.events.send(event).await;
    }
}

fn record(local: &dyn Local, settlement: &Settlement) -> Result<(), LocalFailure> {
    if !settlement.acknowledged.is_empty() {
        local.record(&settlement.acknowledged, settlement.receipt.as_ref())?;
    }
    for (op_id, problem) in &settlement.quarantined {
        local.quarantine(op_id, problem)?;
    }
    settlement.put_off.iter().try_for_each(|put_off| local.put_off(put_off))
}

async fn write_all(
    mut queue: mpsc::Receiver<Write>,
    local: Arc<dyn Local>,
    blocking: Blocking,
    events: mpsc::Sender<Event>,
) {
    while let Some(Write { call: write, broken }) = queue.recv().await {
        let local = Arc::clone(&local);
        let event = call(blocking, move || Ok(write(local.as_ref())), LocalFailure::Store).await;
        if let Some(event) = event.unwrap_or(Some(broken)) {
            // Without a receiver the pump has ended; what is queued is written all the same.
            let _ = events.send(event).await;
        }
    }
}

/// Calls the station. A call that panics counts as the given failure.
async fn call<T, F>(blocking: Blocking, call: F, broken: LocalFailure) -> Result<T, LocalFailure>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, LocalFailure> + Send + 'static,
{
    match blocking {
        Blocking::InPlace => call(),
        Blocking::OnThreads => tokio::task::spawn_blocking(call).await.unwrap_or(Err(broken)),
    }
}
