//! A LAN in memory: stations with their rows, a network that loses, delays and doubles, and a clock that moves by itself.
use domain::id::CodeHash;
use domain::{CampaignId, OrderId, PersonKey, StationId, UtcMs};
use lan::plan::{Action, Event, Plan, Random};
use lan::{Claim, Line, Mark, Me, Said, SchoolKey, Subject, Told};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::{Ipv4Addr, SocketAddr};
use uuid::Uuid;

pub fn key(school: u8, generation: u64) -> SchoolKey {
    let seal = hex_of(school.wrapping_add(u8::try_from(generation).unwrap() * 16));
    SchoolKey::from_hex(generation, &seal, &hex_of(school)).unwrap()
}

fn hex_of(byte: u8) -> String {
    format!("{byte:02x}").repeat(32)
}

pub fn station(n: u8) -> StationId {
    StationId(Uuid::from_u128(u128::from(n) + 1))
}

pub fn campaign() -> CampaignId {
    CampaignId(Uuid::from_u128(77))
}

pub fn person(n: u32) -> PersonKey {
    let mut hash = [7; 32];
    hash[..4].copy_from_slice(&n.to_le_bytes());
    PersonKey::Code(CodeHash::from_hex(&hash.iter().map(|b| format!("{b:02x}")).collect::<String>()).unwrap())
}

pub fn order(of: u8, n: u32) -> OrderId {
    OrderId(Uuid::from_u128(u128::from(of) << 64 | u128::from(n)))
}

/// Chance with a seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.roll().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

pub fn random(seed: u64) -> Random {
    let mut dice = Dice(seed);
    Box::new(move |bytes| dice.fill(bytes))
}

pub fn address(n: u8) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::new(10, 0, 0, n), lan::PORT))
}

/// What a station has taken up of a neighbour.
#[derive(Default, Clone)]
pub struct Shelf {
    pub heard: Mark,
    pub claims: BTreeMap<OrderId, Claim>,
}

pub struct Node {
    pub plan: Option<Plan>,
    pub me: Me,
    pub lines: Vec<(Mark, Line)>,
    pub shelves: HashMap<StationId, Shelf>,
    /// Its clock is wrong by so much.
    pub skew_ms: i64,
    pub takes: u32,
}

impl Node {
    pub fn own(&self) -> Mark {
        self.lines.last().map(|(m, _)| *m).unwrap_or_default()
    }

    fn after(&self, from: Mark, limit: usize) -> Said {
        let known = from == Mark::default() || self.lines.iter().any(|(m, _)| *m == from);
        let begin = if known { from.seq } else { 0 };
        let rest: Vec<_> = self.lines.iter().filter(|(m, _)| m.seq > begin).collect();
        let page = &rest[..rest.len().min(limit)];
        Said {
            anew: !known,
            lines: page.iter().map(|(_, l)| l.clone()).collect(),
            to: page
                .last()
                .map_or(if known { from } else { Mark::default() }, |(m, _)| *m),
            more: rest.len() > limit,
        }
    }

    fn take(&mut self, told: &Told) -> Mark {
        self.takes += 1;
        let shelf = self.shelves.entry(told.station).or_default();
        if shelf.heard != told.from {
            return shelf.heard;
        }
        if told.anew {
            shelf.claims.clear();
        }
        for claim in &told.claims {
            if claim.collected {
                shelf.claims.insert(claim.order, claim.clone());
            } else {
                shelf.claims.remove(&claim.order);
            }
        }
        shelf.heard = told.to;
        shelf.heard
    }

    /// Whether anybody told of this person.
    pub fn knows(&self, n: u32) -> bool {
        let subject: Subject = self.me.key.subject(campaign(), &person(n));
        self.shelves
            .values()
            .any(|s| s.claims.values().any(|c| c.subject == subject))
    }
}

pub struct Net {
    pub nodes: Vec<Node>,
    pub now: u64,
    pub lost_per_mille: u64,
    pub dice: Dice,
    /// Every datagram that was sent, from where to where.
    pub sent: Vec<(SocketAddr, SocketAddr, Vec<u8>)>,
    way: BTreeMap<(u64, u64), (SocketAddr, SocketAddr, Vec<u8>)>,
    count: u64,
}

impl Net {
    pub fn of(schools: &[u8]) -> Self {
        let node = |(n, school): (usize, &u8)| Node {
            plan: None,
            me: Me {
                station: station(u8::try_from(n).unwrap()),
                name: format!("机位 {n}"),
                key: key(*school, 0),
            },
            lines: Vec::new(),
            shelves: HashMap::new(),
            skew_ms: 0,
            takes: 0,
        };
        Self {
            nodes: schools.iter().enumerate().map(node).collect(),
            now: 1_000,
            lost_per_mille: 0,
            dice: Dice(42),
            sent: Vec::new(),
            way: BTreeMap::new(),
            count: 0,
        }
    }

