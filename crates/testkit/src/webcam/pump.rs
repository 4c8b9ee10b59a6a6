//! How do frames get onto the bus? Cut into payloads with the two-byte header of USB Video Class, one for each waiting transfer.
use super::descriptors::MAX_PAYLOAD;
use super::usbip::{self, Submit};
use super::{Inner, Tear, locked};
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

const PAYLOAD_HEADER: usize = 2;
const END_OF_HEADER: u8 = 0x80;
const END_OF_FRAME: u8 = 0x02;
const PATIENCE: Duration = Duration::from_millis(20);

/// Transfers the driver has room for.
#[derive(Default)]
pub(super) struct Waiting {
    transfers: Mutex<VecDeque<Submit>>,
    came: Condvar,
}

impl Waiting {
    pub(super) fn push(&self, submit: Submit) {
        locked(&self.transfers).push_back(submit);
        self.came.notify_one();
    }

    pub(super) fn wake(&self) {
        self.came.notify_all();
    }

    /// Takes a transfer back; says whether it was still waiting.
    pub(super) fn forget(&self, sequence: u32) -> bool {
        let mut transfers = locked(&self.transfers);
        let before = transfers.len();
        transfers.retain(|t| t.sequence != sequence);
        transfers.len() != before
    }

    fn put_back(&self, transfer: Submit) {
        locked(&self.transfers).push_front(transfer);
    }

    fn pop(&self) -> Option<Submit> {
        let transfers = locked(&self.transfers);
        let (mut transfers, _) = self
            .came
            .wait_timeout_while(transfers, PATIENCE, |t| t.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        transfers.pop_front()
    }
}

/// Sends frames until the plug is pulled.
pub(super) fn run(inner: &Inner) {
    let (mut toggle, mut number) = (0, 0_u64);
    let mut due = Instant::now();
    while !inner.gone.load(Ordering::Relaxed) {
        if inner.silent.load(Ordering::Relaxed) {
            std::thread::sleep(PATIENCE);
            due = Instant::now();
            continue;
        }
        let frames = &inner.play().frames;
        let at = |n: u64| frames[(n % frames.len() as u64) as usize].as_slice();
        let every = u64::from(inner.tear_every.load(Ordering::Relaxed));
        let pieces = if every > 0 && number % every == every - 1 {
            let torn = inner.torn.fetch_add(1, Ordering::Relaxed);
            Tear::nth(torn).pieces(at(number), at(number + 1))
        } else {
            vec![at(number)]
        };
        if !send(inner, &pieces, toggle) {
            return;
        }
        toggle ^= 1;
        number += 1;
        inner.sent.fetch_add(1, Ordering::Relaxed);
        due += Duration::from_micros(u64::from(inner.interval.load(Ordering::Relaxed)) / 10);
        match due.checked_duration_since(Instant::now()) {
            Some(left) => std::thread::sleep(left),
            None => due = Instant::now(),
        }
    }
}

/// Sends the pieces of one frame; false when the plug was pulled.
fn send(inner: &Inner, pieces: &[&[u8]], toggle: u8) -> bool {
    for (nth, piece) in pieces.iter().enumerate() {
        let mut rest: &[u8] = piece;
        while !rest.is_empty() {
            // A frame that has not begun waits for the end of the silence.
            let waits = || nth == 0 && rest.len() == piece.len() && inner.silent.load(Ordering::Relaxed);
            let transfer = if waits() { None } else { inner.waiting.pop() };
            let Some(transfer) = transfer else {
                if inner.gone.load(Ordering::Relaxed) {
                    return false;
                }
                if waits() {
                    std::thread::sleep(PATIENCE);
                }
                continue;
            };
            // The silence began while the host was waited for.
            if waits() {
                inner.waiting.put_back(transfer);
                continue;
            }
            let room = transfer.length.min(MAX_PAYLOAD) as usize - PAYLOAD_HEADER;
            let (now, later) = rest.split_at(room.min(rest.len()));
            let is_last = later.is_empty() && nth + 1 == pieces.len();
            let flags = END_OF_HEADER | toggle | if is_last { END_OF_FRAME } else { 0 };
            let message = usbip::delivered(transfer.sequence, &[&[PAYLOAD_HEADER as u8, flags], now]);
            if inner.send(&message).is_err() {
                return false;
            }
            rest = later;
        }
    }
    true
}
