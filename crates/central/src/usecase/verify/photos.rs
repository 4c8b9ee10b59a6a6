//! Is each photo with a row on disk, with the right bytes? And is there any without a row?
use super::{PAGE, VerifyReport};
use crate::center::Central;
use crate::error::CentralError;
use crate::store::{SchoolCode, Stored};
use domain::BlobId;
use std::collections::BTreeSet;

/// Reads and hashes every photo.
pub fn check(central: &Central, report: &mut VerifyReport) -> Stored<()> {
    // The folder first: a photo that comes meanwhile has its bytes before its row and must not look like waste.
    let mut without_row = BTreeSet::new();
    central.blobs().each(&mut |id| {
        without_row.insert(id);
    })?;
    let mut after: Option<(SchoolCode, BlobId)> = None;
    loop {
        let page = central.read(|rows| rows.blobs_after(after.as_ref().map(|(s, b)| (s, b)), PAGE))?;
        for row in &page {
            report.photos += 1;
            without_row.remove(&row.id);
            let subject = format!("photo:{}", row.id);
            match central.blobs().get(&row.id) {
                Ok(Some(bytes)) if bytes.len() as u64 == row.bytes => {}
                Ok(Some(_)) => report.error(subject, "its row names another length"),
                Ok(None) => report.error(subject, "its bytes are not in the folder"),
                Err(CentralError::Digest) => report.error(subject, "its bytes are damaged"),
                Err(other) => report.error(subject, other.to_string()),
            }
        }
        match page.last() {
            Some(last) => after = Some((last.school.clone(), last.id)),
            None => break,
        }
    }
    for id in without_row {
        report.warning(
            format!("photo:{id}"),
            "its bytes have no row; an upload was interrupted",
        );
    }
    Ok(())
}
