//! Making a package: names first, then pictures, lists, hashes and the receipt.
use crate::error::{DeliveryError, SourceError};
use crate::forms::{self, Sheet};
use crate::item::{Head, Item, ListKind, ListRow, Source};
use crate::papers::{Checksums, Zip};
use crate::profile::{Form, Profile};
use crate::receipt::{CHECKSUMS, Counts, RECEIPT, Receipt};
use crate::spool::Spool;
use crate::table::{self, Column, LIST_COLUMNS, Written};
use domain::UtcMs;
use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

/// Where a package goes.
pub struct Outputs<W> {
    /// The zip with the pictures.
    pub pictures: W,
    /// A second zip for everything else, when the profile allows nothing but pictures in the first.
    pub papers: Option<W>,
}

/// A finished package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// What it holds, signed.
    pub receipt: Receipt,
}

/// Writes a package. `folder` must be as private as the package: lists lie in unnamed files there while it is made.
///
/// Two pictures that would have one name are both put on the unmatched list, never one of them under it.
///
/// # Errors
/// When the source or a file fails; what was written is of no use then.
pub fn write<W: Write>(
    source: &dyn Source,
    profile: &Profile,
    head: &Head,
    key: &SigningKey,
    folder: &Path,
    out: Outputs<W>,
) -> Result<Package, DeliveryError> {
    if profile.pictures_only && out.papers.is_none() {
        return Err(DeliveryError::NoPlaceForPapers {
            profile: profile.id.clone(),
        });
    }
    let mut making = Making {
        source,
        profile,
        head,
        folder,
        names: names(source, profile)?,
        checksums: Checksums::new(folder)?,
        list_columns: list_columns(),
    };
    let mut pictures = Zip::new(out.pictures, head.made_at);
    let [mut written, mut unmatched] = making.pictures(&mut pictures)?;
    let mut papers = match (profile.pictures_only, out.papers) {
        (true, Some(second)) => {
            pictures.finish()?;
            Zip::new(second, head.made_at)
        }
        _ => pictures,
    };
    let mut counts = Counts {
        pictures: written.rows() as u64,
        lists: [0; 3],
    };
    making.paper(&mut papers, "manifest", &profile.columns, &mut written)?;
    let columns = making.list_columns.clone();
    for (kind, count) in ListKind::ALL.into_iter().zip(&mut counts.lists) {
        let mut rows = match kind {
            ListKind::Unmatched => std::mem::replace(&mut unmatched, Spool::new(folder, columns.len())?),
            ListKind::Rejected | ListKind::Absent => Spool::new(folder, columns.len())?,
        };
        let each = &mut |row: ListRow| Ok(rows.push(&table::list_row(&columns, &row))?);
        source.list(kind, each).map_err(failure)?;
        *count = rows.rows() as u64;
        making.paper(&mut papers, kind.stem(), &columns, &mut rows)?;
    }
    let checksums = making.checksums;
    let digest = papers.deflated(CHECKSUMS, |out| checksums.copy_to(out))?;
    let receipt = Receipt::sign(key, &profile.id, head, counts, digest);
    papers.deflated(RECEIPT, |out| Ok(serde_json::to_writer_pretty(out, &receipt)?))?;
    papers.finish()?;
    Ok(Package { receipt })
}

/// What [`write()`] would put where, without making a picture.
///
/// # Errors
/// When the source fails.
pub fn count(source: &dyn Source, profile: &Profile) -> Result<Counts, DeliveryError> {
    let mut counts = Counts::default();
    let [unmatched, rejected, absent] = &mut counts.lists;
    let unnamed = each_unnamed(source, profile, &mut |_| Ok(()))?;
    counts.pictures = unnamed.pictures;
    *unmatched = unnamed.rows;
    for (kind, count) in ListKind::ALL.into_iter().zip([unmatched, rejected, absent]) {
        let each = &mut |_: ListRow| {
            *count += 1;
            Ok(())
        };
        source.list(kind, each).map_err(failure)?;
    }
    Ok(counts)
}

/// Writes one list by itself, as it would lie in a package of this profile; returns its rows.
///
/// # Errors
/// When the source or a file fails.
pub fn list(
    source: &dyn Source,
    profile: &Profile,
    kind: ListKind,
    form: Form,
    made_at: UtcMs,
    folder: &Path,
    out: &mut dyn Write,
) -> Result<u64, DeliveryError> {
    let columns = list_columns();
    let mut rows = Spool::new(folder, columns.len())?;
    let each = &mut |row: ListRow| Ok(rows.push(&table::list_row(&columns, &row))?);
    if kind == ListKind::Unmatched {
        each_unnamed(source, profile, each)?;
    }
    source.list(kind, each).map_err(failure)?;
    let sheet = Sheet {
        columns: &columns,
        stem: kind.stem(),
        made_at,
        folder,
    };
    forms::write(form, &sheet, &mut rows, out)?;
    Ok(rows.rows() as u64)
}

