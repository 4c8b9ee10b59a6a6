//! Making a package that was asked for. A center takes one up for a minute and says again and again that it is still at it; when it
//! dies, another one, or the same after its restart, begins anew. What it has kept of a package counts only once the row says so.
use super::contents::Contents;
use super::parts::Parts;
use super::{KEPT_MS, profile_of};
use crate::center::Central;
use crate::error::CentralError;
use crate::store::Stored;
use crate::store::packages::{Made, PackageRow, PackageState};
use delivery::{Head, Item, ListKind, ListRow, Outputs, Receipt, Source, SourceError};
use domain::{BlobId, PhotoSpec};
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::io;
use std::time::{Duration, Instant};

/// A maker that has not been heard of for this time is taken for dead.
const LEASE_MS: i64 = 60_000;
/// How often a maker is heard.
const BEAT: Duration = Duration::from_secs(2);
/// Pause before a package is taken up again that could not be made for now.
const AGAIN_MS: i64 = 10_000;
/// How often a package is begun in all.
const MAX_TRIES: u32 = 5;
/// Pause and tries while the object store or the database is away: five minutes, so that an hour's work is not thrown away.
const PATIENCE: Duration = Duration::from_secs(2);
const PATIENT: u32 = 150;

impl Central {
    /// Makes the package that waits longest; says whether there was one.
    ///
    /// # Errors
    /// When the store fails; a package that fails says so in its row.
    pub fn make_package(&self) -> Result<bool, CentralError> {
        let Some(row) = self.take_up()? else { return Ok(false) };
        // Of tries that ended without a word; this one's parts lie elsewhere.
        self.drop_parts(&row, row.tries - 1)?;
        if row.state == PackageState::Failed {
            return Ok(true);
        }
        let maker = Maker {
            central: self,
            row: &row,
            done: Cell::new(0),
            beaten: Cell::new(Instant::now()),
            trouble: RefCell::new(None),
        };
        let ended = match maker.make() {
            Ok(made) => self.package_made(&row, &made),
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            self.package_not_made(&row, &error)?;
        }
        Ok(true)
    }

    fn take_up(&self) -> Stored<Option<PackageRow>> {
        let now = self.now();
        if self.read(|rows| rows.package_to_make(now))?.is_none() {
            return Ok(None);
        }
        self.change(|change| {
            let Some(mut row) = change.rows.package_to_make(change.now)? else {
                return Ok(None);
            };
            row.tries += 1;
            if row.tries > MAX_TRIES {
                row.state = PackageState::Failed;
                row.fault = Some("gave_up".to_owned());
            } else {
                row.state = PackageState::Making;
                row.lease_until = change.now.plus(LEASE_MS);
                row.begun_at = Some(change.now);
                row.done = 0;
            }
            change.rows.put_package(&row)?;
            Ok(Some(row))
        })
    }

    fn package_made(&self, row: &PackageRow, made: &Made) -> Stored<()> {
        self.change(|change| {
            let mut now = still_ours(change.rows.package(&row.id)?, row)?;
            now.state = PackageState::Ready;
            now.done = made.pictures;
            now.total = made.pictures;
            now.ready_at = Some(change.now);
            now.expires_at = change.now.plus(KEPT_MS);
            now.made = Some(made.clone());
            change.rows.put_package(&now)?;
            let detail = json!({
                "pictures": made.pictures, "unmatched": made.unmatched, "rejected": made.rejected, "absent": made.absent,
                "checksums_sha256": made.checksums_sha256,
            });
            change.record(&row.school, &row.subject(), "system", "made", &detail)
        })
    }

    /// Gives a package back for later, or notes why it cannot be made.
    fn package_not_made(&self, row: &PackageRow, error: &CentralError) -> Stored<()> {
        tracing::warn!(package = %row.id, error = ?error, "a package was not made");
        self.drop_parts(row, row.tries)?;
        let later = error.retryable() || matches!(error, CentralError::Stopping);
        let kept = self.change(|change| {
            let Ok(mut now) = still_ours(change.rows.package(&row.id)?, row) else {
                return Ok(());
            };
            if later {
                now.state = PackageState::Waiting;
                now.lease_until = change.now.plus(AGAIN_MS);
                if matches!(error, CentralError::Stopping) {
                    // That was no fault of the package's.
                    (now.lease_until, now.tries) = (change.now, now.tries.saturating_sub(1));
                }
            } else {
                now.state = PackageState::Failed;
                now.fault = Some(fault_of(error));
            }
            change.rows.put_package(&now)
        });
        match kept {
            // The lease runs out by itself.
            Err(e) if e.retryable() => Ok(()),
            other => other,
        }
    }

    pub(super) fn drop_parts(&self, row: &PackageRow, last: u32) -> Stored<()> {
        (1..=last).try_for_each(|tries| self.blobs().drop_pieces(&PackageRow { tries, ..row.clone() }.place()))
    }
}

/// A word for people, or what stands in the way; never a name.
fn fault_of(error: &CentralError) -> String {
    match error {
        CentralError::NothingToDeliver => "nothing_to_deliver".to_owned(),
        CentralError::NotFound { what: "photo", .. } => "photo_missing".to_owned(),
        CentralError::Digest => "photo_damaged".to_owned(),
        CentralError::Files { source, .. } if source.kind() == io::ErrorKind::StorageFull => "disk_full".to_owned(),
        _ => "failed".to_owned(),
    }
}

