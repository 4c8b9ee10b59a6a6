//! Delivery packages made at the station: the finished pictures of the campaign in use, and who has none.
//! Only what the station itself knows goes in: its own orders, in the state the center last told of.
use crate::connect::station_name;
use crate::core::Core;
use crate::trouble::Trouble;
use crate::whole_file::{WholeFile, folder_of};
use ::delivery::{
    DeliveryError, Fate, Head, Item, ListKind, ListRow, Outputs, Profile, ProfileError, Source, SourceError, fate,
};
use domain::order::LinkKind;
use domain::{Campaign, Order, OrderId, PersonKey, PhotoSpec};
use ed25519_dalek::SigningKey;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use store::people::Person;
use store::{Conn, StoreError, collected, identity, orders, people};

/// What is wished of a package.
#[derive(Debug, Clone, Copy)]
pub struct DeliveryWish<'a> {
    /// The zip to write; must not exist.
    pub path: &'a Path,
    /// How the receiver wants it; without one the job's own: `blind` for graduates, `school` for the others.
    pub profile: Option<&'a Profile>,
    /// Also photos that no reviewer has seen yet.
    pub unreviewed: bool,
}

/// What a package holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DeliveryReport {
    /// The zip with the pictures.
    pub file: PathBuf,
    /// The second zip with everything else, where the receiver takes nothing but pictures.
    pub papers: Option<PathBuf>,
    /// Identifier of the package, as in its receipt.
    pub package_id: String,
    /// Pictures.
    pub pictures: u64,
    /// Photos without a certain name; they are on a list, not among the pictures.
    pub unmatched: u64,
    /// Photos that were sent back and not taken again.
    pub rejected: u64,
    /// People without a picture in the package.
    pub absent: u64,
    /// Size of all that was written.
    pub bytes: u64,
}

/// A package that was not made.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryFault {
    /// Nothing is overwritten.
    #[error("{0} is there already; name another file")]
    Exists(PathBuf),
    /// No photo may be delivered.
    #[error("no photo of this campaign is approved yet; --unreviewed takes those that await review, too")]
    Nothing,
    /// There is neither such a profile nor such a file.
    #[error("there is no profile {0}: name one of {known}, or a file", known = known_profiles())]
    NoProfile(String),
    /// The profile does not hold.
    #[error(transparent)]
    Profile(Box<ProfileError>),
    /// The file could not be written; nothing is left of it.
    #[error("writing {path}: {source}")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The package could not be put together; nothing is left of it.
    #[error(transparent)]
    Make(Box<DeliveryError>),
}

impl DeliveryFault {
    pub(crate) fn code(&self) -> (&'static str, bool) {
        match self {
            Self::Exists(_) => ("file_exists", false),
            Self::Nothing => ("nothing_to_deliver", false),
            Self::NoProfile(_) | Self::Profile(_) => ("delivery_profile", false),
            Self::Write { .. } | Self::Make(_) if is_disk_full(self) => ("disk_full", true),
            Self::Write { .. } => ("file_write", true),
            Self::Make(_) => ("delivery", true),
        }
    }
}

fn known_profiles() -> String {
    Profile::built_in()
        .iter()
        .map(|p| p.id.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether a full disk is at the bottom of it.
fn is_disk_full(fault: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(fault), |e| e.source());
    causes.any(|e| {
        e.downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::StorageFull)
    })
}

/// A built-in profile by its id, or one from a file.
///
/// # Errors
/// When there is neither, or the file's profile does not hold.
pub fn delivery_profile(id_or_file: &str) -> Result<Profile, Trouble> {
    if let Some(profile) = Profile::find(id_or_file) {
        return Ok(profile);
    }
    let text = std::fs::read_to_string(id_or_file).map_err(|_| DeliveryFault::NoProfile(id_or_file.to_owned()))?;
    Ok(Profile::parse(&text).map_err(|e| DeliveryFault::Profile(Box::new(e)))?)
}

