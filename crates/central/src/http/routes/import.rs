//! `POST /v1/import`: a sealed bundle, carried by anybody. It is kept aside until it is whole, then read like a file.
use crate::center::Central;
use crate::error::CentralError;
use crate::http::body;
use crate::http::fault::Fault;
use crate::http::serve::Peer;
use crate::usecase::import::Strangers;
use axum::Json;
use axum::extract::{Request, State};
use std::io::{BufReader, Seek};
use wire::import::ImportAnswer;
use wire::problem::Code;

/// Takes in a bundle and answers each of its ops.
pub async fn import(State(central): State<Central>, request: Request) -> Result<Json<ImportAnswer>, Fault> {
    let (parts, stream) = request.into_parts();
    let from = parts.extensions.get::<Peer>().map(|p| p.0.ip());
    let guard = &central.guards().bundles;
    if !guard.may_try(from, central.now()) {
        return Err(Fault::new(Code::RateLimited, "Too many files that are no bundles").after_ms(60_000));
    }
    // Nameless: however this ends, the file is gone when it is closed.
    let aside = central.at_photos(|c| c.nameless_file()).await?;
    let limits = &central.config().limits;
    let mut file = body::to_file(&parts.headers, stream, limits.bundle_bytes, limits.body_pause, aside).await?;
    let taken = central
        .at_photos(move |c| {
            file.rewind().map_err(CentralError::files("reading the bundle"))?;
            c.import_bundle(BufReader::new(file), &Strangers::Refused)
        })
        .await;
    if matches!(taken, Err(CentralError::Bundle { .. })) {
        guard.failed(from, central.now());
    }
    Ok(Json(taken?))
}

impl Central {
    /// A file for what is being received; it has no name, so nothing of it stays after a crash.
    fn nameless_file(&self) -> Result<std::fs::File, CentralError> {
        let path = self.config().data_dir.join(format!("incoming-{}", self.new_id()?));
        let make = || {
            let file = std::fs::File::options()
                .read(true)
                .write(true)
                .create_new(true)
                .open(&path)?;
            std::fs::remove_file(&path)?;
            Ok(file)
        };
        make().map_err(CentralError::files("making room for a bundle"))
    }
}
