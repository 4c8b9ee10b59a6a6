//! Is each order consistent with its photos, its ops and its history?
use super::{VerifyReport, money};
use crate::center::Central;
use crate::change;
use crate::store::{OrderRow, ReadRows, Stored};
use domain::OrderState;

/// Checks every order.
pub fn check(central: &Central, report: &mut VerifyReport) -> Stored<()> {
    central.each_order(|row| {
        report.orders += 1;
        // Read again with all that belongs to it, as of one moment: the page is older.
        central.read(|rows| {
            let Some(row) = rows.order(&row.order.id)? else {
                report.error(change::subject(row), "is gone");
                return Ok(());
            };
            check_one(rows, &row, report)
        })
    })
}

fn check_one(rows: &ReadRows<'_>, row: &OrderRow, report: &mut VerifyReport) -> Stored<()> {
    let subject = change::subject(row);
    money::check(rows, row, report)?;
    photo(rows, row, &subject, report)?;
    ops(rows, row, &subject, report)?;
    let history = rows.history(&row.school, &subject)?;
    let state = history.iter().rev().find_map(|h| {
        let detail: serde_json::Value = serde_json::from_str(&h.detail).ok()?;
        detail["to"].as_str().map(str::to_owned)
    });
    if state.as_deref() != Some(row.order.state.id()) {
        report.error(&subject, "its history ends in another state");
    }
    Ok(())
}

fn photo(rows: &ReadRows<'_>, row: &OrderRow, subject: &str, report: &mut VerifyReport) -> Stored<()> {
    let photo = &row.order.photo;
    let revisions = rows.photo_revisions(&row.school, &row.order.id)?;
    let current = revisions.last().map(|p| (p.revision, p.blob_id.clone()));
    if current != Some((photo.revision, photo.blob.to_string())) || revisions.len() as u64 != u64::from(photo.revision)
    {
        report.error(subject, "its photo revisions are not complete");
    }
    let Some(blob) = rows.blob(&row.school, &photo.blob)? else {
        let waits = matches!(
            row.order.state,
            OrderState::PendingPayment | OrderState::Paid | OrderState::Closed | OrderState::Refunded
        );
        if !waits {
            report.error(subject, "it is past payment without its photo");
        }
        return Ok(());
    };
    if blob.size != photo.original {
        report.warning(
            subject,
            "its photo has another size than the station said; it cannot be finished",
        );
    }
    if row.order.state == OrderState::Paid && !row.order.withdrawn {
        report.error(subject, "its photo is here, but it has not gone on to review");
    }
    Ok(())
}

fn ops(rows: &ReadRows<'_>, row: &OrderRow, subject: &str, report: &mut VerifyReport) -> Stored<()> {
    let Some(station) = rows.station(&row.order.station)? else {
        report.error(subject, "its station is unknown");
        return Ok(());
    };
    if rows.last_rev(&station, &row.order.id)? != row.rev {
        report.error(subject, "its revision is not that of its ops");
    }
    Ok(())
}
