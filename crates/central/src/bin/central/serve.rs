//! `central serve`: until a signal says stop.
use crate::args::Format;
use crate::fault::CommandError;
use crate::out;
use crate::run::{Outcome, Ran};
use central::Central;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

/// Serves; prints one JSON line with the address once connections are taken.
pub fn serve(central: &Central) -> Ran {
    let doing = |what: &str| {
        let doing = what.to_owned();
        move |source| CommandError::File { doing, source }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("central")
        .build()
        .map_err(doing("starting"))?;
    runtime.block_on(async {
        let listen = central.config().listen;
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(doing(&format!("listening on {listen}")))?;
        let address = listener.local_addr().map_err(doing("listening"))?;
        let (mut terminate, mut interrupt) = (
            signal(SignalKind::terminate()).map_err(doing("listening for signals"))?,
            signal(SignalKind::interrupt()).map_err(doing("listening for signals"))?,
        );
        let ready = json!({ "ready": true, "listen": address.to_string(), "url": format!("http://{address}") });
        out::rows(Format::Json, &[ready])?;
        let told_to_stop = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        central.serve(listener, told_to_stop).await?;
        Ok(Outcome::Done)
    })
}
