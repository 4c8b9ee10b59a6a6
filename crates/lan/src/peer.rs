//! What is known of one neighbour: where it was heard, which of that is proven by an answer, and the question on its way.
use crate::claims::Mark;
use crate::datagram::{Chance, Here};
use std::net::SocketAddr;

/// Places one station may be heard at that no answer has proven.
const MAX_UNPROVEN: usize = 4;
/// Knocks without an answer after which an unproven place is given up.
const GIVE_UP: u32 = 3;
/// First wait for an answer; doubled each time, up to [`MAX_WAIT_MS`].
const WAIT_MS: u64 = 300;
const MAX_WAIT_MS: u64 = 5_000;

/// One life of a station at one address.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub at: SocketAddr,
    pub run: u64,
    pub count: u64,
    pub token: Chance,
    pub own: Mark,
    /// When it was heard last, monotonic milliseconds.
    pub heard_ms: u64,
    pub question: Option<Question>,
    /// No question before this.
    pub rests_until_ms: Option<u64>,
    /// Heard since it was knocked at: one knock for each word, never more.
    pub is_to_knock: bool,
    pub failures: u32,
}

/// A question that waits for its answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    pub question: Chance,
    pub from: Mark,
    pub until_ms: u64,
}

impl Contact {
    fn new(at: SocketAddr, here: &Here, now: u64) -> Self {
        Self {
            at,
            run: here.run,
            count: here.count,
            token: here.token,
            own: here.own,
            heard_ms: now,
            question: None,
            rests_until_ms: None,
            is_to_knock: true,
            failures: 0,
        }
    }

    fn update(&mut self, here: &Here, now: u64) {
        (self.count, self.token, self.own) = (here.count, here.token, here.own);
        self.heard_ms = now;
        self.is_to_knock = true;
    }

    /// How long the next question waits for its answer.
    pub fn wait_ms(&self) -> u64 {
        (WAIT_MS << self.failures.min(8)).min(MAX_WAIT_MS)
    }

    /// A question without an answer in time is over.
    fn expire(&mut self, now: u64) {
        if self.question.is_some_and(|q| q.until_ms <= now) {
            self.question = None;
            self.failures = self.failures.saturating_add(1);
        }
        self.rests_until_ms = self.rests_until_ms.filter(|until| *until > now);
    }
}

/// A neighbour.
#[derive(Debug, Clone, Default)]
pub(crate) struct Peer {
    /// As its first page told.
    pub name: Option<String>,
    /// Answered a question of ours, so it lives and holds the key now.
    pub proven: Option<Contact>,
    /// Only heard: a datagram caught earlier and sent again looks the same.
    pub unproven: Vec<Contact>,
    /// Lines of it are being taken up; no question before it is done or this time is over.
    pub taking_until_ms: Option<u64>,
}

/// What hearing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    News,
    Repeated,
}

impl Peer {
    pub fn hear(&mut self, at: SocketAddr, here: &Here, now: u64) -> Heard {
        if let Some(proven) = self.proven.as_mut().filter(|c| c.run == here.run) {
            if here.count <= proven.count {
                return Heard::Repeated;
            }
            if proven.at == at {
                proven.update(here, now);
                return Heard::News;
            }
        }
        let known = self.unproven.iter_mut().find(|c| c.run == here.run && c.at == at);
        match known {
            Some(known) if here.count <= known.count => return Heard::Repeated,
            Some(known) => known.update(here, now),
            None => {
                if self.unproven.len() == MAX_UNPROVEN {
                    self.unproven.remove(0);
                }
                self.unproven.push(Contact::new(at, here, now));
            }
        }
        Heard::News
    }

    pub fn expire(&mut self, now: u64) {
        self.proven.iter_mut().for_each(|c| c.expire(now));
        self.unproven.iter_mut().for_each(|c| c.expire(now));
        self.unproven.retain(|c| c.failures < GIVE_UP);
        self.taking_until_ms = self.taking_until_ms.filter(|until| *until > now);
    }

    /// The proven place, when its row goes elsewhere than what was heard of it or its name is not known, and nothing is on its way.
    pub fn must_ask(&mut self, heard: Mark, since_ms: u64) -> Option<&mut Contact> {
        let wanting = self.name.is_none();
        let free = self.taking_until_ms.is_none();
        self.proven.as_mut().filter(|c| {
            let rests = c.question.is_some() || c.rests_until_ms.is_some();
            free && !rests && c.heard_ms >= since_ms && (wanting || c.own != heard)
        })
    }

    /// Unproven places to knock at.
    pub fn must_knock(&mut self) -> impl Iterator<Item = &mut Contact> {
        let waiting = self.unproven.iter_mut();
        waiting.filter(|c| c.question.is_none() && c.is_to_knock)
    }

    /// Whoever answers a knock lives and holds the key: its place is the proven one now.
    pub fn prove(&mut self, knock: &Chance, now: u64) -> Option<&mut Contact> {
        let is_it = |c: &Contact| c.question.is_some_and(|q| q.question == *knock);
        let place = self.unproven.iter().position(is_it)?;
        let mut contact = self.unproven.remove(place);
        (contact.failures, contact.heard_ms, contact.question) = (0, now, None);
        Some(self.proven.insert(contact))
    }

    /// What was asked with the question that is answered now.
    pub fn answered(&mut self, question: &Chance, now: u64) -> Option<Question> {
        let asked = self.proven.as_mut()?;
        let is_it = asked.question.filter(|q| q.question == *question)?;
        (asked.failures, asked.heard_ms, asked.question) = (0, now, None);
        Some(is_it)
    }

    /// When something is due.
    pub fn alarm(&self) -> Option<u64> {
        let contacts = self.proven.iter().chain(&self.unproven);
        let due = contacts.flat_map(|c| c.question.map(|q| q.until_ms).into_iter().chain(c.rests_until_ms));
        due.chain(self.taking_until_ms).min()
    }

    /// When anything was heard last.
    pub fn heard_ms(&self) -> u64 {
        let contacts = self.proven.iter().chain(&self.unproven);
        contacts.map(|c| c.heard_ms).max().unwrap_or(0)
    }
}
