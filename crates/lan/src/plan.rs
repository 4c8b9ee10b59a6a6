//! What is to be done when something happens? Pure: no socket, clock, store or thread. Who is heard is knocked at, who answers the
//! knock is asked; only what answers a question of ours is taken, and only questions that name this life of ours are answered.
use crate::claims::{Claim, Mark, Said, Told};
use crate::datagram::{Alive, Ask, Body, Chance, Here, Knock, MAX_CLAIMS, Page, Sealer, Unreadable};
use crate::key::SchoolKey;
use crate::peer::{Heard, Peer, Question};
use crate::run::{Me, Station};
use crate::tally::Tally;
pub use crate::terms::{Action, Event, Reply};
use domain::{StationId, UtcMs};
use std::collections::HashMap;
use std::net::SocketAddr;

/// Most neighbours listened to at once.
pub const MAX_PEERS: usize = 128;
/// Most questions that are being answered at once; one more is not heard, and comes again.
pub const MAX_READS: usize = 32;
/// Datagrams opened in a second, and the most saved up: a flood costs no more than that.
pub const MAX_OPENED: u64 = 2_000;
/// Most neighbours whose last question is remembered.
const MAX_ASKERS: usize = 512;
/// How often a station says how far its row goes, and by how much that is spread.
const SAY_MS: u64 = 2_000;
const SPREAD_MS: u64 = 1_000;
/// After a change it is said three times, this far apart.
const REPEAT_MS: u64 = 200;
const REPEATS: u8 = 2;
/// A neighbour not heard for so long is not there.
const LIVE_MS: u64 = 12_000;
/// One not heard for so long makes room for another.
const FORGET_MS: u64 = 60_000;
/// Longest that a knock waits.
const KNOCK_MS: u64 = 1_000;
/// Longest that lines are taken up.
const TAKING_MS: u64 = 10_000;
/// Clocks this close are the same: what a datagram takes on its way is no difference.
const SAME_CLOCK_MS: i64 = 2_000;

/// Fills bytes with chance nobody can guess; a seed in tests.
pub type Random = Box<dyn FnMut(&mut [u8]) + Send>;

/// The plan of one run.
pub struct Plan {
    me: StationId,
    name: String,
    key: SchoolKey,
    sealer: Sealer,
    random: Random,
    run: u64,
    token: Chance,
    said: u64,
    asked: u64,
    own: Mark,
    say_at_ms: u64,
    repeats: u8,
    peers: HashMap<StationId, Peer>,
    heard: HashMap<StationId, Mark>,
    /// The last question of each asker: run and count.
    askers: HashMap<StationId, (u64, u64)>,
    reads: usize,
    budget: u64,
    budget_ms: u64,
    tally: Tally,
}

impl Plan {
    /// A plan that has said nothing, and knows how far each neighbour was listened to before.
    pub fn new(me: Me, heard: Vec<(StationId, Mark)>, mut random: Random) -> Self {
        let (mut run, mut token) = ([0; 8], [0; 16]);
        random(&mut run);
        random(&mut token);
        Self {
            me: me.station,
            name: me.name,
            sealer: Sealer::new(&me.key),
            key: me.key,
            random,
            run: u64::from_le_bytes(run),
            token,
            said: 0,
            asked: 0,
            own: Mark::default(),
            say_at_ms: 0,
            repeats: REPEATS,
            peers: HashMap::new(),
            heard: heard.into_iter().collect(),
            askers: HashMap::new(),
            reads: 0,
            budget: MAX_OPENED,
            budget_ms: 0,
            tally: Tally::default(),
        }
    }

    /// Takes one happening at a monotonic time; `clock` is the station's, right or wrong.
    pub fn step(&mut self, event: Event<'_>, now_ms: u64, clock: UtcMs) -> Vec<Action> {
        let mut todo = Vec::new();
        match event {
            Event::Own(own) => self.own(own, now_ms, &mut todo),
            Event::Heard { from, datagram } => self.datagram(from, datagram, now_ms, clock, &mut todo),
            Event::Said { reply, said } => self.answer(&reply, said, clock, &mut todo),
            Event::Taken { station, heard } => self.taken(station, heard, now_ms),
            Event::Timer => {}
        }
        if self.say_at_ms <= now_ms {
            todo.push(Action::LookOwn);
            todo.extend(self.here().map(Action::Announce));
            self.say_at_ms = now_ms + self.pause_ms();
        }
        self.ask_around(now_ms, &mut todo);
        todo
    }

