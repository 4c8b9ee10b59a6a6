//! One datagram: a clear header (magic, version, key id, nonce) and a sealed body. Numbers are little-endian.
//! Nothing that is sent because of a datagram is longer than it: a [`Knock`] is shorter than the [`Here`] it follows, an [`Alive`]
//! shorter than the knock, and an [`Ask`], which goes to proven places only, as long as the longest [`Page`].
use crate::claims::{Claim, Mark};
use crate::key::{SUBJECT_BYTES, SchoolKey, Subject};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use domain::{CampaignId, OrderId, StationId, UtcMs};
use uuid::Uuid;

/// Longest datagram: passes every path without being cut up.
pub const MAX_BYTES: usize = 1200;
/// Version this program speaks; another is not looked at.
pub const VERSION: u8 = 1;
/// Lines of one page.
pub const MAX_CLAIMS: usize = 17;
/// Longest name of a station, in bytes of UTF-8; a longer one is cut.
pub const MAX_NAME_BYTES: usize = 48;

const MAGIC: &[u8; 4] = b"XYLN";
const NONCE: usize = 24;
const HEADER: usize = 4 + 1 + 8 + NONCE;
const TAG: usize = 16;

/// 16 random bytes: names one life of a station to its askers, or one question.
pub type Chance = [u8; 16];

/// Says how far the own row goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// Drawn at each start.
    pub run: u64,
    /// Grows with each of this run.
    pub count: u64,
    /// A question must name it; so no question from another life of this station is answered.
    pub token: Chance,
    /// The own row goes so far.
    pub own: Mark,
}

/// Asks for a sign of life, to tell a station from its words of another day sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knock {
    /// Whom.
    pub to: StationId,
    /// As the one asked has said.
    pub token: Chance,
    /// The answer must name it.
    pub question: Chance,
}

/// Answers a [`Knock`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alive {
    /// Whose question.
    pub to: StationId,
    /// As asked.
    pub question: Chance,
}

/// Asks for lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Drawn at each start of the asker.
    pub run: u64,
    /// Grows with each question of this run.
    pub count: u64,
    /// Whom.
    pub to: StationId,
    /// As the one asked has said.
    pub token: Chance,
    /// The answer must name it.
    pub question: Chance,
    /// Lines after this.
    pub from: Mark,
}

/// Answers an [`Ask`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Whose question.
    pub to: StationId,
    /// As asked.
    pub question: Chance,
    /// The clock of the one who answers.
    pub now: UtcMs,
    /// Its name.
    pub name: String,
    /// The asker's mark is of no line here: what was told before is void.
    pub anew: bool,
    /// There are more lines.
    pub more: bool,
    /// The row goes so far with these.
    pub reaches: Mark,
    /// In order, at most [`MAX_CLAIMS`].
    pub claims: Vec<Claim>,
}

/// What a datagram says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// How far the own row goes.
    Here(Here),
    /// A question for a sign of life.
    Knock(Knock),
    /// A sign of life.
    Alive(Alive),
    /// A question for lines.
    Ask(Ask),
    /// Lines.
    Page(Page),
}

/// Why a datagram was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Not one of ours, or cut short.
    Garbage,
    /// Of another version.
    Version,
    /// Sealed with another key.
    Foreign,
    /// Not sealed with the key it names, or changed on the way.
    Forged,
}

/// Seals and opens with one key.
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    id: [u8; 8],
}

