//! What passes the gate?
use crate::make::{SMALL, jpeg, portraits};
use camera::gate::{self, Refusal};
use domain::SizePx;
use expect_test::expect;
use std::fmt::Write;

fn chimera(head: &[u8], tail: &[u8], cut: usize) -> Vec<u8> {
    let mut bytes = head[..cut].to_vec();
    bytes.extend_from_slice(&tail[cut.min(tail.len())..]);
    bytes
}

#[test]
fn a_whole_frame_passes_and_keeps_its_size() {
    assert_eq!(gate::walk(&jpeg(1), Some(SMALL)), Ok(SMALL));
    assert_eq!(gate::strict(&jpeg(1), Some(SMALL)), Ok(SMALL));
    assert_eq!(gate::strict(&jpeg(1), None), Ok(SMALL));
}

#[test]
fn every_refusal_says_what_it_refuses() {
    let whole = jpeg(1);
    let mut padded = whole.to_vec();
    padded.extend([0; 30]);
    let mut trailing = whole.to_vec();
    trailing.extend_from_slice(&jpeg(2)[..30]);
    let other = SizePx { width: 64, height: 64 };
    let mut out = String::new();
    for (name, result) in [
        ("padding", gate::walk(&padded, Some(SMALL))),
        ("empty", gate::walk(&[], Some(SMALL))),
        ("no jpeg", gate::walk(b"\x89PNG\r\n\x1a\n____", Some(SMALL))),
        ("half", gate::walk(&whole[..whole.len() / 2], Some(SMALL))),
        ("no end", gate::walk(&whole[..whole.len() - 2], Some(SMALL))),
        ("stale tail", gate::walk(&trailing, Some(SMALL))),
        ("old size", gate::walk(&whole, Some(other))),
    ] {
        let told = result.map_or_else(|refusal| refusal.to_string(), |_| "passes".to_owned());
        writeln!(out, "{name}: {told}").unwrap();
    }
    let length = whole.len();
    let out = out
        .replace(&(length / 2).to_string(), "HALF")
        .replace(&(length - 2).to_string(), "ALMOST");
    expect![[r#"
        padding: passes
        empty: checking a frame: reading a picture: the file is empty
        no jpeg: checking a frame: reading a JPEG: the bytes are Png
        half: checking a frame: reading a JPEG: it ends after HALF bytes, before the end of the picture
        no end: checking a frame: reading a JPEG: it ends after ALMOST bytes, before the end of the picture
        stale tail: checking a frame: 30 bytes follow its end
        old size: checking a frame: 96x64 pixels where 64x64 were agreed
    "#]]
    .assert_eq(&out);
}

#[test]
fn a_size_is_no_tear() {
    let wrong = gate::walk(&jpeg(1), Some(SizePx { width: 1, height: 1 })).unwrap_err();
    assert!(!wrong.is_torn());
    assert!(gate::walk(&jpeg(1)[..200], None).unwrap_err().is_torn());
}

/// The walk alone is fooled by a chimera whose tail ends well; strict decoding is not, but for tails that happen to fit. The smaller the
/// picture, the more of them fit: here 48 blocks of pixels, on a 1080p frame 16,200.
#[test]
fn strict_decoding_refuses_chimeras_the_walk_lets_through() {
    let (a, b) = (jpeg(1), jpeg(2));
    let (mut through_walk, mut through_strict, mut total) = (0, 0, 0);
    for cut in (a.len() / 4..a.len().min(b.len()) - 2).step_by(7) {
        let spliced = chimera(&a, &b, cut);
        total += 1;
        through_walk += u32::from(gate::walk(&spliced, Some(SMALL)).is_ok());
        through_strict += u32::from(gate::strict(&spliced, Some(SMALL)).is_ok());
    }
    assert!(total > 100, "{total}");
    assert!(through_walk > total / 2, "{through_walk} of {total}");
    assert!(through_strict * 50 <= total, "{through_strict} of {total}");
}

/// The same on real portraits at 1080p, which is what the cameras in the field send.
#[test]
fn strict_decoding_refuses_chimeras_of_portraits() {
    let portraits = portraits();
    let mut told = Vec::new();
    for (index, pair) in portraits.windows(2).enumerate() {
        let (a, b) = (&pair[0].1, &pair[1].1);
        for part in [3, 5, 8] {
            // Behind the backdrop at the top, which is the same in all: a splice there is no chimera.
            let cut = a.len().min(b.len()) * part / 10 + index;
            if gate::strict(&chimera(a, b, cut), None).is_ok() {
                told.push((index, part));
            }
        }
    }
    assert!(told.is_empty(), "passed: {told:?}");
}

#[test]
fn nothing_that_is_damaged_makes_the_gate_panic() {
    let whole = jpeg(3);
    let mut state = 7_u32;
    for _ in 0..3_000 {
        let mut bytes = whole.to_vec();
        for _ in 0..3 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (state >> 8) as usize % bytes.len();
            bytes[at] = (state >> 3) as u8;
        }
        let walked = gate::walk(&bytes, Some(SMALL));
        let strict = gate::strict(&bytes, Some(SMALL));
        // Strict refuses all that the walk refuses.
        assert!(walked.is_ok() || strict.is_err());
        if let Err(Refusal::Size { agreed, .. }) = strict {
            assert_eq!(agreed, SMALL);
        }
    }
}
