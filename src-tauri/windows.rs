//! The windows beside the photographer's: the sitter's display on the second screen, the graduates' kiosk, and the coordinator's
//! review.
use crate::Desk;
use std::sync::Arc;
use std::time::Duration;
use tauri::{
    AppHandle, Manager, Monitor, PhysicalPosition, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};

/// How often the screens are counted while the sitter's display is open.
const LOOK: Duration = Duration::from_secs(1);

/// Whose window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The sitter's display.
    Subject,
    /// The graduates' kiosk.
    Kiosk,
    /// The coordinator's review, at the center.
    Review,
}

impl Role {
    /// The label its capability file names.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Kiosk => "kiosk",
            Self::Review => "review",
        }
    }
    pub(crate) fn from_label(label: &str) -> Option<Self> {
        [Self::Subject, Self::Kiosk, Self::Review]
            .into_iter()
            .find(|r| r.label() == label)
    }
}

/// Opens a window, or shows the one that is there.
pub(crate) fn open(app: &AppHandle, role: Role) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(role.label()) {
        window.show()?;
        return window.set_focus();
    }
    let builder = WebviewWindowBuilder::new(app, role.label(), WebviewUrl::App("index.html".into()))
        .title("学影")
        .inner_size(1280.0, 720.0);
    match role {
        Role::Kiosk => {
            // Without a frame and above everything, so that a touch finds nothing but the kiosk.
            builder.decorations(false).fullscreen(true).build()?;
        }
        Role::Review => {
            let window = builder.inner_size(1366.0, 768.0).build()?;
            let app = app.clone();
            window.on_window_event(move |event| {
                if let WindowEvent::Destroyed = event {
                    leave_center(&app);
                }
            });
        }
        Role::Subject => {
            let window = builder.decorations(false).build()?;
            place(app, &window)?;
            follow_screens(app.clone())?;
        }
    }
    Ok(())
}

/// The coordinator has left: the session ends, off the main thread, for the center may be slow.
fn leave_center(app: &AppHandle) {
    let desk = Arc::clone(&app.state::<Desk>());
    tauri::async_runtime::spawn_blocking(move || desk.leave_center());
}

/// Closes a window, if it is open.
pub(crate) fn close(app: &AppHandle, role: Role) -> tauri::Result<()> {
    app.get_webview_window(role.label()).map_or(Ok(()), |w| w.destroy())
}

/// The screen the photographer does not use, if there is one.
fn second_screen(app: &AppHandle) -> tauri::Result<Option<Monitor>> {
    let Some(desk) = app.get_webview_window("desk") else {
        return Ok(None);
    };
    let used = desk.current_monitor()?.map(|m| *m.position());
    let all = desk.available_monitors()?;
    Ok(all.into_iter().find(|m| Some(*m.position()) != used))
}

/// Fills the second screen; without one, stays a window of its own.
fn place(app: &AppHandle, window: &WebviewWindow) -> tauri::Result<()> {
    match second_screen(app)? {
        Some(screen) => {
            let PhysicalPosition { x, y } = *screen.position();
            window.set_position(PhysicalPosition::new(x, y))?;
            window.set_fullscreen(true)?;
            window.show()
        }
        None => window.set_fullscreen(false),
    }
}

/// Hides the display when its screen is unplugged, so that it does not cover the photographer's, and brings it back.
/// Ends when the window is closed.
fn follow_screens(app: AppHandle) -> tauri::Result<()> {
    let watch = move || {
        let mut had = second_screen(&app).ok().flatten().is_some();
        loop {
            std::thread::sleep(LOOK);
            let Some(window) = app.get_webview_window(Role::Subject.label()) else {
                return;
            };
            let has = second_screen(&app).ok().flatten().is_some();
            let moved = match (had, has) {
                (true, false) => window.hide(),
                (false, true) => place(&app, &window),
                (true, true) | (false, false) => Ok(()),
            };
            // The desktop refused to move a window: the next look tries again.
            if moved.is_ok() {
                had = has;
            }
        }
    };
    std::thread::Builder::new().name("screens".to_owned()).spawn(watch)?;
    Ok(())
}