impl Sealer {
    /// With the key of a school.
    pub fn new(key: &SchoolKey) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(key.seal().into()),
            id: key.id(),
        }
    }

    /// Seals what a station says; nothing when it does not fit.
    pub fn seal(&self, by: StationId, body: &Body, nonce: [u8; NONCE]) -> Option<Vec<u8>> {
        let mut datagram = Vec::with_capacity(MAX_BYTES);
        datagram.extend_from_slice(MAGIC);
        datagram.push(VERSION);
        datagram.extend_from_slice(&self.id);
        datagram.extend_from_slice(&nonce);
        let mut plain = write(by, body);
        if plain.len() > MAX_BYTES - HEADER - TAG {
            return None;
        }
        let sealed = self
            .cipher
            .encrypt_inout_detached(&nonce.into(), &datagram, plain.as_mut_slice().into());
        let tag: [u8; TAG] = sealed.ok()?.into();
        datagram.extend_from_slice(&plain);
        datagram.extend_from_slice(&tag);
        Some(datagram)
    }

    /// Looks at the header only, which costs nothing.
    ///
    /// # Errors
    /// When it is none of ours, of another version or under another key.
    pub fn look(&self, datagram: &[u8]) -> Result<(), Unreadable> {
        match datagram.strip_prefix(MAGIC).and_then(<[u8]>::first) {
            None => Err(Unreadable::Garbage),
            Some(&VERSION) if datagram.len() < HEADER + TAG || datagram.len() > MAX_BYTES => Err(Unreadable::Garbage),
            Some(&VERSION) if datagram[5..13] != self.id => Err(Unreadable::Foreign),
            Some(&VERSION) => Ok(()),
            Some(_) => Err(Unreadable::Version),
        }
    }

    /// Opens a datagram.
    ///
    /// # Errors
    /// As [`Sealer::look`], and when it was not sealed with the key.
    pub fn open(&self, datagram: &[u8]) -> Result<(StationId, Body), Unreadable> {
        self.look(datagram)?;
        let (header, rest) = datagram.split_at(HEADER);
        let (sealed, end) = rest.split_at(rest.len() - TAG);
        let (mut nonce, mut tag) = ([0; NONCE], [0; TAG]);
        nonce.copy_from_slice(&header[HEADER - NONCE..]);
        tag.copy_from_slice(end);
        let mut plain = sealed.to_vec();
        self.cipher
            .decrypt_inout_detached(&nonce.into(), header, plain.as_mut_slice().into(), &tag.into())
            .map_err(|_| Unreadable::Forged)?;
        let mut reader = Reader(&plain);
        read(&mut reader).ok_or(Unreadable::Garbage)
    }
}

/// A name cut to the longest that goes out, at the border of a character.
pub fn cut(name: &str) -> &str {
    let mut end = name.len().min(MAX_NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

fn write(by: StationId, body: &Body) -> Vec<u8> {
    let mut w = Vec::with_capacity(MAX_BYTES);
    w.push(match body {
        Body::Here(_) => 1,
        Body::Ask(_) => 2,
        Body::Page(_) => 3,
        Body::Knock(_) => 4,
        Body::Alive(_) => 5,
    });
    w.extend_from_slice(by.0.as_bytes());
    match body {
        Body::Here(here) => {
            w.extend_from_slice(&here.run.to_le_bytes());
            w.extend_from_slice(&here.count.to_le_bytes());
            w.extend_from_slice(&here.token);
            write_mark(&mut w, here.own);
        }
        Body::Knock(knock) => {
            w.extend_from_slice(knock.to.0.as_bytes());
            w.extend_from_slice(&knock.token);
            w.extend_from_slice(&knock.question);
        }
        Body::Alive(alive) => {
            w.extend_from_slice(alive.to.0.as_bytes());
            w.extend_from_slice(&alive.question);
        }
        Body::Ask(ask) => {
            w.extend_from_slice(&ask.run.to_le_bytes());
            w.extend_from_slice(&ask.count.to_le_bytes());
            w.extend_from_slice(ask.to.0.as_bytes());
            w.extend_from_slice(&ask.token);
            w.extend_from_slice(&ask.question);
            write_mark(&mut w, ask.from);
            w.resize(MAX_BYTES - HEADER - TAG, 0);
        }
        Body::Page(page) => write_page(&mut w, page),
    }
    w
}

fn write_mark(w: &mut Vec<u8>, mark: Mark) {
    w.extend_from_slice(&mark.seq.to_le_bytes());
    w.extend_from_slice(&mark.mark);
}

fn write_page(w: &mut Vec<u8>, page: &Page) {
    w.extend_from_slice(page.to.0.as_bytes());
    w.extend_from_slice(&page.question);
    w.extend_from_slice(&page.now.0.to_le_bytes());
    let name = cut(&page.name);
    w.push(u8::try_from(name.len()).unwrap_or(0));
    w.extend_from_slice(name.as_bytes());
    w.push(u8::from(page.anew) | u8::from(page.more) << 1);
    write_mark(w, page.reaches);
    w.push(u8::try_from(page.claims.len()).unwrap_or(u8::MAX));
    for claim in &page.claims {
        w.push(u8::from(claim.collected));
        w.extend_from_slice(claim.campaign.0.as_bytes());
        w.extend_from_slice(&claim.subject.0);
        w.extend_from_slice(claim.order.0.as_bytes());
        w.extend_from_slice(&claim.taken_at.0.to_le_bytes());
    }
}

/// Takes from the front; nothing when there is too little.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn bytes(&mut self, n: usize) -> Option<&'b [u8]> {
        let (front, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(front)
    }
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }
    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[b]| b)
    }
    fn number(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
    fn time(&mut self) -> Option<UtcMs> {
        self.array().map(i64::from_le_bytes).map(UtcMs)
    }
    fn id(&mut self) -> Option<Uuid> {
        self.array().map(Uuid::from_bytes)
    }
    fn mark(&mut self) -> Option<Mark> {
        Some(Mark {
            seq: self.number()?,
            mark: self.array()?,
        })
    }
}

