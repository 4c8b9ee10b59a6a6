//! Carries out what was asked, through the same use cases as the window.
use crate::arguments::{
    Arguments, CampaignWish, CaptureWish, ExportWish, Format, OnFail, RehearseWish, RosterWish, Wish,
};
use crate::export;
use crate::output::write;
use ipc::Call;
use serde_json::{Value, json};
use station::rehearse::{self, Plan, RehearsalError};
use station::{BundleFault, CameraUse, DeliveryFault, OpenError, Opening, RosterFile, Station, Trouble};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longest silence of `sync --once` before it gives up.
const QUIET: Duration = Duration::from_secs(30);
/// Longest wait for a camera and a verdict.
const PATIENCE: Duration = Duration::from_secs(20);

/// A command that was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Trouble(#[from] Trouble),
    #[error(transparent)]
    Rehearsal(#[from] RehearsalError),
    #[error("reading {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("listening on {address}: {source}")]
    Listen {
        address: std::net::SocketAddr,
        source: std::io::Error,
    },
    #[error("--map takes COLUMN=FIELD, as 3=student_number, not {0}")]
    Mapping(String),
    #[error("no data folder is known for this user; name one with --data DIR")]
    NoData,
    #[error("no verdict came within {} s", PATIENCE.as_secs())]
    NoVerdict,
    #[error("{}", .0.values.get("detail").cloned().unwrap_or_else(|| .0.code.clone()))]
    Call(ipc::Fault),
}

impl Fault {
    /// 1 for a refusal by a rule, 2 for wrong use or a failure of the world.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Trouble(
                Trouble::Refused(_)
                | Trouble::Desk(_)
                | Trouble::FeatureCode(_)
                | Trouble::NotOnRoster
                | Trouble::Bundle(BundleFault::Nothing | BundleFault::Exists(_) | BundleFault::Answer(_))
                | Trouble::Delivery(DeliveryFault::Nothing | DeliveryFault::Exists(_)),
            )
            | Self::NoVerdict => 1,
            Self::Call(fault) if !fault.retry => 1,
            _ => 2,
        }
    }
}

/// Carries out one command.
pub fn run(arguments: Arguments) -> Result<ExitCode, Fault> {
    let format = arguments.format;
    if let Wish::ReadCode { files } = &arguments.wish {
        return read_code(files, format);
    }
    let data = arguments.data.or_else(station::default_data_dir).ok_or(Fault::NoData)?;
    match arguments.wish {
        Wish::ReadCode { .. } => Ok(ExitCode::SUCCESS),
        Wish::Campaign(wish) => campaign(&open(data)?, wish, format),
        Wish::Roster(RosterWish::Import {
            file,
            encoding,
            sheet,
            mapping,
        }) => roster(&open(data)?, &file, encoding.as_deref(), sheet, &mapping, format),
        Wish::Capture(wish) => capture(data, &wish, format),
        Wish::Orders { state, text, limit } => orders(&open(data)?, state.as_deref(), text.as_deref(), limit, format),
        Wish::Enrol { center, code } => {
            open(data)?.enrol(&center, &code)?;
            write(
                format,
                &["center", "enrolled"],
                &[json!({ "center": center, "enrolled": true })],
            );
            Ok(ExitCode::SUCCESS)
        }
        Wish::Sync { answer: Some(file), .. } => export::take_answer(&open(data)?, &file, format),
        Wish::Sync { once, answer: None } => sync(&open(data)?, once, format),
        Wish::Export(ExportWish::Bundle { out, to }) => export::bundle(&open(data)?, &out, to.as_deref(), format),
        Wish::Export(ExportWish::Delivery {
            out,
            profile,
            unreviewed,
        }) => export::delivery(&open(data)?, &out, profile.as_deref(), unreviewed, format),
        Wish::Status => status(&open(data)?, format),
        Wish::Serve {
            listen,
            ui,
            demo,
            frames,
        } => serve(data, listen, ui, demo, frames),
        Wish::Rehearse(wish) => rehearse_day(data, wish, format),
    }
}

/// As many as were asked for, a page at a time.
fn orders(
    station: &Station,
    state: Option<&str>,
    text: Option<&str>,
    limit: u32,
    format: Format,
) -> Result<ExitCode, Fault> {
    let mut rows = Vec::new();
    loop {
        let done = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let page = station.orders(state, text.map(str::to_owned), done, limit.saturating_sub(done))?;
        if page.rows.is_empty() {
            break;
        }
        rows.extend(page.rows);
    }
    let columns = [
        "number",
        "state",
        "delivery",
        "person.name",
        "person.student_number",
        "local_check",
        "id",
    ];
    write(format, &columns, &rows);
    Ok(ExitCode::SUCCESS)
}

