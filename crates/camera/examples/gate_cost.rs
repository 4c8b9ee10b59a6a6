//! What does the gate cost, and how many chimeras does it catch? `cargo run -p camera --example gate_cost -- FOLDER`
//!
//! Prints CPU milliseconds a frame and counts; nothing is asserted. FOLDER holds JPEGs of one size, the studio portraits by default.
#![allow(clippy::print_stdout, clippy::unwrap_used)]
use camera::code::{self, Effort, Luma};
use camera::gate;
use photo::{Chroma, Encoding, Huffman, Limits, Picture, Scale};
use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/portraits/studio");
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| default.to_owned()));
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let frames: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    let bytes: usize = frames.iter().map(Vec::len).sum();
    println!("{} frames, {} KB each", frames.len(), bytes / frames.len() / 1024);
    let full = |jpeg: &[u8]| photo::decode(jpeg, Scale::Full, &Limits::default()).unwrap();
    time("walk", &frames, |jpeg| assert!(gate::walk(jpeg, None).is_ok()));
    time("strict", &frames, |jpeg| assert!(gate::strict(jpeg, None).is_ok()));
    time("full decode", &frames, |jpeg| drop(full(jpeg)));
    let lumas: Vec<Luma> = frames.iter().map(|jpeg| Luma::of(&full(jpeg).picture)).collect();
    for effort in [Effort::Quick, Effort::Thorough] {
        time(&format!("no code found, {effort:?}"), &lumas, |luma| {
            drop(code::read(luma, effort))
        });
    }
    // Pairs of different people, and pairs of the same scene a moment later.
    let others: Vec<(&[u8], &[u8])> = frames.windows(2).map(|pair| (&pair[0][..], &pair[1][..])).collect();
    chimeras("different people", &others);
    let now: Vec<Vec<u8>> = frames
        .iter()
        .map(|jpeg| a_moment_later(&full(jpeg).picture, 1))
        .collect();
    let later: Vec<Vec<u8>> = frames
        .iter()
        .map(|jpeg| a_moment_later(&full(jpeg).picture, 2))
        .collect();
    let same: Vec<(&[u8], &[u8])> = now.iter().zip(&later).map(|(a, b)| (&a[..], &b[..])).collect();
    chimeras("the same person a moment later", &same);
}

fn time<T>(what: &str, inputs: &[T], run: impl Fn(&T)) {
    let started = Instant::now();
    inputs.iter().for_each(&run);
    println!(
        "{what}: {:.2} ms",
        started.elapsed().as_secs_f64() * 1000.0 / inputs.len() as f64
    );
}

/// The scene with sensor noise and `moved` pixels of movement.
fn a_moment_later(picture: &Picture, moved: u32) -> Vec<u8> {
    let mut state = moved;
    let scene = Picture::from_fn(picture.size(), |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let mut colour = picture.pixel(x.saturating_sub(moved), y);
        colour.g = colour.g.saturating_add((state & 3) as u8);
        colour
    })
    .unwrap();
    let encoding = Encoding {
        quality: 90,
        chroma: Chroma::HalfAcross,
        huffman: Huffman::Standard,
        dpi: 72,
    };
    photo::encode(&scene, encoding).unwrap()
}

fn chimeras(what: &str, pairs: &[(&[u8], &[u8])]) {
    let (mut total, mut walked, mut strict) = (0, 0, 0);
    for (head, tail) in pairs {
        let length = head.len().min(tail.len());
        for step in 4..60 {
            let cut = length * step / 64 + step;
            let mut bytes = head[..cut].to_vec();
            bytes.extend_from_slice(&tail[cut..]);
            // Where both begin alike, as on the same backdrop, the splice is one of the two frames and no chimera.
            if bytes == *head || bytes == *tail {
                continue;
            }
            total += 1;
            walked += u32::from(gate::walk(&bytes, None).is_ok());
            strict += u32::from(gate::strict(&bytes, None).is_ok());
        }
    }
    println!("chimeras of {what}: {total}, pass the walk {walked}, pass strict {strict}");
}
