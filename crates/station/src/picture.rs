//! Pictures for the windows, whichever door they come through: the preview, shots and finished pictures.

/// An answer with a picture, or an empty one with its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// HTTP status: 200, 204 when there is no newer frame, 404, 500.
    pub status: u16,
    /// `image/jpeg`, or plain text when empty.
    pub content_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Further headers of a preview frame: `X-Sequence`, `X-Width`, `X-Height`, and `X-Taken-Ms`, when it began by the station's
    /// clock in Unix milliseconds.
    pub headers: Vec<(&'static str, String)>,
}

impl Picture {
    /// A JPEG.
    pub fn jpeg(bytes: Vec<u8>) -> Self {
        Self {
            status: 200,
            content_type: "image/jpeg",
            bytes,
            headers: Vec::new(),
        }
    }
    /// Nothing, with the reason as a status.
    pub fn none(status: u16) -> Self {
        Self {
            status,
            content_type: "text/plain",
            bytes: Vec::new(),
            headers: Vec::new(),
        }
    }
}

/// What a path of the picture door asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The newest preview frame after this number.
    Preview {
        /// Sequence of the last frame the window has.
        after: u64,
    },
    /// A shot.
    Shot {
        /// Which.
        id: domain::ShotId,
        /// How large.
        size: Size,
    },
    /// An order's current photo.
    Order {
        /// Which.
        id: domain::OrderId,
        /// How large.
        size: Size,
    },
}

/// How large a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 240 px high, for lists.
    Thumb,
    /// The original, untouched.
    Full,
    /// The delivered picture, derived from original and crop.
    Finished,
}

/// Reads a path such as `shot/<id>` and a query such as `size=thumb`.
pub fn wanted(path: &str, query: &str) -> Option<Wanted> {
    let value = |name: &str| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    };
    let size = match value("size") {
        None | Some("thumb") => Size::Thumb,
        Some("full") => Size::Full,
        Some("finished") => Size::Finished,
        Some(_) => return None,
    };
    match path.split_once('/') {
        None if path == "preview" => Some(Wanted::Preview {
            after: value("after").and_then(|v| v.parse().ok()).unwrap_or(0),
        }),
        Some(("shot", id)) => Some(Wanted::Shot {
            id: id.parse().ok()?,
            size,
        }),
        Some(("order", id)) => Some(Wanted::Order {
            id: id.parse().ok()?,
            size,
        }),
        _ => None,
    }
}
