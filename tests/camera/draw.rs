//! Which frames do the lab's webcams play? The test portraits in the sizes the cases ask for, drawn before the machine boots.
use domain::{RectPx, SizePx};
use photo::{Limits, Scale};
use std::path::Path;

/// Portraits used; each is a person of their own.
const PEOPLE: usize = 5;
/// As a camera codes its frames; the small ones fit into few payloads, so that ten thousand pass in a minute.
const QUALITY: u8 = 85;
const SMALL_QUALITY: u8 = 35;

/// Draws them into folders named by their height.
pub fn draw(portraits: &Path, into: &Path) {
    let entries = std::fs::read_dir(portraits).unwrap();
    let mut files: Vec<_> = entries.map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "jpg"));
    files.sort();
    for height in [1080, 720, 480] {
        let folder = into.join(height.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        for (nth, file) in files.iter().take(PEOPLE).enumerate() {
            let bytes = std::fs::read(file).unwrap();
            std::fs::write(folder.join(format!("{nth}.jpg")), sized(&bytes, height)).unwrap();
        }
    }
}

/// 16:9 at 1080 and 720 lines, 4:3 at 480.
fn sized(jpeg: &[u8], height: u32) -> Vec<u8> {
    let decoded = photo::decode(jpeg, Scale::Full, &Limits::default()).unwrap();
    let wide = SizePx {
        width: height * 16 / 9,
        height,
    };
    let picture = decoded.picture.resize(wide);
    let narrow = RectPx {
        x: (wide.width - 640) / 2,
        y: 0,
        width: 640,
        height,
    };
    if height == 480 {
        return photo::encode_jpeg(&picture.crop(narrow).unwrap(), SMALL_QUALITY, 72).unwrap();
    }
    photo::encode_jpeg(&picture, QUALITY, 72).unwrap()
}