    /// When [`Event::Timer`] is due at the latest, monotonic milliseconds.
    pub fn alarm_ms(&self) -> u64 {
        let peers = self.peers.values().filter_map(Peer::alarm);
        peers.min().map_or(self.say_at_ms, |at| at.min(self.say_at_ms))
    }

    /// Neighbours that are there now, by name.
    pub fn stations(&self, now_ms: u64) -> Vec<Station> {
        let live = |(id, peer): (&StationId, &Peer)| {
            let (proven, name) = (peer.proven.as_ref()?, peer.name.as_ref()?);
            (proven.heard_ms + LIVE_MS > now_ms).then(|| Station {
                id: *id,
                name: name.clone(),
                up_to_date: self.heard.get(id).copied().unwrap_or_default() == proven.own,
            })
        };
        let mut stations: Vec<Station> = self.peers.iter().filter_map(live).collect();
        stations.sort_by(|a, b| (&a.name, a.id.0).cmp(&(&b.name, b.id.0)));
        stations
    }

    /// What came in so far.
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    fn pause_ms(&mut self) -> u64 {
        if self.repeats > 0 {
            self.repeats -= 1;
            return REPEAT_MS;
        }
        let mut chance = [0; 2];
        (self.random)(&mut chance);
        SAY_MS + u64::from(u16::from_le_bytes(chance)) % SPREAD_MS
    }

    fn seal(&mut self, body: &Body) -> Option<Vec<u8>> {
        let mut nonce = [0; 24];
        (self.random)(&mut nonce);
        self.sealer.seal(self.me, body, nonce)
    }

    fn here(&mut self) -> Option<Vec<u8>> {
        self.said += 1;
        let here = Here {
            run: self.run,
            count: self.said,
            token: self.token,
            own: self.own,
        };
        self.seal(&Body::Here(here))
    }

    /// A change is said to everybody at once, and to each neighbour by itself: a broadcast over the air is sent once and not repeated.
    fn own(&mut self, own: Mark, now: u64, todo: &mut Vec<Action>) {
        if own == self.own {
            return;
        }
        self.own = own;
        self.repeats = REPEATS;
        self.say_at_ms = now + REPEAT_MS;
        let Some(datagram) = self.here() else { return };
        let proven = self.peers.values().filter_map(|p| p.proven.as_ref());
        let live = proven.filter(|c| c.heard_ms + LIVE_MS > now);
        todo.extend(live.map(|c| Action::Send {
            to: c.at,
            datagram: datagram.clone(),
        }));
        todo.push(Action::Announce(datagram));
    }

    fn datagram(&mut self, from: SocketAddr, datagram: &[u8], now: u64, clock: UtcMs, todo: &mut Vec<Action>) {
        let opened = match self.sealer.look(datagram) {
            Ok(()) if !self.may_open(now) => {
                self.tally.flood += 1;
                return;
            }
            Ok(()) => self.sealer.open(datagram),
            Err(unreadable) => Err(unreadable),
        };
        let count: Counter = match opened {
            // The own word comes back from a broadcast.
            Ok((by, _)) if by == self.me => return,
            Ok((by, Body::Here(here))) => self.hear(by, from, &here, now),
            Ok((by, Body::Knock(knock))) => self.knocked(by, from, &knock, todo),
            Ok((by, Body::Alive(alive))) => self.alive(by, &alive, now, todo),
            Ok((by, Body::Ask(ask))) => self.asked(by, from, &ask, todo),
            Ok((by, Body::Page(page))) => self.page(by, page, now, clock, todo),
            Err(Unreadable::Garbage) => |t| &mut t.garbage,
            Err(Unreadable::Version) => |t| &mut t.version,
            Err(Unreadable::Foreign) => |t| &mut t.foreign,
            Err(Unreadable::Forged) => |t| &mut t.forged,
        };
        *count(&mut self.tally) += 1;
    }