/// Opens the station for a command that needs no camera.
fn open(data: PathBuf) -> Result<Station, Fault> {
    Ok(Station::open(Opening {
        camera: CameraUse::None,
        undo_ms: 0,
        ..Opening::new(data, None)
    })?)
}

pub fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::read(path).map_err(|source| Fault::Read {
        path: path.to_owned(),
        source,
    })
}

fn read_code(files: &[PathBuf], format: Format) -> Result<ExitCode, Fault> {
    let mut rows = Vec::new();
    let mut all = true;
    for file in files {
        let began = Instant::now();
        let found = read(file).and_then(|bytes| Ok(station::codes_in(&bytes)?));
        let ms = (began.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
        let name = file.to_string_lossy();
        match found {
            Ok(codes) if !codes.is_empty() => rows.extend(
                codes
                    .iter()
                    .map(|code| json!({ "file": name, "text": String::from_utf8_lossy(code), "ms": ms })),
            ),
            Ok(_) => {
                all = false;
                rows.push(json!({ "file": name, "text": Value::Null, "ms": ms }));
            }
            Err(fault) => {
                all = false;
                eprintln!("station: {name}: {fault}");
                rows.push(json!({ "file": name, "text": Value::Null, "ms": ms }));
            }
        }
    }
    write(format, &["file", "text", "ms"], &rows);
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn campaign(station: &Station, wish: CampaignWish, format: Format) -> Result<ExitCode, Fault> {
    match wish {
        CampaignWish::Import { file } => {
            let bytes = read(&file)?;
            let campaign = station.import_campaign(&String::from_utf8_lossy(&bytes))?;
            write(
                format,
                &["id", "title"],
                &[json!({ "id": campaign.id.to_string(), "title": campaign.title })],
            );
        }
        CampaignWish::List => {
            write(
                format,
                &["id", "title", "job", "spec_id", "orders"],
                &station.campaigns()?,
            );
        }
        CampaignWish::Use { id } => station.choose_campaign(&id)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn roster(
    station: &Station,
    file: &Path,
    encoding: Option<&str>,
    sheet: Option<String>,
    mapping: &[String],
    format: Format,
) -> Result<ExitCode, Fault> {
    let bytes = read(file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut roster = RosterFile {
        name: &name,
        bytes: &bytes,
        encoding,
        sheet,
        mapping: None,
    };
    if !mapping.is_empty() {
        let mut columns = station.preview_roster(&roster)?.mapping;
        for pair in mapping {
            let wrong = || Fault::Mapping(pair.clone());
            let (column, field) = pair.split_once('=').ok_or_else(wrong)?;
            let column: usize = column.parse().map_err(|_| wrong())?;
            let cell = column
                .checked_sub(1)
                .and_then(|c| columns.get_mut(c))
                .ok_or_else(wrong)?;
            *cell = Some(field.to_owned());
        }
        roster.mapping = Some(columns);
    }
    let report = station.import_roster(&roster)?;
    match format {
        Format::Json => write(format, &[], &[&report]),
        Format::Table => {
            println!(
                "imported {}, updated {}, unchanged {}, refused {}",
                report.imported, report.updated, report.unchanged, report.refused
            );
            if !report.problems.is_empty() {
                write(format, &["row", "column", "code", "refused"], &report.problems);
            }
        }
    }
    Ok(if report.refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn capture(data: PathBuf, wish: &CaptureWish, format: Format) -> Result<ExitCode, Fault> {
    let rules = station::session::Rules {
        accept_after_ms: None,
        ..Default::default()
    };
    let station = Station::open(Opening {
        undo_ms: 0,
        rules,
        ..Opening::new(data, wish.frames.clone())
    })?;
    if let Some(camera) = &wish.camera {
        station.choose_camera(camera)?;
    }
    station.scan(wish.code.as_bytes())?;
    wait(|| station.snapshot().status.camera.state == "streaming")?;
    station.shoot()?;
    wait(|| {
        station
            .snapshot()
            .desk
            .current
            .is_some_and(|slot| slot.stage == "verdict")
    })?;
    let verdict = station
        .snapshot()
        .desk
        .current
        .and_then(|slot| slot.verdict)
        .ok_or(Fault::NoVerdict)?;
    let failed = verdict.verdict == "fail";
    let call = match &wish.override_reason {
        Some(reason) if failed => Some(Call::OverrideCheck { reason: reason.clone() }),
        _ if failed => None,
        _ => Some(Call::Accept),
    };
    let kept = call.is_some();
    match call {
        Some(call) => station.call(call).map(|_| ()).map_err(Fault::Call)?,
        None => station.skip()?,
    }
    let findings: Vec<_> = verdict.findings.iter().filter(|f| f.verdict != "pass").collect();
    write(
        format,
        &["shot", "verdict", "kept"],
        &[json!({
            "shot": verdict.shot_id, "verdict": verdict.verdict, "kept": kept, "check_ms": verdict.check_ms, "findings": findings,
        })],
    );
    if format == Format::Table && !findings.is_empty() {
        write(
            format,
            &["measure", "verdict", "value", "unit", "reason", "remedy"],
            &findings,
        );
    }
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn wait(holds: impl Fn() -> bool) -> Result<(), Fault> {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        if Instant::now() >= end {
            return Err(Fault::NoVerdict);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn sync(station: &Station, once: bool, format: Format) -> Result<ExitCode, Fault> {
    if !station.sync_view()?.enrolled {
        return Err(Trouble::NotEnrolled.into());
    }
    station.sync_now()?;
    let (mut moved, mut last) = (Instant::now(), None);
    loop {
        let queue = station.snapshot().status.queue;
        if once && queue.waiting == 0 && queue.last_success_ms.is_some() {
            break;
        }
        if last.as_ref() != Some(&queue) {
            moved = Instant::now();
            last = Some(queue);
        } else if once && moved.elapsed() > QUIET {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let view = station.sync_view()?;
    let row = json!({
        "waiting": view.queue.waiting, "acknowledged": view.queue.acknowledged, "quarantined": view.queue.quarantined,
        "photos_safe": view.photos_safe, "photos_total": view.photos_total, "trouble": view.queue.trouble,
    });
    write(
        format,
        &[
            "waiting",
            "acknowledged",
            "quarantined",
            "photos_safe",
            "photos_total",
            "trouble",
        ],
        &[row],
    );
    let clean = view.queue.waiting == 0 && view.queue.quarantined == 0;
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A bar on standard error; hidden by itself where that is no terminal.
pub fn progress(length: u64, template: &str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template(template);
    indicatif::ProgressBar::new(length).with_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()))
}

fn status(station: &Station, format: Format) -> Result<ExitCode, Fault> {
    let status = station.snapshot().status;
    let consistent = station.verify()?;
    let cameras = station.cameras();
    let row = json!({
        "campaign": status.campaign, "operator": status.operator, "queue": status.queue, "disk": status.disk,
        "cameras": cameras, "problems": consistent,
    });
    write(
        format,
        &[
            "campaign.title",
            "operator",
            "queue.waiting",
            "queue.quarantined",
            "disk.shots_left",
            "problems",
        ],
        &[row],
    );
    Ok(if consistent.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn serve(
    data: PathBuf,
    listen: std::net::SocketAddr,
    ui: Option<PathBuf>,
    demo: bool,
    frames: Option<PathBuf>,
) -> Result<ExitCode, Fault> {
    let opening = if demo {
        Opening::demo(data, frames)
    } else {
        Opening::among_neighbours(data, frames)
    };
    let station = Arc::new(Station::open(opening)?);
    let fault = |source| Fault::Listen {
        address: listen,
        source,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(fault)?;
    let token = station::serve::new_token();
    let serving = Arc::clone(&station);
    let served = runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        println!(
            "{}",
            json!({ "url": format!("http://{address}/?token={token}"), "address": address, "token": token })
        );
        station::serve::serve(serving, listener, token, ui, stop()).await
    });
    station.close();
    served.map_err(fault)?;
    Ok(ExitCode::SUCCESS)
}

/// Ends when the program is told to stop.
async fn stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
        return;
    }
    // Without the signal the only way left is being killed, which loses nothing either.
    let _ = interrupted.await;
}

fn rehearse_day(data: PathBuf, wish: RehearseWish, format: Format) -> Result<ExitCode, Fault> {
    let plan = Plan {
        data,
        heads: wish.heads,
        frames: wish.frames,
        center: wish.center.zip(wish.enrol_code),
        reject_rate: wish.reject_rate,
        seed: wish.seed,
        on_fail: match wish.on_fail {
            OnFail::Override => rehearse::OnFail::Override,
            OnFail::Retake => rehearse::OnFail::Retake,
            OnFail::Skip => rehearse::OnFail::Skip,
        },
        resume: wish.resume,
    };
    let announce = wish.announce;
    let progress = progress(u64::from(wish.heads), "{bar:40} {pos}/{len} heads, {eta} left");
    let summary = rehearse::run(&plan, &mut |event| {
        if let rehearse::Event::Saved { head, .. } = &event {
            progress.set_position(progress.position().max(u64::from(*head) + 1));
        }
        if announce {
            println!("{}", serde_json::to_string(&event).unwrap_or_default());
        }
    })?;
    progress.finish_and_clear();
    match format {
        Format::Json => write(format, &[], &[&summary]),
        Format::Table => {
            let value = serde_json::to_value(&summary).unwrap_or_default();
            println!("{value}");
        }
    }
    Ok(if summary.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
