//! Files that leave the station, and the answer that comes back on the stick.
use crate::arguments::Format;
use crate::commands::{Fault, progress, read};
use crate::output::write;
use station::{DeliveryWish, Station, delivery_profile};
use std::path::Path;
use std::process::ExitCode;

/// The sealed file for a stick.
pub fn bundle(station: &Station, out: &Path, to: Option<&str>, format: Format) -> Result<ExitCode, Fault> {
    let progress = progress(0, "{bar:40} {pos}/{len} photos, {eta} left");
    let report = station.export_bundle(out, to, &mut |done, all| {
        progress.set_length(all as u64);
        progress.set_position(done as u64);
    })?;
    progress.finish_and_clear();
    write(format, &["changes", "photos", "bytes"], &[report]);
    Ok(ExitCode::SUCCESS)
}

/// Exit 1 when a photo is left out for want of a certain name.
pub fn delivery(
    station: &Station,
    out: &Path,
    profile: Option<&str>,
    unreviewed: bool,
    format: Format,
) -> Result<ExitCode, Fault> {
    let profile = profile.map(delivery_profile).transpose()?;
    let wish = DeliveryWish {
        path: out,
        profile: profile.as_ref(),
        unreviewed,
    };
    let progress = progress(0, "{bar:40} {pos}/{len} pictures, {eta} left");
    let report = station.export_delivery(&wish, &mut |done, all| {
        progress.set_length(all as u64);
        progress.set_position(done as u64);
    })?;
    progress.finish_and_clear();
    let clean = report.unmatched == 0;
    write(
        format,
        &["file", "pictures", "unmatched", "rejected", "absent", "bytes"],
        &[report],
    );
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Exit 1 when the center refused a change or keeps one waiting.
pub fn take_answer(station: &Station, file: &Path, format: Format) -> Result<ExitCode, Fault> {
    let report = station.take_bundle_answer(&read(file)?)?;
    write(format, &["acknowledged", "quarantined", "waiting"], &[report]);
    let clean = report.quarantined == 0 && report.waiting == 0;
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
