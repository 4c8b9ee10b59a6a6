//! Could the landmarks tell whether two pictures show the same person? The error of a warning "same face as the person before" that
//! would be made of them.
//!
//! `cargo run -p face --example same_face`. Each raw portrait is one person and there is one picture of each, so that pairs of the
//! same person are made by degrading it: turned in the plane, smaller, softer, noisier, darker. That leaves head pose, expression
//! and lens as they were: the error printed is a lower bound of the true one.
#![allow(clippy::print_stdout)]
use domain::{Point3, Rgb, SizePx};
use face::{FaceModels, Speed};
use photo::{Limits, Picture, Scale, decode};
use std::path::Path;

type Failure = Box<dyn std::error::Error>;

/// Points that expression moves little, in MediaPipe's numbering: eye corners, bridge, tip and wings of the nose, temples,
/// cheek bones, and the outline of the face above the mouth.
const STABLE: [usize; 26] = [
    33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 1, 19, 94, 98, 327, 129, 358, 10, 109, 338, 127, 356, 234, 454, 93, 323,
];

fn main() -> Result<(), Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits/raw");
    let models = FaceModels::embedded()?;
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut people: Vec<Vec<Vec<f32>>> = Vec::new();
    for file in &files {
        let picture = decode(&std::fs::read(file)?, Scale::Full, &Limits::default())?.picture;
        let mut shapes = Vec::new();
        for variant in 0..4 {
            let (faces, _) = models.find(&varied(&picture, variant)?, Speed::Full)?;
            if let Some(main) = faces.main() {
                shapes.push(shape(&main.landmarks));
            }
        }
        people.push(shapes);
    }
    // Spread of each coordinate over the pictures of one person, from the even people; the odd ones are judged by it.
    let count = STABLE.len() * 3;
    let mut spread = vec![1e-6_f32; count];
    for person in people.iter().step_by(2) {
        for other in person.iter().skip(1) {
            let pairs = spread.iter_mut().zip(person[0].iter().zip(other));
            pairs.for_each(|(spread, (a, b))| *spread += (a - b).powi(2));
        }
    }
    let judged: Vec<_> = people.iter().skip(1).step_by(2).filter(|p| !p.is_empty()).collect();
    let distance = |a: &[f32], b: &[f32]| -> f32 {
        let each = a.iter().zip(b).zip(&spread);
        each.map(|((a, b), s)| (a - b).powi(2) / s).sum::<f32>().sqrt()
    };
    let (mut same, mut other) = (Vec::new(), Vec::new());
    for (i, a) in judged.iter().enumerate() {
        for (j, b) in judged.iter().enumerate() {
            for shape in b.iter().skip(1) {
                let far = distance(&a[0], shape);
                if i == j { same.push(far) } else { other.push(far) }
            }
        }
    }
    same.sort_by(f32::total_cmp);
    other.sort_by(f32::total_cmp);
    let beyond = |limit: f32| same.iter().filter(|d| **d > limit).count() as f32 / same.len() as f32;
    let within = |limit: f32| other.iter().filter(|d| **d <= limit).count() as f32 / other.len() as f32;
    let equal = same.iter().chain(&other).copied().min_by(|a, b| {
        let gap = |l: f32| (beyond(l) - within(l)).abs();
        gap(*a).total_cmp(&gap(*b))
    });
    if let Some(limit) = equal {
        println!(
            "{} people judged, {} pairs of the same, {} of others: equal error {:.1} % ({:.1} % and {:.1} %)",
            judged.len(),
            same.len(),
            other.len(),
            50.0 * (beyond(limit) + within(limit)),
            100.0 * beyond(limit),
            100.0 * within(limit)
        );
    }
    // A day of 300 heads compares 299 pairs of neighbours; a warning in each tenth of the days is already too often.
    let strict = other[other.len() / 3000];
    println!(
        "missed at one false alarm in 3,000 pairs: {:.1} %",
        100.0 * beyond(strict)
    );
    Ok(())
}

/// The picture as it came, then degraded in three ways.
fn varied(picture: &Picture, variant: u32) -> Result<Picture, Failure> {
    let size = picture.size();
    let (degrees, scale, gain, noise) = match variant {
        1 => (4.0_f32, 1.0_f32, 0.7, 6.0),
        2 => (-5.0, 0.6, 1.15, 3.0),
        3 => (2.0, 0.4, 0.9, 10.0),
        _ => return Ok(picture.clone()),
    };
    let target = SizePx {
        width: (size.width as f32 * scale) as u32,
        height: (size.height as f32 * scale) as u32,
    };
    let small = picture.resize(target);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = (target.width as f32 / 2.0, target.height as f32 / 2.0);
    let mut state = u64::from(variant);
    Ok(Picture::from_fn(target, |x, y| {
        let (dx, dy) = (x as f32 - middle.0, y as f32 - middle.1);
        let rgb = small.sample(middle.0 + dx * cos - dy * sin, middle.1 + dx * sin + dy * cos);
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let grain = ((state >> 40) as f32 / (1_u64 << 24) as f32 - 0.5) * 2.0 * noise;
        let [r, g, b] = rgb.map(|v| (v * gain + grain).clamp(0.0, 255.0) as u8);
        Rgb { r, g, b }
    })?)
}

/// The stable points about their middle, in units of their spread, turned so that the outer eye corners lie level and the bridge of
/// the nose upright.
fn shape(points: &[Point3]) -> Vec<f32> {
    let all: Vec<[f32; 3]> = STABLE.iter().map(|i| &points[*i]).map(|p| [p.x, p.y, p.z]).collect();
    let of = |i: usize| [points[i].x, points[i].y, points[i].z];
    let minus = |a: [f32; 3], b: [f32; 3]| [0, 1, 2].map(|i| a[i] - b[i]);
    let dot = |a: [f32; 3], b: [f32; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let unit = |a: [f32; 3]| a.map(|v| v / dot(a, a).sqrt().max(1e-6));
    let across = unit(minus(of(263), of(33)));
    let upright = minus(of(1), of(168));
    let along = dot(upright, across);
    let down = unit([0, 1, 2].map(|i| upright[i] - along * across[i]));
    let out = [
        across[1] * down[2] - across[2] * down[1],
        across[2] * down[0] - across[0] * down[2],
        across[0] * down[1] - across[1] * down[0],
    ];
    let middle = [0, 1, 2].map(|i| all.iter().map(|p| p[i]).sum::<f32>() / all.len() as f32);
    let spread: f32 = all.iter().map(|p| minus(*p, middle)).map(|d| dot(d, d)).sum::<f32>();
    let scale = (spread / all.len() as f32).sqrt().max(1e-6);
    let seen = all.iter().map(|p| minus(*p, middle));
    seen.flat_map(|d| [dot(d, across) / scale, dot(d, down) / scale, dot(d, out) / scale])
        .collect()
}
