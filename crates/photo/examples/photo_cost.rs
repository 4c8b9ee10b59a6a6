//! What do decoding and finishing cost? `cargo run -p photo --example photo_cost`: medians on the clock of one thread.
#![allow(clippy::print_stdout)]
use domain::photo_spec::{Confidence, Geometry, Limits as Judged, Sourced};
use domain::{PhotoSpec, RectPx, SizePx, SpecId, finding::Bound};
use photo::{Chroma, Encoding, Finish, Huffman, Limits, Scale, decode, encode, encode_jpeg, finish};
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits/studio/rand-paul.jpg");
    let bytes = std::fs::read(file)?;
    let limits = Limits::default();
    let frame = decode(&bytes, Scale::Full, &limits)?.picture;
    let large = frame.resize(SizePx {
        width: 6000,
        height: 4000,
    });
    let chroma = Chroma::HalfAcross;
    let large_jpeg = encode(
        &large,
        Encoding {
            quality: 95,
            chroma,
            huffman: Huffman::Standard,
            dpi: 300,
        },
    )?;
    let crop = RectPx {
        x: 660,
        y: 240,
        width: 600,
        height: 800,
    };
    let large_crop = RectPx {
        x: 2000,
        y: 200,
        width: 2700,
        height: 3600,
    };
    let spec = graduate();
    time("decode 1080p", || decode(&bytes, Scale::Full, &limits).is_ok());
    time("decode 24 MP", || decode(&large_jpeg, Scale::Full, &limits).is_ok());
    let screen = Scale::AtLeast(SizePx {
        width: 1500,
        height: 1000,
    });
    time("decode 24 MP at a quarter", || {
        decode(&large_jpeg, screen, &limits).is_ok()
    });
    time("encode 1080p", || encode_jpeg(&frame, 92, 300).is_ok());
    time("finish from 1080p", || {
        finish(&frame, &Finish { spec: &spec, crop }).is_ok()
    });
    time("finish from 24 MP", || {
        finish(
            &large,
            &Finish {
                spec: &spec,
                crop: large_crop,
            },
        )
        .is_ok()
    });
    Ok(())
}

/// Prints the median of 15 runs.
fn time(name: &str, mut run: impl FnMut() -> bool) {
    let mut times: Vec<_> = (0..15)
        .map(|_| {
            let start = Instant::now();
            let done = run();
            (start.elapsed(), done)
        })
        .collect();
    times.sort();
    let worked = times.iter().all(|(_, done)| *done);
    println!(
        "{name:28} {:7.1} ms{}",
        times[7].0.as_secs_f64() * 1e3,
        if worked { "" } else { " (failed)" }
    );
}

/// The frame, density and window of `chsi-graduate-2017`.
fn graduate() -> PhotoSpec {
    fn sourced<T>(value: T) -> Sourced<T> {
        Sourced {
            value,
            source: String::new(),
            confidence: Confidence::Guess,
        }
    }
    PhotoSpec {
        id: SpecId("measure".to_owned()),
        version: String::new(),
        title_zh: String::new(),
        title_en: String::new(),
        size: sourced(SizePx {
            width: 480,
            height: 640,
        }),
        dpi: sourced(300),
        quality_floor: sourced(60),
        file_kb: sourced(Bound {
            min: Some(20.0),
            max: Some(40.0),
        }),
        backgrounds: sourced(Vec::new()),
        geometry: Geometry::default(),
        limits: Judged::default(),
    }
}