/// The row as it is now, if this try is still the one.
fn still_ours(now: Option<PackageRow>, ours: &PackageRow) -> Stored<PackageRow> {
    now.filter(|now| now.state == PackageState::Making && now.tries == ours.tries)
        .ok_or(CentralError::Superseded)
}

/// One try at a package.
pub struct Maker<'c> {
    central: &'c Central,
    row: &'c PackageRow,
    done: Cell<u64>,
    beaten: Cell<Instant>,
    /// What stopped it, kept while it travels through the zip as an error of writing.
    trouble: RefCell<Option<CentralError>>,
}

impl Maker<'_> {
    fn make(&self) -> Result<Made, CentralError> {
        let central = self.central;
        let doc = central.campaign(&self.row.campaign)?;
        let campaign = doc.to_domain()?;
        let spec = central.finishing().spec(&campaign.spec)?;
        let profile = profile_of(&self.row.wish, &campaign)?;
        let dir = &central.config().data_dir;
        let contents = central.read(|rows| Contents::gather(rows, &campaign, &self.row.wish, dir))?;
        if contents.pictures() == 0 {
            return Err(CentralError::NothingToDeliver);
        }
        self.beat(Some(contents.pictures()))?;
        let head = Head {
            id: self.row.id.to_string(),
            school_code: self.row.school.to_string(),
            campaign: campaign.id.to_string(),
            title: campaign.title,
            made_at: self.row.asked_at,
            made_by: "central".to_owned(),
        };
        let source = Packing {
            maker: self,
            contents: &contents,
            spec: &spec,
        };
        let mut zip = Parts::new(self, super::PICTURES);
        let mut papers = profile.pictures_only.then(|| Parts::new(self, super::PAPERS));
        let out = Outputs {
            pictures: &mut zip,
            papers: papers.as_mut(),
        };
        let written = delivery::write(&source, &profile, &head, central.signing_key(), dir, out);
        let package = written.map_err(|e| {
            let ours = self.trouble.borrow_mut().take();
            ours.unwrap_or_else(|| CentralError::Package(Box::new(e)))
        })?;
        let mut files = vec![zip.finish()?];
        files.extend(papers.map(Parts::finish).transpose()?);
        Ok(made(files, &package.receipt))
    }

    /// Says that this try goes on, and how far it is.
    fn beat(&self, total: Option<u64>) -> Stored<()> {
        if *self.central.wakes().closing().borrow() {
            return Err(CentralError::Stopping);
        }
        if total.is_none() && self.beaten.get().elapsed() < BEAT {
            return Ok(());
        }
        self.beaten.set(Instant::now());
        self.central.change(|change| {
            let mut now = still_ours(change.rows.package(&self.row.id)?, self.row)?;
            now.done = self.done.get();
            now.total = total.unwrap_or(now.total);
            now.lease_until = change.now.plus(LEASE_MS);
            change.rows.put_package(&now)
        })
    }

    /// Does what may work later, until it does or five minutes are over.
    fn patiently<T>(&self, work: impl Fn() -> Stored<T>) -> Stored<T> {
        for _ in 0..PATIENT {
            match work() {
                Err(error) if error.retryable() => {}
                done => return done,
            }
            std::thread::sleep(PATIENCE);
            match self.beat(None) {
                Err(error) if error.retryable() => {}
                other => other?,
            }
        }
        work()
    }

    /// Keeps one part of a file.
    pub fn put_part(&self, name: &str, bytes: &[u8]) -> Stored<()> {
        let place = self.row.place();
        self.patiently(|| self.central.blobs().put_piece(&place, name, bytes))
    }

    /// Remembers what stopped it; an error of writing goes on in its place.
    pub fn stumbled(&self, error: CentralError) -> io::Error {
        let told = io::Error::other(error.to_string());
        self.trouble.borrow_mut().get_or_insert(error);
        told
    }

    /// The original, when the school has sent it.
    fn original(&self, blob: &BlobId) -> Stored<Vec<u8>> {
        let missing = || CentralError::not_found("photo", blob);
        self.central
            .read(|rows| rows.blob(&self.row.school, blob))?
            .ok_or_else(missing)?;
        self.central.blobs().get(blob)?.ok_or_else(missing)
    }
}

fn made(files: Vec<crate::store::packages::PackageFile>, receipt: &Receipt) -> Made {
    let body = &receipt.body;
    Made {
        files,
        pictures: body.pictures,
        unmatched: body.unmatched,
        rejected: body.rejected,
        absent: body.absent,
        checksums_sha256: body.checksums_sha256.clone(),
    }
}

/// The contents on their way into the zip.
struct Packing<'p> {
    maker: &'p Maker<'p>,
    contents: &'p Contents,
    spec: &'p PhotoSpec,
}

impl Source for Packing<'_> {
    fn items(&self, each: &mut dyn FnMut(Item) -> Result<(), SourceError>) -> Result<(), SourceError> {
        self.contents.items(self.spec, each)
    }

    fn picture(&self, item: &Item) -> Result<Vec<u8>, SourceError> {
        let maker = self.maker;
        let finish = || -> Stored<Vec<u8>> {
            maker.beat(None)?;
            let original = maker.patiently(|| maker.original(&item.photo.blob))?;
            maker.central.finish(&item.order, &original, self.spec, item.photo.crop)
        };
        let jpeg = finish().map_err(|e| maker.stumbled(e))?;
        maker.done.set(maker.done.get() + 1);
        Ok(jpeg)
    }

    fn list(
        &self,
        kind: ListKind,
        each: &mut dyn FnMut(ListRow) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        self.contents.list(kind, each)
    }
}
