//! Pictures for the webview through the asynchronous scheme `xueying:`: the preview, shots and finished pictures.
//! The webview never sees a path: it names a shot or an order, the station finds the bytes.
use crate::Desk;
use crate::start::FirstFrame;
use station::Picture;
use std::sync::Arc;
use tauri::UriSchemeResponder;
use tauri::http::{Request, Response, StatusCode, header};

/// Who looks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    /// The photographer's window and the sitter's display.
    Staff,
    /// The kiosk: its guest's own pictures only.
    Guest,
    /// The review's pictures come from the center.
    Nobody,
}

/// Answers one request off the main thread.
pub(crate) fn answer(
    (desk, whose): (Desk, Whose),
    first_frame: Arc<FirstFrame>,
    request: &Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    tauri::async_runtime::spawn_blocking(move || {
        let picture = match whose {
            Whose::Staff => desk.picture(&path, &query),
            Whose::Guest => desk.kiosk_picture(&path, &query),
            Whose::Nobody => Picture::none(404),
        };
        let mut response = Response::builder()
            .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
            .header(
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                "X-Sequence, X-Taken-Ms, X-Width, X-Height, X-Turns",
            )
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        for (name, value) in &picture.headers {
            response = response.header(*name, value);
        }
        let response = response
            .status(picture.status)
            .header(header::CONTENT_TYPE, picture.content_type)
            .body(picture.bytes)
            .unwrap_or_else(|_| {
                let mut empty = Response::new(Vec::new());
                *empty.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                empty
            });
        let is_frame = path == "preview" && response.status() == StatusCode::OK;
        responder.respond(response);
        if is_frame {
            first_frame.handed_over();
        }
    });
}