impl Core {
    /// Writes a delivery package of the campaign in use. Calls `progress` with pictures done and all.
    ///
    /// # Errors
    /// When no photo may be delivered, the file is there already, or a photo or the file fails. Then there is no package.
    pub fn export_delivery(
        &self,
        wish: &DeliveryWish<'_>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<DeliveryReport, Trouble> {
        let (campaign, spec) = self.campaign()?;
        let own;
        let profile = match wish.profile {
            Some(profile) => profile,
            None => {
                own = delivery_profile(if campaign.job.is_blind() { "blind" } else { "school" })?;
                &own
            }
        };
        let papers = profile.pictures_only.then(|| papers_beside(wish.path));
        for path in std::iter::once(wish.path).chain(papers.as_deref()) {
            if path.exists() {
                return Err(DeliveryFault::Exists(path.to_owned()).into());
            }
        }
        let contents = self.store.read(|c| Contents::gather(c, &campaign, wish.unreviewed))?;
        if contents.pictures.is_empty() {
            return Err(DeliveryFault::Nothing.into());
        }
        let (key, made_by) = match self.store.read(identity::get)? {
            Some(identity) => (SigningKey::from_bytes(&identity.signing_seed), identity.name),
            None => (self.key_before_enrolment()?, station_name()),
        };
        let head = Head {
            id: crate::clock::new_uuid(self.clock.as_ref()).to_string(),
            school_code: campaign.school_code.clone(),
            campaign: campaign.id.to_string(),
            title: campaign.title.clone(),
            made_at: self.now(),
            made_by,
        };
        let create = |path: &Path| WholeFile::create(path).map_err(|source| write_fault(path, source));
        let mut zip = create(wish.path)?;
        let mut second = papers.as_deref().map(create).transpose()?;
        let source = Packing {
            core: self,
            spec: &spec,
            station: &head.made_by,
            contents: &contents,
            done: Cell::new(0),
            progress: RefCell::new(progress),
        };
        let out = Outputs {
            pictures: &mut zip,
            papers: second.as_mut(),
        };
        // The lists are made in unnamed files beside the package.
        let folder = folder_of(wish.path);
        let package = ::delivery::write(&source, profile, &head, &key, folder, out)
            .map_err(|e| DeliveryFault::Make(Box::new(e)))?;
        // The papers first: pictures whose lists are missing would look like a whole package.
        let mut bytes = 0;
        if let (Some(file), Some(path)) = (second, papers.as_deref()) {
            bytes += file.finish().map_err(|source| write_fault(path, source))?;
        }
        bytes += zip.finish().map_err(|source| write_fault(wish.path, source))?;
        let body = package.receipt.body;
        let report = DeliveryReport {
            file: wish.path.to_owned(),
            papers,
            package_id: body.package_id,
            pictures: body.pictures,
            unmatched: body.unmatched,
            rejected: body.rejected,
            absent: body.absent,
            bytes,
        };
        let detail = serde_json::json!({
            "package": report.package_id, "profile": profile.id, "pictures": report.pictures,
            "unreviewed": wish.unreviewed, "checksums_sha256": body.checksums_sha256,
        });
        self.store
            .try_write(|tx| self.note(tx, "delivery_exported", None, None, &detail, head.made_at))?;
        Ok(report)
    }
}

fn write_fault(path: &Path, source: io::Error) -> Trouble {
    let path = path.to_owned();
    DeliveryFault::Write { path, source }.into()
}

/// `day.zip` has its papers in `day-papers.zip`.
fn papers_beside(path: &Path) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push("-papers.zip");
    path.with_file_name(name)
}