fn list_columns() -> Vec<&'static Column> {
    LIST_COLUMNS.iter().filter_map(|k| table::by_key(k)).collect()
}

/// Pictures with a name, and rows without.
struct Unnamed {
    pictures: u64,
    rows: u64,
}

/// Calls `each` for every picture that has no certain name.
fn each_unnamed(
    source: &dyn Source,
    profile: &Profile,
    each: &mut dyn FnMut(ListRow) -> Result<(), SourceError>,
) -> Result<Unnamed, DeliveryError> {
    let names = names(source, profile)?;
    let mut seen = Unnamed { pictures: 0, rows: 0 };
    let look = &mut |item: Item| {
        let reason = match name_of(profile, &item) {
            Ok(name) if names.get(&name_key(&name)) == Some(&1) => {
                seen.pictures += 1;
                return Ok(());
            }
            Ok(_) => "same_name".to_owned(),
            Err(missing) => format!("no_{}", missing.0),
        };
        seen.rows += 1;
        each(not_named(item, reason))
    };
    source.items(look).map_err(failure)?;
    Ok(seen)
}

/// An error that went through the source is still ours.
fn failure(error: SourceError) -> DeliveryError {
    match error.downcast::<DeliveryError>() {
        Ok(ours) => *ours,
        Err(theirs) => DeliveryError::Source(theirs),
    }
}

struct Making<'m> {
    source: &'m dyn Source,
    profile: &'m Profile,
    head: &'m Head,
    folder: &'m Path,
    names: Names,
    checksums: Checksums,
    list_columns: Vec<&'static Column>,
}

/// How often each name is wanted, by the first half of its hash: 50,000 names in under 2 MB.
type Names = HashMap<u128, u8>;

fn name_key(name: &str) -> u128 {
    // Windows and macOS take two names that differ in case for one.
    let hash = Sha256::digest(name.to_lowercase().as_bytes());
    hash.iter().take(16).fold(0, |key, byte| key << 8 | u128::from(*byte))
}

fn name_of(profile: &Profile, item: &Item) -> Result<String, crate::template::Missing> {
    profile.image.render(item.number.as_str(), &item.person, &item.subject)
}

fn names(source: &dyn Source, profile: &Profile) -> Result<Names, DeliveryError> {
    let mut names = Names::new();
    let each = &mut |item: Item| {
        if let Ok(name) = name_of(profile, &item) {
            let count = names.entry(name_key(&name)).or_default();
            *count = count.saturating_add(1);
        }
        Ok(())
    };
    source.items(each).map_err(failure)?;
    Ok(names)
}

impl Making<'_> {
    /// Writes every picture whose name is certain; returns the manifest's rows and the first unmatched ones.
    fn pictures<W: Write>(&mut self, zip: &mut Zip<W>) -> Result<[Spool; 2], DeliveryError> {
        let mut written = Spool::new(self.folder, self.profile.columns.len())?;
        let mut unmatched = Spool::new(self.folder, self.list_columns.len())?;
        let (source, profile) = (self.source, self.profile);
        let each = &mut |item: Item| {
            let name = match name_of(profile, &item) {
                Ok(name) => name,
                Err(missing) => {
                    let row = not_named(item, format!("no_{}", missing.0));
                    return Ok(unmatched.push(&table::list_row(&self.list_columns, &row))?);
                }
            };
            // Taken once: an item that came between the two rounds finds its name used up or unknown.
            let only = self.names.get_mut(&name_key(&name));
            if only.as_deref() != Some(&1) {
                let row = not_named(item, "same_name".to_owned());
                return Ok(unmatched.push(&table::list_row(&self.list_columns, &row))?);
            }
            let picture = source.picture(&item)?;
            let sha256 = zip.stored(&name, &picture)?;
            self.checksums.push(&name, &sha256)?;
            only.into_iter().for_each(|count| *count = u8::MAX);
            let row = Written {
                file: &name,
                sha256: &sha256,
                bytes: picture.len() as u64,
            };
            Ok(written.push(&table::item_row(&profile.columns, &item, &row))?)
        };
        source.items(each).map_err(failure)?;
        Ok([written, unmatched])
    }

    /// Writes one list in every form of the profile.
    fn paper<W: Write>(
        &mut self,
        zip: &mut Zip<W>,
        stem: &str,
        columns: &[&'static Column],
        rows: &mut Spool,
    ) -> Result<(), DeliveryError> {
        for form in &self.profile.forms {
            let name = format!("{stem}.{}", form.ending());
            let sheet = Sheet {
                columns,
                stem,
                made_at: self.head.made_at,
                folder: self.folder,
            };
            let sha256 = zip.deflated(&name, |out| forms::write(*form, &sheet, rows, out))?;
            self.checksums.push(&name, &sha256)?;
        }
        Ok(())
    }
}

/// A picture that gets no name, for the list.
fn not_named(item: Item, reason: String) -> ListRow {
    ListRow {
        number: Some(item.number.as_str().to_owned()),
        person: Some(item.person),
        subject: item.subject,
        reason,
    }
}
