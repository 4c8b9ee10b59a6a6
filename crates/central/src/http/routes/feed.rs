//! `GET /v1/feed?after=&wait=&gaps=` and `GET /v1/snapshot`.
use crate::center::Central;
use crate::http::auth::Signed;
use crate::http::fault::Fault;
use crate::usecase::feed::{Feed, Gaps};
use axum::Json;
use axum::extract::{RawQuery, State};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use wire::MAX_WAIT_S;
use wire::feed::{FeedAnswer, FeedBody, Snapshot};
use wire::problem::Code;

/// News another process has written is found within this time.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A station that waits is told at most this often whom others have collected: each order of a school is news to all its
/// stations, and each would ask again for each.
const GATHER: Duration = Duration::from_secs(1);
/// And this often of its own orders and of campaigns, which people wait for.
const GATHER_OWN: Duration = Duration::from_millis(150);

struct Asked {
    after: u64,
    wait_s: u64,
    gaps: Gaps,
}

fn asked(query: Option<&str>) -> Result<Asked, Fault> {
    let number = |name: &str| {
        let value = query
            .unwrap_or_default()
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.map_or(Ok(0), |v| v.parse::<u64>().map_err(|_| ()))
    };
    match (number("after"), number("wait"), number("gaps")) {
        (Ok(after), Ok(wait_s), Ok(gaps)) => Ok(Asked {
            after,
            wait_s: wait_s.min(MAX_WAIT_S),
            gaps: if gaps == 0 { Gaps::Filled } else { Gaps::Taken },
        }),
        _ => Err(Fault::new(Code::Validation, "after, wait and gaps are whole numbers")),
    }
}

/// Events after a cursor; waits for the first one as long as asked.
pub async fn feed(
    State(central): State<Central>,
    RawQuery(query): RawQuery,
    by: Signed<0>,
) -> Result<Json<FeedAnswer>, Fault> {
    let asked = asked(query.as_deref())?;
    let id = by.station.id;
    // When all places to wait are taken, the answer comes at once and the station asks again.
    let place = Arc::clone(&central.guards().waiters).try_acquire_owned().ok();
    let wait = place
        .as_ref()
        .map_or(Duration::ZERO, |_| Duration::from_secs(asked.wait_s));
    let begun = Instant::now();
    let until = begun + wait;
    let bell = central.wakes().bell(&by.station);
    let mut closing = central.wakes().closing();
    loop {
        // Listening begins before looking, so that nothing falls between the two.
        let mut rung = pin!(bell.notified());
        rung.as_mut().enable();
        let answer = match central.at_store(move |c| c.feed(&id, asked.after, asked.gaps)).await? {
            Feed::Expired => return Err(Fault::new(Code::CursorExpired, "Take a snapshot and go on from there")),
            Feed::Events(answer) => answer,
        };
        let left = until.saturating_duration_since(Instant::now());
        let gathering = gathered(&answer).saturating_sub(begun.elapsed());
        let news = answer.events.iter().any(|e| e.body != FeedBody::Unknown);
        if left.is_zero() || *closing.borrow() || news && gathering.is_zero() {
            let lan = central.at_store(move |c| c.lan_key(&id)).await?;
            return Ok(Json(FeedAnswer { lan, ..answer }));
        }
        tokio::select! {
            () = &mut rung, if !news => {}
            () = tokio::time::sleep(left.min(if news { gathering } else { LOOK_EVERY })) => {}
            _ = closing.changed() => {}
        }
    }
}

/// How long after the question an answer with these events is due.
fn gathered(answer: &FeedAnswer) -> Duration {
    if answer.more {
        Duration::ZERO
    } else if answer
        .events
        .iter()
        .all(|e| matches!(e.body, FeedBody::Collected(_) | FeedBody::Unknown))
    {
        GATHER
    } else {
        GATHER_OWN
    }
}

/// Everything at once.
pub async fn snapshot(State(central): State<Central>, by: Signed<0>) -> Result<Json<Snapshot>, Fault> {
    Ok(Json(central.at_store(move |c| c.snapshot(&by.station.id)).await?))
}
