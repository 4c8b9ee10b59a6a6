//! `central import`: a bundle from a stick, and the answer that goes back on it.
use crate::args::Format;
use crate::fault::CommandError;
use crate::out;
use crate::run::{Outcome, Ran};
use central::{Central, CentralError, SchoolCode, Strangers};
use serde_json::json;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use wire::op::OpStatus;

/// Takes in a bundle; a refused or held change, or a refused photo, counts as a finding.
pub fn import(
    central: &Central,
    format: Format,
    file: &Path,
    answer_to: Option<&Path>,
    school: Option<&str>,
    by: &str,
) -> Ran {
    let strangers = match school {
        Some(school) => Strangers::Welcome {
            school: SchoolCode::parse(school).map_err(CentralError::from)?,
            admin: by.to_owned(),
        },
        None => Strangers::Refused,
    };
    let fault = |doing: &str, path: &Path| {
        let doing = format!("{doing} {}", path.display());
        move |source| CommandError::File { doing, source }
    };
    if let Some(path) = answer_to.filter(|p| p.exists()) {
        let source = io::Error::from(io::ErrorKind::AlreadyExists);
        return Err(fault("writing", path)(source));
    }
    let opened = File::open(file).map_err(fault("reading", file))?;
    let length = opened.metadata().map_err(fault("reading", file))?.len();
    let style = indicatif::ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}, {eta} left");
    let bar = indicatif::ProgressBar::new(length)
        .with_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()));
    let reader = Counted {
        file: opened,
        bar: bar.clone(),
    };
    let answer = central.import_bundle(BufReader::with_capacity(1 << 20, reader), &strangers)?;
    bar.finish_and_clear();
    if let Some(path) = answer_to {
        let write = || {
            let mut out = File::create_new(path)?;
            serde_json::to_writer(&mut out, &answer)?;
            out.flush()?;
            out.sync_all()
        };
        write().map_err(fault("writing", path))?;
    }
    let count = |status| answer.results.iter().filter(|r| r.status == status).count();
    let (held, rejected) = (count(OpStatus::Held), count(OpStatus::Rejected));
    let taken = answer.results.len() - held - rejected;
    let refused = answer.photos_refused.len();
    let text = format!(
        "{taken} changes taken, {held} held, {rejected} rejected; {} photos new, {} known, {refused} refused",
        answer.photos_stored, answer.photos_already
    );
    let object = json!({
        "station_id": answer.station_id, "changes": answer.results.len(), "taken": taken, "held": held,
        "rejected": rejected, "photos_stored": answer.photos_stored, "photos_already": answer.photos_already,
        "photos_refused": refused,
    });
    out::line(format, &text, &object)?;
    let clean = held + rejected + refused == 0;
    Ok(if clean { Outcome::Done } else { Outcome::Refused })
}

/// Moves the bar along with what is read.
struct Counted {
    file: File,
    bar: indicatif::ProgressBar,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(into)?;
        self.bar.inc(n as u64);
        Ok(n)
    }
}
