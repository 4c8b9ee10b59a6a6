//! Does any file make the decoder's gate, the reading of EXIF and ICC, or the reading of standards panic, hang or fill the memory?
//!
//! Good files are spoilt at random from a seed: bits and bytes changed, parts cut, doubled, moved between files, lengths and sizes
//! set to extremes. A few thousand inputs in the gate; `cargo xtask test --only fuzz` gives 100,000, and a million more that coverage
//! guides, from the same seeds (`crates/assess/fuzz`).
#![allow(clippy::unwrap_used, clippy::print_stdout)]
use assess::Specs;
use domain::{Rgb, SizePx};
use photo::{Chroma, Encoding, Huffman, Limits, Picture, Scale};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Inputs without the variable `FUZZ_INPUTS`.
const INPUTS: u64 = 3000;
/// Longest time for one input. What is read of a picture is limited, so a second would be much.
const SLOW: Duration = Duration::from_secs(20);
/// Most memory the process may have held, in kilobytes.
const MEMORY_KB: u64 = 1 << 20;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

#[test]
fn no_input_panics_hangs_or_fills_the_memory() {
    let inputs = std::env::var("FUZZ_INPUTS").map_or(INPUTS, |n| n.parse().unwrap());
    let (pictures, texts) = (pictures(), texts());
    let folder = tempfile::tempdir().unwrap();
    let (done, read) = (AtomicU64::new(0), AtomicU64::new(0));
    let slowest = std::thread::scope(|scope| {
        let work = scope.spawn(|| {
            let mut slowest = Duration::ZERO;
            for input in 0..inputs {
                let start = Instant::now();
                let spoilt = AssertUnwindSafe(|| {
                    // A standard costs a file; pictures are most of what comes from outside.
                    if input % 8 == 0 {
                        standard(&texts, folder.path(), input)
                    } else {
                        picture(&pictures, input)
                    }
                });
                match catch_unwind(spoilt) {
                    Ok(good) => read.fetch_add(u64::from(good), Ordering::Relaxed),
                    Err(_) => panic!("input {input} panics"),
                };
                slowest = slowest.max(start.elapsed());
                done.store(input + 1, Ordering::Relaxed);
            }
            slowest
        });
        let (mut last, mut since) = (0, Instant::now());
        while !work.is_finished() {
            std::thread::sleep(Duration::from_millis(50));
            let now = done.load(Ordering::Relaxed);
            if now != last {
                (last, since) = (now, Instant::now());
            }
            if since.elapsed() > SLOW {
                eprintln!("input {now} hangs");
                std::process::abort();
            }
        }
        work.join().unwrap()
    });
    let read = read.load(Ordering::Relaxed);
    println!(
        "{inputs} inputs, {read} of them readable, the slowest {slowest:.1?}, at most {:?} KB",
        peak_kb()
    );
    assert!(
        read > inputs / 100 && read < inputs,
        "spoilt too little or too much: {read}"
    );
    assert!(peak_kb().is_none_or(|kb| kb < MEMORY_KB));
}

/// What is spoilt must be good before; with the variable `FUZZ_SEEDS` it is also written there, for the targets of the fuzzing by
/// coverage.
#[test]
fn seeds_are_good() {
    let limits = Limits::default();
    let pictures = pictures();
    for (i, seed) in pictures.iter().enumerate() {
        let good = photo::decode(seed, Scale::Full, &limits);
        assert!(good.is_ok(), "seed {i}: {good:?}");
    }
    let texts = texts();
    assert!(texts.iter().all(|t| std::str::from_utf8(t).is_ok()) && texts.len() > 3);
    let Some(folder) = std::env::var_os("FUZZ_SEEDS").map(std::path::PathBuf::from) else {
        return;
    };
    // A standard is written once for each place it can stand in; see the target.
    let kinds = (0..3u8).flat_map(|kind| texts.iter().map(move |t| [&[kind], t.as_slice()].concat()));
    for (target, seeds) in [("decoder", pictures.clone()), ("standards", kinds.collect())] {
        std::fs::create_dir_all(folder.join(target)).unwrap();
        for (i, seed) in seeds.iter().enumerate() {
            std::fs::write(folder.join(target).join(i.to_string()), seed).unwrap();
        }
    }
}

/// Gives a spoilt picture to everything that reads pictures; whether it could be read.
fn picture(seeds: &[Vec<u8>], input: u64) -> bool {
    let mut chance = Chance(input);
    let bytes = spoilt(seeds, &mut chance);
    let limits = Limits::default();
    let _ = photo::inspect(&bytes);
    let scale = match chance.below(3) {
        0 => Scale::AtLeast(SizePx { width: 40, height: 30 }),
        _ => Scale::Full,
    };
    let decoded = photo::decode(&bytes, scale, &limits);
    let _ = photo::decode_any(&bytes, &limits);
    let _ = photo::decode_grey(&bytes, &limits);
    decoded.is_ok()
}