fn read(r: &mut Reader<'_>) -> Option<(StationId, Body)> {
    let kind = r.byte()?;
    let by = StationId(r.id()?);
    let body = match kind {
        1 => Body::Here(Here {
            run: r.number()?,
            count: r.number()?,
            token: r.array()?,
            own: r.mark()?,
        }),
        2 => Body::Ask(read_ask(r)?),
        3 => Body::Page(read_page(r)?),
        4 => Body::Knock(Knock {
            to: StationId(r.id()?),
            token: r.array()?,
            question: r.array()?,
        }),
        5 => Body::Alive(Alive {
            to: StationId(r.id()?),
            question: r.array()?,
        }),
        _ => return None,
    };
    r.0.is_empty().then_some((by, body))
}

fn read_ask(r: &mut Reader<'_>) -> Option<Ask> {
    let ask = Ask {
        run: r.number()?,
        count: r.number()?,
        to: StationId(r.id()?),
        token: r.array()?,
        question: r.array()?,
        from: r.mark()?,
    };
    // Nothing is answered that did not pay with its own length.
    let full = MAX_BYTES - HEADER - TAG - (1 + 16 + 8 + 8 + 16 + 16 + 16 + 24);
    let filling = r.bytes(full)?;
    filling.iter().all(|b| *b == 0).then_some(ask)
}

fn read_page(r: &mut Reader<'_>) -> Option<Page> {
    let to = StationId(r.id()?);
    let question = r.array()?;
    let now = r.time()?;
    let length = usize::from(r.byte()?);
    let name = std::str::from_utf8(r.bytes(length)?).ok()?;
    if length > MAX_NAME_BYTES || name.chars().any(char::is_control) {
        return None;
    }
    let flags = r.byte()?;
    let reaches = r.mark()?;
    let n = usize::from(r.byte()?);
    if flags > 3 || n > MAX_CLAIMS {
        return None;
    }
    let claims = (0..n).map(|_| read_claim(r)).collect::<Option<Vec<_>>>()?;
    Some(Page {
        to,
        question,
        now,
        name: name.to_owned(),
        anew: flags & 1 != 0,
        more: flags & 2 != 0,
        reaches,
        claims,
    })
}

fn read_claim(r: &mut Reader<'_>) -> Option<Claim> {
    let collected = match r.byte()? {
        0 => false,
        1 => true,
        _ => return None,
    };
    Some(Claim {
        collected,
        campaign: CampaignId(r.id()?),
        subject: Subject(r.array::<SUBJECT_BYTES>()?),
        order: OrderId(r.id()?),
        taken_at: r.time()?,
    })
}