    pub fn start(&mut self, n: usize) {
        let seed = self.dice.roll();
        let node = &mut self.nodes[n];
        let heard = node.shelves.iter().map(|(id, s)| (*id, s.heard)).collect();
        node.plan = Some(Plan::new(node.me.clone(), heard, random(seed)));
        self.happen(n, Event::Timer);
    }

    pub fn stop(&mut self, n: usize) {
        self.nodes[n].plan = None;
    }

    pub fn start_all(&mut self) {
        (0..self.nodes.len()).for_each(|n| self.start(n));
    }

    /// A station collects a person, or takes that back.
    pub fn tell(&mut self, n: usize, who: u32, collected: bool) {
        let mut mark = [0; 16];
        self.dice.fill(&mut mark);
        let node = &mut self.nodes[n];
        let seq = node.own().seq + 1;
        let line = Line {
            collected,
            campaign: campaign(),
            person: person(who),
            order: order(u8::try_from(n).unwrap(), who),
            taken_at: UtcMs(1_000_000 + i64::try_from(self.now).unwrap() + node.skew_ms),
        };
        node.lines.push((Mark { seq, mark }, line));
        let own = node.own();
        if node.plan.is_some() {
            self.happen(n, Event::Own(own));
        }
    }

    pub fn inject(&mut self, from: SocketAddr, to: usize, datagram: &[u8]) {
        self.happen(to, Event::Heard { from, datagram });
    }

    fn happen(&mut self, n: usize, event: Event<'_>) {
        let now = self.now;
        let mut todo: VecDeque<Action> = self.step(n, event, now).into();
        while let Some(action) = todo.pop_front() {
            match action {
                Action::Announce(datagram) => {
                    for to in 0..self.nodes.len() {
                        self.send(n, address(u8::try_from(to).unwrap()), datagram.clone());
                    }
                }
                Action::Send { to, datagram } => self.send(n, to, datagram),
                Action::LookOwn => {
                    let own = self.nodes[n].own();
                    todo.extend(self.step(n, Event::Own(own), now));
                }
                Action::Read { reply, from } => {
                    let said = Some(self.nodes[n].after(from, lan::datagram::MAX_CLAIMS));
                    todo.extend(self.step(n, Event::Said { reply, said }, now));
                }
                Action::Take(told) => {
                    let heard = Some(self.nodes[n].take(&told));
                    let station = told.station;
                    todo.extend(self.step(n, Event::Taken { station, heard }, now));
                }
            }
        }
    }

    fn step(&mut self, n: usize, event: Event<'_>, now: u64) -> Vec<Action> {
        let clock = UtcMs(1_000_000 + i64::try_from(now).unwrap() + self.nodes[n].skew_ms);
        self.nodes[n].plan.as_mut().unwrap().step(event, now, clock)
    }

    fn send(&mut self, from: usize, to: SocketAddr, datagram: Vec<u8>) {
        assert!(datagram.len() <= lan::datagram::MAX_BYTES);
        let from = address(u8::try_from(from).unwrap());
        self.sent.push((from, to, datagram.clone()));
        // Lost, late, out of order, or twice.
        let copies = if self.lost_per_mille > 0 && self.dice.roll().is_multiple_of(20) {
            2
        } else {
            1
        };
        for _ in 0..copies {
            if self.dice.roll() % 1000 >= self.lost_per_mille {
                let at = self.now + 1 + self.dice.roll() % 40;
                self.count += 1;
                self.way.insert((at, self.count), (from, to, datagram.clone()));
            }
        }
    }

    /// Lets time go by.
    pub fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        let mut turns = 0_u64;
        loop {
            let alarms = self.nodes.iter().enumerate();
            let alarm = alarms
                .filter_map(|(n, node)| Some((node.plan.as_ref()?.alarm_ms(), n)))
                .min();
            let packet = self.way.keys().next().copied();
            let at = alarm
                .map(|(at, _)| at)
                .into_iter()
                .chain(packet.map(|(at, _)| at))
                .min();
            let Some(at) = at.filter(|at| *at <= end) else { break };
            turns += 1;
            assert!(turns < 4_000_000, "something turns in a circle");
            self.now = self.now.max(at);
            match packet {
                Some(first) if first.0 == at => {
                    let (from, to, datagram) = self.way.remove(&first).unwrap();
                    let there = self.nodes.iter().enumerate();
                    let there = there.filter(|(_, node)| node.plan.is_some()).map(|(n, _)| n);
                    let hit: Vec<usize> = there.filter(|n| address(u8::try_from(*n).unwrap()) == to).collect();
                    hit.into_iter().for_each(|n| self.inject(from, n, &datagram));
                }
                _ => self.happen(alarm.unwrap().1, Event::Timer),
            }
        }
        self.now = end;
    }

    /// Runs until something holds, and says how long that took.
    pub fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) -> u64 {
        let began = self.now;
        while !holds(self) {
            assert!(self.now < began + 300_000, "waited in vain: {what}");
            self.run(10);
        }
        self.now - began
    }

    pub fn stations(&self, n: usize) -> usize {
        self.nodes[n].plan.as_ref().unwrap().stations(self.now).len()
    }
}
