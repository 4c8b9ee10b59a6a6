//! The payment provider: its settings file, and `central reconcile`.
use crate::args::Format;
use crate::fault::CommandError;
use crate::out;
use crate::run::{Outcome, Ran};
use central::people::read_day;
use central::{Central, CentralError, Clock, SystemClock};
use domain::Money;
use pay::wechat::{ApiV3Key, Client, MerchantKey, PlatformKeys, Settings};
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Longest wait for an answer of the provider.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The file. Keys lie in files of their own, named from where it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "provider")]
    base_url: String,
    app_id: String,
    mch_id: String,
    notify_url: String,
    merchant_serial: String,
    merchant_key: PathBuf,
    api_v3_key: PathBuf,
    #[serde(default)]
    platform_certificates: Vec<PathBuf>,
    #[serde(default)]
    platform_public_keys: Vec<PublicKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicKey {
    id: String,
    file: PathBuf,
}

fn provider() -> String {
    pay::wechat::OFFICIAL_HOSTS[0].to_owned()
}

/// The client the settings file describes.
pub fn gateway(path: &Path) -> Result<Client, CommandError> {
    let wrong = |why: String| CommandError::Settings {
        path: path.to_owned(),
        why,
    };
    let here = path.parent().unwrap_or(Path::new(""));
    let text = |file: &Path| {
        std::fs::read_to_string(here.join(file)).map_err(|source| CommandError::File {
            doing: format!("reading {}", here.join(file).display()),
            source,
        })
    };
    let name = path.file_name().map_or(path, Path::new);
    let file: File = toml::from_str(&text(name)?).map_err(|e| wrong(e.to_string()))?;
    let said = |e: pay::PayError| wrong(e.to_string());
    let mut platform = PlatformKeys::default();
    for certificate in &file.platform_certificates {
        platform.add_certificate(&text(certificate)?).map_err(said)?;
    }
    for key in &file.platform_public_keys {
        platform.add_public_key(&key.id, &text(&key.file)?).map_err(said)?;
    }
    let settings = Settings {
        key: MerchantKey::from_pem(&text(&file.merchant_key)?, &file.merchant_serial).map_err(said)?,
        api_v3_key: ApiV3Key::new(text(&file.api_v3_key)?.trim()).map_err(said)?,
        base_url: file.base_url,
        app_id: file.app_id,
        mch_id: file.mch_id,
        notify_url: file.notify_url,
        platform,
        timeout: TIMEOUT,
    };
    Client::new(settings, Arc::new(|| SystemClock.now())).map_err(said)
}

/// `central reconcile`: exit code 1 when something does not agree.
pub fn reconcile(central: &Central, format: Format, date: &str) -> Ran {
    let day = read_day(date).map_err(CentralError::from)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| CommandError::File {
            doing: "starting".to_owned(),
            source,
        })?;
    let found = runtime.block_on(central.reconcile(day))?;
    for d in &found.differences {
        let yuan = |fen: Option<u64>| fen.map_or_else(|| "–".to_owned(), |f| Money::from_fen(f).to_string());
        let text = format!(
            "{}  {}  {}  bill {}  books {}",
            d.kind,
            d.number,
            d.direction.unwrap_or("–"),
            yuan(d.bill_fen),
            yuan(d.books_fen)
        );
        out::line(format, &text, &json!(d))?;
    }
    let text = format!(
        "{}: {} agree, {} taken in now, {} do not agree",
        found.day,
        found.matched,
        found.taken_in,
        found.differences.len()
    );
    let sum = json!({
        "day": found.day, "matched": found.matched, "taken_in": found.taken_in, "differences": found.differences.len(),
    });
    out::line(format, &text, &sum)?;
    Ok(if found.differences.is_empty() {
        Outcome::Done
    } else {
        Outcome::Refused
    })
}
