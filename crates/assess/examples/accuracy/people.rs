//! Who sits for the bank, and in which half?
use crate::Failure;
use assess::Specs;
use domain::{PersonMask, Point3, RectPx, SizePx};
use face::{FaceModels, Speed};
use photo::{Limits, Picture, Scale};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use testkit::bank::Sitter;

/// Begins the hash of the split; a new number draws a new split.
const SPLIT: u32 = 0x5eed_000e;
/// Widest picture a sitter has: as large as what is delivered and a half, so that drawing stays quick.
const WIDEST: u32 = 680;

/// Which people a threshold may have been set on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// Thresholds were set on these.
    Tuned,
    /// They were not set on these.
    Held,
}

/// A person of the studio set.
pub(crate) struct Person {
    pub(crate) sitter: Sitter,
    pub(crate) half: Half,
    /// Labelled so without doubt.
    pub(crate) closed_lips: bool,
}

/// Which half a name belongs to: by its letters alone (FNV-1a), so that it does not depend on who else is in the set.
pub(crate) fn half(name: &str) -> Half {
    let mix = |h: u32, b: u8| (h ^ u32::from(b)).wrapping_mul(0x0100_0193);
    let hash = name.bytes().fold(SPLIT, mix);
    if (hash >> 16).is_multiple_of(2) {
        Half::Held
    } else {
        Half::Tuned
    }
}

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/portraits")
        .join(name)
}

/// A row of the labels by the names of its columns.
pub(crate) type Labels = HashMap<String, String>;

/// The labels of every raw portrait.
pub(crate) fn labels() -> Result<Vec<Labels>, Failure> {
    let mut reader = csv::Reader::from_path(folder("labels.csv"))?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

/// Reads the studio portraits: the part around the delivered picture of each, with its face and mask.
pub(crate) fn load() -> Result<Vec<Person>, Failure> {
    let models = FaceModels::embedded()?;
    let specs = Specs::builtin()?;
    let spec = specs.iter().next().ok_or("no standards")?;
    let labels = labels()?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder("studio"))?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut people = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let frame = photo::decode(&std::fs::read(&file)?, Scale::Full, &Limits::default())?.picture;
        let (mut faces, _) = models.find(&frame, Speed::Full)?;
        let crop = check::best_crop(&faces, frame.size(), spec).ok_or("a studio portrait without a crop")?;
        let part = around(crop, &frame);
        let by = (WIDEST as f32 / part.width as f32).min(1.0);
        let small = |px: u32| (px as f32 * by).round() as u32;
        let picture = frame.crop(part)?.resize(SizePx {
            width: small(part.width),
            height: small(part.height),
        });
        let mut face = faces.faces.remove(0);
        let near = |p: &Point3| Point3 {
            x: (p.x - part.x as f32) * by,
            y: (p.y - part.y as f32) * by,
            z: p.z * by,
        };
        face.landmarks = face.landmarks.iter().map(near).collect();
        let mask = moved(
            faces.mask.ok_or("a studio portrait without a mask")?,
            part,
            picture.size(),
        );
        let row = labels.iter().find(|l| l["file"] == format!("{name}.jpg"));
        people.push(Person {
            half: half(&name),
            closed_lips: row.is_some_and(|l| l["mouth"] == "closed" && l["confidence"] == "high"),
            sitter: Sitter {
                name,
                picture,
                face,
                mask,
                crop: RectPx {
                    x: small(crop.x - part.x),
                    y: small(crop.y - part.y),
                    width: small(crop.width),
                    height: small(crop.height),
                },
            },
        });
    }
    Ok(people)
}

/// The delivered part with a fifth more on each side, as far as the frame goes.
fn around(crop: RectPx, frame: &Picture) -> RectPx {
    let size = frame.size();
    let (dx, dy) = (crop.width / 5, crop.height / 5);
    let (x, y) = (crop.x.saturating_sub(dx), crop.y.saturating_sub(dy));
    let (right, bottom) = (
        (crop.x + crop.width + dx).min(size.width),
        (crop.y + crop.height + dy).min(size.height),
    );
    RectPx {
        x,
        y,
        width: right - x,
        height: bottom - y,
    }
}

/// The mask over the part alone: cells are cut to it.
fn moved(mask: PersonMask, part: RectPx, size: SizePx) -> PersonMask {
    let (width, height) = (mask.width, mask.height);
    let values = (0..width * height).map(|i| {
        let at = |cell: u32, cells: u32, from: u32, side: u32| {
            from as f32 + (cell as f32 + 0.5) / cells as f32 * side as f32
        };
        mask.at(domain::Point::new(
            at(i % width, width, part.x, part.width),
            at(i / width, height, part.y, part.height),
        ))
    });
    PersonMask {
        values: values.collect(),
        width,
        height,
        region: RectPx::whole(size),
    }
}
