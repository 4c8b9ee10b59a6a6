//! What do the collection codes of this campaign look like? Learnt from the codes people scanned on purpose, as a form and a length and no
//! more: enough to know a poster or a card that happens to be in view for something else.
use domain::foreign::{Foreign, foreign};

/// People whose codes are alike before a code that looks otherwise is odd.
const ENOUGH: u32 = 3;
/// Forms that are told apart in one campaign.
const MAX_FORMS: usize = 4;
/// A count that says nothing more.
const MAX_PEOPLE: u32 = 1000;

/// How a code stands to those that were scanned on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It is of another use, whatever was learnt.
    OtherUse,
    /// Too few are known, and nothing speaks against it.
    Unknown,
    /// Nothing like it was scanned, and it looks like an address or a number for paying; or the known ones look otherwise.
    Odd,
    /// It looks like the others.
    Fits,
}

/// The forms that were learnt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeShapes(Vec<Shape>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Shape {
    form: String,
    least: usize,
    most: usize,
    people: u32,
}

impl CodeShapes {
    /// Reads what [`Self::text`] wrote; anything unreadable was not learnt.
    pub fn from_text(text: &str) -> Self {
        let shape = |line: &str| {
            let mut parts = line.split(' ');
            let shape = Shape {
                form: parts.next()?.to_owned(),
                least: parts.next()?.parse().ok()?,
                most: parts.next()?.parse().ok()?,
                people: parts.next()?.parse().ok()?,
            };
            parts.next().is_none().then_some(shape)
        };
        Self(text.lines().filter_map(shape).take(MAX_FORMS).collect())
    }

    /// For the store.
    pub fn text(&self) -> String {
        let line = |s: &Shape| format!("{} {} {} {}\n", s.form, s.least, s.most, s.people);
        self.0.iter().map(line).collect()
    }

    /// The code of one more person was scanned on purpose.
    pub fn learn(&mut self, payload: &[u8]) {
        let payload = payload.trim_ascii();
        let (form, length) = (form(payload), payload.len());
        if let Some(known) = self.0.iter_mut().find(|s| s.form == form) {
            known.least = known.least.min(length);
            known.most = known.most.max(length);
            known.people = (known.people + 1).min(MAX_PEOPLE);
            return;
        }
        if self.0.len() >= MAX_FORMS {
            // The rarest goes: it may have been a slip.
            let rarest = (0..self.0.len()).min_by_key(|at| self.0[*at].people);
            rarest.map(|at| self.0.remove(at));
        }
        self.0.push(Shape {
            form,
            least: length,
            most: length,
            people: 1,
        });
    }

    /// How a code stands to the others.
    pub fn fit(&self, payload: &[u8]) -> Fit {
        let payload = payload.trim_ascii();
        let against = foreign(payload);
        if against == Some(Foreign::OtherUse) {
            return Fit::OtherUse;
        }
        let form = form(payload);
        let like = |s: &&Shape| {
            let around = s.least - s.least / 4..=s.most + s.most / 4;
            s.form == form && s.people >= ENOUGH && around.contains(&payload.len())
        };
        let is_learnt = self.0.iter().any(|s| s.people >= ENOUGH);
        match (self.0.iter().find(like), against) {
            (Some(_), _) => Fit::Fits,
            (None, Some(_)) => Fit::Odd,
            (None, None) if is_learnt => Fit::Odd,
            (None, None) => Fit::Unknown,
        }
    }
}

/// What a payload is made of, without any of it but the host of an address.
fn form(payload: &[u8]) -> String {
    let all = |holds: fn(&u8) -> bool| payload.iter().all(holds);
    if let Some(at) = payload.windows(3).position(|w| w == b"://") {
        let rest = &payload[at + 3..];
        let end = rest.iter().position(|b| b"/?#:".contains(b)).unwrap_or(rest.len());
        let host = rest[..end.min(64)].to_ascii_lowercase();
        if host.iter().all(|b| b.is_ascii_alphanumeric() || b".-".contains(b)) {
            return format!("link:{}", String::from_utf8_lossy(&host));
        }
    }
    let name = if all(u8::is_ascii_digit) {
        "digits"
    } else if all(u8::is_ascii_alphanumeric) {
        "word"
    } else if all(|b| b.is_ascii_graphic() || *b == b' ') {
        "line"
    } else if std::str::from_utf8(payload).is_ok() {
        "text"
    } else {
        "bytes"
    };
    name.to_owned()
}
