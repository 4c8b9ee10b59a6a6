//! The shell: a window, its commands and its pictures. No rules live here; every command is one call of the station.
mod commands;
mod documents;
mod fault;
mod options;
mod pictures;
mod start;
mod windows;

pub use fault::ShellError;
pub use options::{Options, StartReport, Wish};
pub use station::camera_process;
use station::{Opening, Station};
use std::sync::Arc;
use std::time::Instant;
use tauri::Manager;

/// What every command gets.
pub(crate) type Desk = Arc<Station>;

/// Opens the station and its window; returns when the window is closed. `started` is when the program began.
///
/// # Errors
/// When the data folder, the key or the window cannot be opened.
pub fn run(options: Options, started: Instant) -> Result<(), ShellError> {
    let data = match options.data {
        Some(folder) => folder,
        None => station::default_data_dir().ok_or(ShellError::NoDataFolder)?,
    };
    let opening = if options.demo {
        Opening::demo(data, options.frames)
    } else {
        Opening::among_neighbours(data, options.frames)
    };
    let station = Arc::new(Station::open(opening)?);
    let for_pictures = Arc::clone(&station);
    let first_frame = Arc::new(start::FirstFrame::new(options.start, started));
    let for_exit = Arc::clone(&station);
    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            if let Some(window) = app.get_webview_window("desk") {
                // A second start shows the window that is there; failing to raise it is no reason to fail.
                let _ = window.set_focus();
            }
        }))
        // Only the photographer's window comes back where it was; the others belong to their screens.
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_denylist(&["subject", "kiosk"])
                .build(),
        )
        .manage::<Desk>(station)
        .register_asynchronous_uri_scheme_protocol("xueying", move |context, request, responder| {
            let whose = match context.webview_label() {
                "desk" | "subject" => pictures::Whose::Staff,
                "kiosk" => pictures::Whose::Guest,
                _ => pictures::Whose::Nobody,
            };
            pictures::answer(
                (Arc::clone(&for_pictures), whose),
                Arc::clone(&first_frame),
                &request,
                responder,
            );
        })
        .invoke_handler(commands::handler())
        .build(tauri::generate_context!())?
        .run(move |_, event| {
            if let tauri::RunEvent::Exit = event {
                for_exit.close();
            }
        });
    Ok(())
}
