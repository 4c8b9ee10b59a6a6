//! How many codes held up on phones are read, how fast, and beside whom? The figures of `cargo xtask bench codes`.
//!
//! `codes_bench [FRAMES OF A KIND AND STRENGTH] [FIRST SEED] [FOLDER]`; one JSON object a reader, kind and strength, one over the
//! frames whose code can be read (`Strength::READABLE`) and one over all. Another seed draws other frames. With a folder the frames
//! are kept there with their payloads, for `station read-code`.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use camera::code::{Effort, Luma, read};
use std::path::PathBuf;
use std::time::Instant;
use testkit::phone::{Held, Spoilt, Strength, held_up};
use zxingcpp::{BarcodeFormat, BarcodeReader, ImageFormat, ImageView};

type Reader = fn(&Luma) -> Vec<Vec<u8>>;

fn ours(luma: &Luma) -> Vec<Vec<u8>> {
    read(luma, Effort::Thorough).into_iter().map(|c| c.payload).collect()
}

fn rqrr_alone(luma: &Luma) -> Vec<Vec<u8>> {
    let (width, height) = (luma.size().width as usize, luma.size().height as usize);
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| luma.pixels()[y * width + x]);
    let grids = picture.detect_grids();
    let decode = |grid: &rqrr::Grid<_>| {
        let mut payload = Vec::new();
        grid.decode_to(&mut payload).is_ok().then_some(payload)
    };
    grids.iter().filter_map(decode).collect()
}

fn zxing_alone(luma: &Luma) -> Vec<Vec<u8>> {
    let view = ImageView::from_slice(luma.pixels(), luma.size().width, luma.size().height, ImageFormat::Lum).unwrap();
    let found = BarcodeReader::new()
        .formats([BarcodeFormat::QRCode])
        .from(&view)
        .unwrap();
    found.iter().filter(|b| b.is_valid()).map(|b| b.bytes()).collect()
}

const READERS: [(&str, Reader); 3] = [("station", ours), ("zxing-cpp", zxing_alone), ("rqrr", rqrr_alone)];

#[derive(Default, Clone)]
struct Tally {
    frames: usize,
    read: usize,
    wrong: usize,
    ms: Vec<f64>,
}

impl Tally {
    fn add(&mut self, held: &Held, reader: Reader) {
        let began = Instant::now();
        let (size, grey) = photo::decode_grey(&held.jpeg, &photo::Limits::default()).unwrap();
        let found = reader(&Luma::new(size, grey).unwrap());
        self.ms.push(began.elapsed().as_secs_f64() * 1e3);
        self.frames += 1;
        self.read += usize::from(found.contains(&held.payload));
        self.wrong += found.iter().filter(|f| **f != held.payload).count();
    }

    fn join(&mut self, other: &Self) {
        self.frames += other.frames;
        self.read += other.read;
        self.wrong += other.wrong;
        self.ms.extend(&other.ms);
    }

    fn line(&self, reader: &str, kind: &str, strength: &str) {
        let mut ms = self.ms.clone();
        ms.sort_by(f64::total_cmp);
        let at = |share: usize| ms[(ms.len() * share / 100).min(ms.len() - 1)];
        let percent = 100.0 * self.read as f64 / self.frames as f64;
        println!(
            r#"{{"reader":"{reader}","kind":"{kind}","strength":"{strength}","frames":{},"read_percent":{percent:.1},"wrong":{},"p50_ms":{:.1},"p95_ms":{:.1}}}"#,
            self.frames,
            self.wrong,
            at(50),
            at(95)
        );
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments.next().map_or(20, |a| a.parse().unwrap());
    let first: u64 = arguments.next().map_or(0, |a| a.parse().unwrap());
    let folder = arguments.next().map(PathBuf::from);
    let mut readable = vec![Tally::default(); READERS.len()];
    let mut all = vec![Tally::default(); READERS.len()];
    for spoilt in Spoilt::ALL {
        for strength in Strength::ALL {
            let mut kind = vec![Tally::default(); READERS.len()];
            for seed in first..first + count {
                let held = held_up(spoilt, strength, seed);
                if let Some(folder) = &folder {
                    let name = format!("{}-{}-{seed:03}", spoilt.name(), strength.name());
                    std::fs::create_dir_all(folder).unwrap();
                    std::fs::write(folder.join(&name).with_extension("jpg"), &held.jpeg).unwrap();
                    std::fs::write(folder.join(&name).with_extension("payload"), &held.payload).unwrap();
                }
                for (nth, (_, reader)) in READERS.iter().enumerate() {
                    kind[nth].add(&held, *reader);
                }
            }
            for (nth, (name, _)) in READERS.iter().enumerate() {
                kind[nth].line(name, spoilt.name(), strength.name());
                all[nth].join(&kind[nth]);
                if Strength::READABLE.contains(&strength) {
                    readable[nth].join(&kind[nth]);
                }
            }
        }
    }
    for (nth, (name, _)) in READERS.iter().enumerate() {
        readable[nth].line(name, "readable", "all");
        all[nth].line(name, "all", "all");
    }
}