/// What goes into a package, as the store had it at one moment.
struct Contents {
    pictures: Vec<Order>,
    unmatched: Vec<(Order, &'static str)>,
    rejected: Vec<Order>,
    absent: Vec<(Person, &'static str)>,
}

impl Contents {
    fn gather(conn: &Conn, campaign: &Campaign, unreviewed: bool) -> Result<Self, StoreError> {
        let mut contents = Self {
            pictures: Vec::new(),
            unmatched: Vec::new(),
            rejected: Vec::new(),
            absent: Vec::new(),
        };
        let mut open: HashMap<PersonKey, &'static str> = HashMap::new();
        let mut corrected: HashSet<OrderId> = HashSet::new();
        for order in all_orders(conn, campaign)? {
            let link = order.link;
            // A reprint is paper: its picture is the first order's.
            if link.is_some_and(|l| l.kind == LinkKind::Reprint) {
                continue;
            }
            match fate(&order, unreviewed) {
                Fate::Picture => {
                    corrected.extend(link.map(|l| l.order));
                    let known = campaign.job.is_blind() || people::get(conn, campaign.id, &order.person)?.is_some();
                    if known {
                        contents.pictures.push(order);
                    } else {
                        contents.unmatched.push((order, "not_on_roster"));
                    }
                }
                Fate::Rejected => contents.rejected.push(order),
                Fate::Open(reason) => drop(open.insert(order.person, reason)),
            }
        }
        contents.pictures.retain(|o| !corrected.contains(&o.id));
        let served: HashSet<PersonKey> = contents.pictures.iter().map(|o| o.person.clone()).collect();
        contents.rejected.retain(|o| !served.contains(&o.person));
        let sent_back: HashSet<PersonKey> = contents.rejected.iter().map(|o| o.person.clone()).collect();
        for person in all_people(conn, campaign)? {
            let key = &person.entry.key;
            if served.contains(key) || sent_back.contains(key) {
                continue;
            }
            let elsewhere = || -> Result<bool, StoreError> {
                let earlier = collected::of(conn, campaign.id, key)?;
                let by_center = earlier.iter().any(|c| c.order.is_none());
                Ok(by_center || crate::lan::heard_of(conn, campaign.id, key)?.is_some())
            };
            let reason = match open.get(key) {
                Some(reason) => reason,
                None if elsewhere()? => "other_station",
                None => "no_photo",
            };
            contents.absent.push((person, reason));
        }
        Ok(contents)
    }
}

/// Oldest first.
fn all_orders(conn: &Conn, campaign: &Campaign) -> Result<Vec<Order>, StoreError> {
    let filter = orders::Filter {
        campaign: Some(campaign.id),
        ..orders::Filter::default()
    };
    let mut all = Vec::new();
    loop {
        let page = orders::list(conn, &filter, all.len() as u32, orders::MAX_PAGE)?;
        if page.rows.is_empty() {
            break;
        }
        all.extend(page.rows.into_iter().map(|stored| stored.order));
    }
    all.reverse();
    Ok(all)
}

fn all_people(conn: &Conn, campaign: &Campaign) -> Result<Vec<Person>, StoreError> {
    let mut all = Vec::new();
    loop {
        let page = people::list(conn, campaign.id, all.len() as u32, people::MAX_HITS)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// The contents on their way into the zip.
struct Packing<'a> {
    core: &'a Core,
    spec: &'a PhotoSpec,
    station: &'a str,
    contents: &'a Contents,
    done: Cell<usize>,
    progress: RefCell<&'a mut dyn FnMut(usize, usize)>,
}

impl Source for Packing<'_> {
    fn items(&self, each: &mut dyn FnMut(Item) -> Result<(), SourceError>) -> Result<(), SourceError> {
        self.contents.pictures.iter().try_for_each(|order| {
            each(Item {
                order: order.id,
                number: order.number.clone(),
                person: order.person.clone(),
                subject: order.subject.clone(),
                photo: order.photo.clone(),
                spec: self.spec.id.0.clone(),
                spec_version: self.spec.version.clone(),
                size: self.spec.size.value,
                dpi: u32::from(self.spec.dpi.value),
                station: self.station.to_owned(),
                operator: order.consent.asked_by.clone(),
            })
        })
    }

    fn picture(&self, item: &Item) -> Result<Vec<u8>, SourceError> {
        let finish = || -> Result<Vec<u8>, Trouble> {
            let original = self.core.store.blobs().get(&item.photo.blob)?;
            Ok(self.core.assessor.finish(&original, self.spec, item.photo.crop)?.jpeg)
        };
        let jpeg = finish().map_err(|source| PictureFault {
            number: item.number.as_str().to_owned(),
            source: Box::new(source),
        })?;
        self.done.set(self.done.get() + 1);
        (self.progress.borrow_mut())(self.done.get(), self.contents.pictures.len());
        Ok(jpeg)
    }

    fn list(
        &self,
        kind: ListKind,
        each: &mut dyn FnMut(ListRow) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let of_order = |order: &Order, reason: String| ListRow {
            number: Some(order.number.as_str().to_owned()),
            person: Some(order.person.clone()),
            subject: order.subject.clone(),
            reason,
        };
        let contents = self.contents;
        match kind {
            ListKind::Unmatched => contents
                .unmatched
                .iter()
                .try_for_each(|(order, reason)| each(of_order(order, (*reason).to_owned()))),
            ListKind::Rejected => contents.rejected.iter().try_for_each(|order| {
                let reasons = order.rejection.iter().flat_map(|r| r.reasons());
                let reasons: Vec<_> = reasons.map(|r| r.id()).collect();
                each(of_order(order, reasons.join(" ")))
            }),
            ListKind::Absent => contents.absent.iter().try_for_each(|(person, reason)| {
                each(ListRow {
                    number: None,
                    person: Some(person.entry.key.clone()),
                    subject: person.entry.subject.clone(),
                    reason: (*reason).to_owned(),
                })
            }),
        }
    }
}

/// A photo that cannot be finished, by its order's number.
#[derive(Debug, thiserror::Error)]
#[error("the photo of order {number}: {source}")]
struct PictureFault {
    number: String,
    source: Box<Trouble>,
}