    fn may_open(&mut self, now: u64) -> bool {
        let gained = now.saturating_sub(self.budget_ms).saturating_mul(MAX_OPENED) / 1000;
        if gained > 0 {
            self.budget = self.budget.saturating_add(gained).min(MAX_OPENED);
            self.budget_ms = now;
        }
        let may = self.budget > 0;
        self.budget = self.budget.saturating_sub(1);
        may
    }

    fn hear(&mut self, by: StationId, from: SocketAddr, here: &Here, now: u64) -> Counter {
        if !self.peers.contains_key(&by) && self.peers.len() >= MAX_PEERS {
            self.peers.retain(|_, p| p.heard_ms() + FORGET_MS > now);
            if self.peers.len() >= MAX_PEERS {
                return |t| &mut t.crowded;
            }
        }
        match self.peers.entry(by).or_default().hear(from, here, now) {
            Heard::News => |t| &mut t.good,
            Heard::Repeated => |t| &mut t.repeated,
        }
    }

    fn knocked(&mut self, by: StationId, from: SocketAddr, knock: &Knock, todo: &mut Vec<Action>) -> Counter {
        if knock.to != self.me || knock.token != self.token {
            return |t| &mut t.repeated;
        }
        let alive = Alive {
            to: by,
            question: knock.question,
        };
        let sealed = self.seal(&Body::Alive(alive));
        todo.extend(sealed.map(|datagram| Action::Send { to: from, datagram }));
        |t| &mut t.good
    }

    fn alive(&mut self, by: StationId, alive: &Alive, now: u64, todo: &mut Vec<Action>) -> Counter {
        let Some(peer) = self.peers.get_mut(&by).filter(|_| alive.to == self.me) else {
            return |t| &mut t.repeated;
        };
        let Some(to) = peer.prove(&alive.question, now).map(|c| c.at) else {
            return |t| &mut t.repeated;
        };
        // It need not wait to learn of us.
        todo.extend(self.here().map(|datagram| Action::Send { to, datagram }));
        |t| &mut t.good
    }

    fn asked(&mut self, by: StationId, from: SocketAddr, ask: &Ask, todo: &mut Vec<Action>) -> Counter {
        if ask.to != self.me {
            return |t| &mut t.repeated;
        }
        if ask.token != self.token {
            // From before this start, or sent again: who lives learns the new token; the word is shorter than the question.
            todo.extend(self.here().map(|datagram| Action::Send { to: from, datagram }));
            return |t| &mut t.repeated;
        }
        let last = self.askers.get(&by).copied();
        if last.is_some_and(|(run, count)| run == ask.run && ask.count <= count) {
            return |t| &mut t.repeated;
        }
        if self.reads >= MAX_READS {
            return |t| &mut t.flood;
        }
        if last.is_none() && self.askers.len() >= MAX_ASKERS {
            self.askers.clear();
        }
        self.askers.insert(by, (ask.run, ask.count));
        self.reads += 1;
        let reply = Reply {
            station: by,
            at: from,
            question: ask.question,
        };
        todo.push(Action::Read { reply, from: ask.from });
        |t| &mut t.good
    }

    fn answer(&mut self, reply: &Reply, said: Option<Said>, clock: UtcMs, todo: &mut Vec<Action>) {
        self.reads = self.reads.saturating_sub(1);
        let Some(mut said) = said else { return };
        said.lines.truncate(MAX_CLAIMS);
        let page = Page {
            to: reply.station,
            question: reply.question,
            now: clock,
            name: self.name.chars().filter(|c| !c.is_control()).collect(),
            anew: said.anew,
            more: said.more,
            reaches: said.to,
            claims: said.lines.iter().map(|line| line.sealed(&self.key)).collect(),
        };
        let sealed = self.seal(&Body::Page(page));
        todo.extend(sealed.map(|datagram| Action::Send { to: reply.at, datagram }));
    }

