//! What goes into a package: every order of a campaign as it was at one moment, laid in unnamed files, so that fifty thousand need no
//! memory, both rounds of the package see the same, and a crash leaves nothing behind.
use crate::error::CentralError;
use crate::store::packages::Wish;
use crate::store::{OrderRow, ReadRows, Stored};
use crate::usecase::rosters;
use delivery::{Fate, Item, ListKind, ListRow, SourceError, fate};
use domain::order::{LinkKind, Order};
use domain::order_number::OrderNumber;
use domain::{Campaign, OrderId, OrderState, PersonKey, PhotoSpec, StationId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use wire::order::{PhotoDoc, SubjectDoc};

/// Orders read at once.
const PAGE: usize = 500;
/// Most classes told of.
const MAX_CLASSES: usize = 5000;

/// One line of a pile.
#[derive(Serialize, Deserialize)]
struct Line {
    order: Option<String>,
    number: Option<String>,
    person: String,
    subject: SubjectDoc,
    photo: Option<PhotoDoc>,
    station: String,
    operator: String,
    reason: String,
}

/// Lines in an unnamed file.
struct Pile {
    file: RefCell<BufWriter<File>>,
    rows: u64,
}

impl Pile {
    fn new(dir: &Path) -> Stored<Self> {
        let file = tempfile::tempfile_in(dir).map_err(CentralError::files("making room for a package's list"))?;
        let file = RefCell::new(BufWriter::new(file));
        Ok(Self { file, rows: 0 })
    }

    fn push(&mut self, line: &Line) -> Stored<()> {
        let file = self.file.get_mut();
        serde_json::to_writer(&mut *file, line)?;
        self.rows += 1;
        file.write_all(b"\n")
            .map_err(CentralError::files("keeping a line of a package's list"))
    }

    fn each(&self, each: &mut dyn FnMut(Line) -> Result<(), SourceError>) -> Result<(), SourceError> {
        let mut file = self.file.borrow_mut();
        file.flush()?;
        let file = file.get_mut();
        file.seek(SeekFrom::Start(0))?;
        for line in BufReader::new(&mut *file).lines() {
            each(serde_json::from_str(&line?)?)?;
        }
        file.seek(SeekFrom::End(0))?;
        Ok(())
    }
}

/// What a package is made from.
pub struct Contents {
    pictures: Pile,
    lists: [Pile; 3],
    /// Classes of the whole campaign.
    pub classes: BTreeSet<String>,
    /// Photos nobody has reviewed yet, whether they go in or not.
    pub awaiting: u64,
}

/// A person in sixteen bytes: fifty thousand of them fit in two megabytes.
type Mark = u128;

fn mark(person: &PersonKey) -> Mark {
    let hash = Sha256::digest(person.text().as_bytes());
    hash.iter().take(16).fold(0, |mark, byte| mark << 8 | u128::from(*byte))
}

/// What must be known of all orders before the first is laid down.
#[derive(Default)]
struct Known {
    /// Orders whose picture a correction takes the place of.
    corrected: HashSet<OrderId>,
    /// People with a picture.
    served: HashSet<Mark>,
    /// People whose photo was sent back.
    sent_back: HashSet<Mark>,
    /// People on the roster; empty where there is none.
    listed: HashSet<Mark>,
    /// Why people have no picture although they have an order.
    open: HashMap<Mark, &'static str>,
}

impl Contents {
    /// Reads a campaign as it is in this transaction.
    pub fn gather(rows: &ReadRows<'_>, campaign: &Campaign, wish: &Wish, dir: &Path) -> Stored<Self> {
        let mut contents = Self {
            pictures: Pile::new(dir)?,
            lists: [Pile::new(dir)?, Pile::new(dir)?, Pile::new(dir)?],
            classes: BTreeSet::new(),
            awaiting: 0,
        };
        let mut known = contents.look_over(rows, campaign, wish)?;
        let school = rows.campaign(&campaign.id)?.map(|(school, _)| school);
        if let Some(school) = &school {
            rosters::people(rows, school, &campaign.id, &mut |key, subject| {
                contents.classes.extend(subject.class);
                known.listed.insert(mark(&key));
                Ok(())
            })?;
        }
        let stations = rows.stations(None)?;
        let names: HashMap<StationId, String> = stations.into_iter().map(|s| (s.id, s.name)).collect();
        each_order(rows, campaign, &mut |row| {
            if !in_class(&row.order, wish) {
                return Ok(());
            }
            let station = names.get(&row.order.station).cloned().unwrap_or_default();
            contents.lay(&row.order, station, campaign, wish, &mut known)
        })?;
        if let Some(school) = &school {
            rosters::people(rows, school, &campaign.id, &mut |key, subject| {
                contents.miss(&key, subject, wish, &known)
            })?;
        }
        Ok(contents)
    }

    /// Puts somebody of the roster on the list of the absent, unless there is a photo of them.
    fn miss(&mut self, key: &PersonKey, subject: SubjectDoc, wish: &Wish, known: &Known) -> Stored<()> {
        let person = mark(key);
        let elsewhere = wish.class.is_some() && subject.class != wish.class;
        if elsewhere || known.served.contains(&person) || known.sent_back.contains(&person) {
            return Ok(());
        }
        let [_, _, absent] = &mut self.lists;
        absent.push(&Line {
            order: None,
            number: None,
            person: key.text(),
            subject,
            photo: None,
            station: String::new(),
            operator: String::new(),
            reason: known.open.get(&person).copied().unwrap_or("no_photo").to_owned(),
        })
    }

    fn look_over(&mut self, rows: &ReadRows<'_>, campaign: &Campaign, wish: &Wish) -> Stored<Known> {
        let mut known = Known::default();
        each_order(rows, campaign, &mut |row| {
            let order = &row.order;
            if let Some(class) = order
                .subject
                .class
                .as_ref()
                .filter(|_| self.classes.len() < MAX_CLASSES)
            {
                self.classes.insert(class.clone());
            }
            if !in_class(order, wish) {
                return Ok(());
            }
            self.awaiting += u64::from(order.state == OrderState::PendingReview && !order.withdrawn);
            match fate(order, wish.unreviewed) {
                Fate::Picture => {
                    known.corrected.extend(order.link.map(|l| l.order));
                    known.served.insert(mark(&order.person));
                }
                Fate::Rejected => drop(known.sent_back.insert(mark(&order.person))),
                Fate::Open(_) => {}
            }
            Ok(())
        })?;
        Ok(known)
    }

    /// Puts one order on the pile it belongs to.
    fn lay(
        &mut self,
        order: &Order,
        station: String,
        campaign: &Campaign,
        wish: &Wish,
        known: &mut Known,
    ) -> Stored<()> {
        let person = mark(&order.person);
        let certain = if known.listed.is_empty() {
            campaign.job.is_blind() || !matches!(order.person, PersonKey::Temporary(_))
        } else {
            known.listed.contains(&person)
        };
        let line = |reason: String| Line {
            order: Some(order.id.to_string()),
            number: Some(order.number.to_string()),
            person: order.person.text(),
            subject: SubjectDoc::from(&order.subject),
            photo: Some(PhotoDoc::from(&order.photo)),
            station,
            operator: order.consent.asked_by.clone(),
            reason,
        };
        let [unmatched, rejected, absent] = &mut self.lists;
        match fate(order, wish.unreviewed) {
            Fate::Picture if !certain => unmatched.push(&line("not_on_roster".to_owned())),
            Fate::Picture if known.corrected.contains(&order.id) => Ok(()),
            Fate::Picture => self.pictures.push(&line(String::new())),
            Fate::Rejected if known.served.contains(&person) => Ok(()),
            Fate::Rejected => {
                let reasons = order.rejection.iter().flat_map(|r| r.reasons());
                let reasons: Vec<_> = reasons.map(|r| r.id()).collect();
                rejected.push(&line(reasons.join(" ")))
            }
            Fate::Open(_) if known.served.contains(&person) || known.sent_back.contains(&person) => Ok(()),
            // Told of once: with the roster, when they are on it.
            Fate::Open(reason) if known.open.insert(person, reason).is_none() && !known.listed.contains(&person) => {
                absent.push(&line(reason.to_owned()))
            }
            Fate::Open(_) => Ok(()),
        }
    }

    /// Pictures that may go in, those without a certain name among them.
    pub const fn pictures(&self) -> u64 {
        self.pictures.rows
    }

    /// Calls `each` for every picture.
    pub fn items(
        &self,
        spec: &PhotoSpec,
        each: &mut dyn FnMut(Item) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        self.pictures.each(&mut |line| each(item(line, spec)?))
    }

    /// Calls `each` for every row of a list.
    pub fn list(
        &self,
        kind: ListKind,
        each: &mut dyn FnMut(ListRow) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let at = ListKind::ALL.iter().position(|k| *k == kind).unwrap_or_default();
        let pile = self.lists.get(at).ok_or("no such list")?;
        pile.each(&mut |line| {
            each(ListRow {
                person: PersonKey::from_text(&line.person),
                subject: (&line.subject).into(),
                number: line.number,
                reason: line.reason,
            })
        })
    }
}

fn in_class(order: &Order, wish: &Wish) -> bool {
    wish.class
        .as_ref()
        .is_none_or(|class| order.subject.class.as_ref() == Some(class))
}

/// Oldest first; reprints are paper and left out: their picture is the first order's.
fn each_order(rows: &ReadRows<'_>, campaign: &Campaign, each: &mut dyn FnMut(&OrderRow) -> Stored<()>) -> Stored<()> {
    let mut after = None;
    loop {
        let page = rows.orders_to_deliver(&campaign.id, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some((last.received_at, last.order.id));
        let wanted = page
            .iter()
            .filter(|r| !r.order.link.is_some_and(|l| l.kind == LinkKind::Reprint));
        wanted.into_iter().try_for_each(&mut *each)?;
    }
}

fn item(line: Line, spec: &PhotoSpec) -> Result<Item, SourceError> {
    let lost = || CentralError::corrupt("a line of a package's list");
    Ok(Item {
        order: line.order.ok_or_else(lost)?.parse().map_err(|_| lost())?,
        number: OrderNumber::parse(&line.number.ok_or_else(lost)?).map_err(|_| lost())?,
        person: PersonKey::from_text(&line.person).ok_or_else(lost)?,
        subject: (&line.subject).into(),
        photo: line.photo.ok_or_else(lost)?.to_domain()?,
        spec: spec.id.0.clone(),
        spec_version: spec.version.clone(),
        size: spec.size.value,
        dpi: u32::from(spec.dpi.value),
        station: line.station,
        operator: line.operator,
    })
}