/// Reads a spoilt standard, common file or receiver from a folder; whether it was valid.
fn standard(seeds: &[Vec<u8>], folder: &Path, input: u64) -> bool {
    let mut chance = Chance(input);
    let bytes = spoilt(seeds, &mut chance);
    let name = ["a.toml", "common.toml", "receivers/r.toml"][chance.below(3)];
    std::fs::create_dir_all(folder.join("receivers")).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
    let good = Specs::load_dir(folder).is_ok();
    std::fs::remove_file(folder.join(name)).unwrap();
    good
}

/// One to eight changes of one of the seeds.
fn spoilt(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].clone();
    // Headers are short and decide the most: half of the changes fall into them.
    for _ in 0..=chance.below(8) {
        let end = if chance.below(2) == 0 {
            bytes.len().min(700)
        } else {
            bytes.len()
        };
        let at = chance.below(end);
        let length = chance.below(64).min(bytes.len() - at.min(bytes.len()));
        match chance.below(9) {
            0 => flip(&mut bytes, at, chance),
            1 => set(&mut bytes, at, &[chance.next() as u8]),
            2 => set(
                &mut bytes,
                at,
                &[[0xFF, 0xFF], [0, 0], [0x7F, 0xFF], [0, 1]][chance.below(4)],
            ),
            3 => bytes.truncate(at),
            4 => drop(bytes.drain(at..at + length)),
            5 => {
                let part = bytes[at..at + length].to_vec();
                let to = chance.below(bytes.len());
                bytes.splice(to..to, part);
            }
            6 => {
                let other = &seeds[chance.below(seeds.len())];
                let from = chance.below(other.len());
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
            7 => set(
                &mut bytes,
                at,
                &[0xFF, [0xC0, 0xC2, 0xC4, 0xDA, 0xD9, 0xDB, 0xE1, 0xE2][chance.below(8)]],
            ),
            _ => set(&mut bytes, at, &vec![chance.next() as u8; length]),
        }
    }
    bytes
}

fn flip(bytes: &mut [u8], at: usize, chance: &mut Chance) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << chance.below(8);
    }
}

fn set(bytes: &mut [u8], at: usize, with: &[u8]) {
    for (to, from) in bytes.iter_mut().skip(at).zip(with) {
        *to = *from;
    }
}

/// Small good pictures: every sampling and coding we write, EXIF, ICC profiles, a comment, bytes after the end.
fn pictures() -> Vec<Vec<u8>> {
    let size = SizePx { width: 96, height: 72 };
    let colour = |x: u32, y: u32| Rgb {
        r: (x * 2) as u8,
        g: (y * 3) as u8,
        b: ((x * y) % 251) as u8,
    };
    let picture = Picture::from_fn(size, colour).unwrap();
    let mut seeds = Vec::new();
    for chroma in [Chroma::Full, Chroma::HalfAcross, Chroma::HalfBoth] {
        for huffman in [Huffman::Standard, Huffman::Optimised] {
            let encoding = Encoding {
                quality: 80,
                chroma,
                huffman,
                dpi: 300,
            };
            seeds.push(photo::encode(&picture, encoding).unwrap());
        }
    }
    let plain = seeds[0].clone();
    let gps = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0\0\0\0\0";
    seeds.push(with_segment(&plain, 0xE1, gps));
    seeds.push(with_segment(&plain, 0xFE, b"a comment"));
    for profile in [moxcms::ColorProfile::new_display_p3(), moxcms::ColorProfile::new_srgb()] {
        let icc = profile.encode().unwrap();
        let chunk = [b"ICC_PROFILE\0\x01\x01".as_slice(), &icc].concat();
        seeds.push(with_segment(&plain, 0xE2, &chunk));
    }
    seeds.push([plain.as_slice(), &[0; 9]].concat());
    seeds
}

fn with_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, payload, &jpeg[2..]].concat()
}

/// Our own standards and receivers.
fn texts() -> Vec<Vec<u8>> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    let mut files = Vec::new();
    for folder in ["specs", "receivers"] {
        for entry in std::fs::read_dir(assets.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "toml") {
                files.push(std::fs::read(path).unwrap());
            }
        }
    }
    files.sort();
    files
}

/// The most memory this process has held (Linux; `None` elsewhere).
fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