    fn page(&mut self, by: StationId, page: Page, now: u64, clock: UtcMs, todo: &mut Vec<Action>) -> Counter {
        if page.to != self.me {
            return |t| &mut t.repeated;
        }
        let Some(peer) = self.peers.get_mut(&by) else {
            return |t| &mut t.repeated;
        };
        let Some(question) = peer.answered(&page.question, now) else {
            return |t| &mut t.repeated;
        };
        peer.name = Some(page.name.clone());
        let goes_on = goes_on(&page, &question);
        if let Some(proven) = peer.proven.as_mut() {
            if !page.more || !goes_on {
                proven.own = page.reaches;
            }
            if !goes_on && (page.anew || page.reaches != question.from) {
                // Lines that lead nowhere; looked at again later.
                proven.rests_until_ms = Some(now + LIVE_MS);
            }
        }
        if goes_on {
            peer.taking_until_ms = Some(now + TAKING_MS);
            todo.push(Action::Take(told(by, page, question.from, clock)));
        }
        |t| &mut t.good
    }

    fn taken(&mut self, station: StationId, heard: Option<Mark>, now: u64) {
        if let Some(mark) = heard {
            self.heard.insert(station, mark);
        }
        let Some(peer) = self.peers.get_mut(&station) else {
            return;
        };
        peer.taking_until_ms = None;
        if let (None, Some(proven)) = (heard, peer.proven.as_mut()) {
            proven.failures = proven.failures.saturating_add(1);
            proven.rests_until_ms = Some(now + proven.wait_ms());
        }
    }

    fn ask_around(&mut self, now: u64, todo: &mut Vec<Action>) {
        let since = now.saturating_sub(LIVE_MS);
        let mut bodies = Vec::new();
        for (id, peer) in &mut self.peers {
            peer.expire(now);
            for contact in peer.must_knock() {
                let question = drawn(&mut self.random);
                contact.is_to_knock = false;
                contact.question = Some(Question {
                    question,
                    from: Mark::default(),
                    until_ms: now + KNOCK_MS,
                });
                let (to, token) = (*id, contact.token);
                bodies.push((contact.at, Body::Knock(Knock { to, token, question })));
            }
            let from = self.heard.get(id).copied().unwrap_or_default();
            if let Some(contact) = peer.must_ask(from, since) {
                let question = drawn(&mut self.random);
                self.asked += 1;
                contact.question = Some(Question {
                    question,
                    from,
                    until_ms: now + contact.wait_ms(),
                });
                let ask = Ask {
                    run: self.run,
                    count: self.asked,
                    to: *id,
                    token: contact.token,
                    question,
                    from,
                };
                bodies.push((contact.at, Body::Ask(ask)));
            }
        }
        for (to, body) in bodies {
            todo.extend(self.seal(&body).map(|datagram| Action::Send { to, datagram }));
        }
    }
}

fn drawn(random: &mut Random) -> Chance {
    let mut chance = [0; 16];
    random(&mut chance);
    chance
}

/// The count a datagram adds to.
type Counter = fn(&mut Tally) -> &mut u64;

/// Whether a page leads on from what was asked.
fn goes_on(page: &Page, question: &Question) -> bool {
    let begin = if page.anew { 0 } else { question.from.seq };
    let lines = u64::try_from(page.claims.len()).unwrap_or(u64::MAX);
    match (page.anew, lines) {
        // A row that was emptied: nothing of what was told holds.
        (true, 0) => page.reaches == Mark::default() && !page.more,
        (false, 0) => false,
        _ => page.reaches.seq >= begin.saturating_add(lines) && i64::try_from(page.reaches.seq).is_ok(),
    }
}

/// A page as the station takes it up, times by its own clock.
fn told(station: StationId, page: Page, from: Mark, clock: UtcMs) -> Told {
    let apart = clock.0.saturating_sub(page.now.0);
    let shift = if apart.saturating_abs() < SAME_CLOCK_MS {
        0
    } else {
        apart
    };
    let here = |claim: Claim| Claim {
        taken_at: UtcMs(claim.taken_at.0.saturating_add(shift)),
        ..claim
    };
    Told {
        station,
        name: page.name,
        from,
        anew: page.anew,
        claims: page.claims.into_iter().map(here).collect(),
        to: page.reaches,
    }
}
