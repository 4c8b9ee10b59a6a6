//! What do several tests need: the models, the portraits, a picture put into another?
use domain::{Point, Rgb, SizePx};
use face::{FaceModels, Speed};
use photo::{Limits, Picture, Scale, decode};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Loaded once for all tests of this binary.
pub static MODELS: LazyLock<FaceModels> = LazyLock::new(|| FaceModels::embedded().unwrap());

pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/portraits")
        .join(name)
}

pub fn picture(path: &Path) -> Picture {
    decode(&std::fs::read(path).unwrap(), Scale::Full, &Limits::default())
        .unwrap()
        .picture
}

pub fn studio(name: &str) -> Picture {
    picture(&folder("studio").join(format!("{name}.jpg")))
}

pub fn find(picture: &Picture, speed: Speed) -> domain::Faces {
    MODELS.find(picture, speed).unwrap().0
}

/// A picture of the backdrop's colour.
pub fn backdrop(width: u32, height: u32) -> Picture {
    Picture::from_fn(SizePx { width, height }, |_, _| Rgb { r: 100, g: 197, b: 255 }).unwrap()
}

/// Puts one picture into another with its top-left corner at (x, y); what reaches beyond is cut off.
pub fn paste(base: &Picture, patch: &Picture, x: u32, y: u32) -> Picture {
    let s = patch.size();
    Picture::from_fn(base.size(), |px, py| match (px.checked_sub(x), py.checked_sub(y)) {
        (Some(dx), Some(dy)) if dx < s.width && dy < s.height => patch.pixel(dx, dy),
        _ => base.pixel(px, py),
    })
    .unwrap()
}

/// The picture turned by so many degrees about its centre, clockwise as seen.
pub fn turned(source: &Picture, degrees: f32) -> Picture {
    let s = source.size();
    let center = Point::new(s.width as f32 / 2.0, s.height as f32 / 2.0);
    let (sin, cos) = degrees.to_radians().sin_cos();
    Picture::from_fn(s, |x, y| {
        let (dx, dy) = (x as f32 + 0.5 - center.x, y as f32 + 0.5 - center.y);
        let [r, g, b] = source.sample(center.x + dx * cos + dy * sin, center.y - dx * sin + dy * cos);
        Rgb {
            r: r as u8,
            g: g as u8,
            b: b as u8,
        }
    })
    .unwrap()
}
