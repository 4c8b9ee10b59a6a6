//! The other windows, and documents for people: the few commands that are the shell's own.
use crate::{Desk, documents, windows};
use ipc::{Call, Fault};
use std::sync::Arc;

fn fault(code: &str) -> Fault {
    Fault {
        code: code.to_owned(),
        values: Default::default(),
        retry: true,
    }
}

/// Opens the window of a role, or shows the one that is there.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn open_window(app: tauri::AppHandle, role: String) -> Result<(), Fault> {
    let role = windows::Role::from_label(&role).ok_or_else(|| fault("bad_argument"))?;
    windows::open(&app, role).map_err(|_| fault("window"))
}

/// Keeps a document in the user's documents folder; answers with its name.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn keep_document(app: tauri::AppHandle, name: String, base64: String) -> Result<String, Fault> {
    tauri::async_runtime::spawn_blocking(move || documents::keep(&app, &name, &base64))
        .await
        .ok()
        .flatten()
        .ok_or_else(|| fault("document"))
}

/// Fetches a file of the center into the user's documents folder; answers with its name.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn keep_center_file(
    app: tauri::AppHandle,
    desk: tauri::State<'_, Desk>,
    target: String,
    name: String,
) -> Result<String, Fault> {
    let desk = Arc::clone(&desk);
    let kept = tauri::async_runtime::spawn_blocking(move || {
        let mut new = documents::NewDocument::open(&app, &name).ok_or_else(|| fault("document"))?;
        desk.save_center_file(&target, &mut new.file).map_err(|t| t.fault())?;
        new.done().ok_or_else(|| fault("document"))
    });
    kept.await.map_err(|_| fault("interrupted"))?
}

/// Closes the kiosk's window, given the PIN.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn kiosk_exit(
    app: tauri::AppHandle,
    desk: tauri::State<'_, Desk>,
    pin: String,
) -> Result<serde_json::Value, Fault> {
    let answer = super::call(desk, Call::KioskExit { pin }).await?;
    windows::close(&app, windows::Role::Kiosk).map_err(|_| fault("window"))?;
    Ok(answer)
}
