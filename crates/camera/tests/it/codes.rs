//! Which codes are read, from pictures and from a running camera?
use crate::make::{PATIENCE, encoded, limits, noise, portraits};
use camera::CameraHandle;
use camera::code::{self, Code, CodeReader, Effort, Look, Luma};
use camera::replay::{Motion, Pace, Replay};
use domain::{Rgb, SizePx};
use fast_qr::{ECL, QRBuilder};
use photo::Picture;
use std::sync::Arc;
use std::time::Duration;

const TEXT: &[u8] = b"https://xx.chsi.com.cn/t/9f3Kq7Zt2LmP0bVx";
const BLACK: Rgb = Rgb { r: 0, g: 0, b: 0 };
const WHITE: Rgb = Rgb { r: 255, g: 255, b: 255 };

/// How a code lies in a picture.
#[derive(Clone, Copy)]
struct Scene {
    size: SizePx,
    /// Side of the code without its margin, in pixels.
    side: f32,
    degrees: f32,
    dark: Rgb,
    light: Rgb,
    /// Brightness of what is around it.
    room: u8,
}

const DESK: Scene = Scene {
    size: SizePx {
        width: 1280,
        height: 720,
    },
    side: 330.0,
    degrees: 0.0,
    dark: BLACK,
    light: WHITE,
    room: 90,
};

fn drawn(payload: &[u8], scene: Scene) -> Picture {
    let code = QRBuilder::new(payload).ecl(ECL::M).build().unwrap();
    let modules = code.size as f32;
    let (sin, cos) = scene.degrees.to_radians().sin_cos();
    let (cx, cy) = (scene.size.width as f32 / 2.0, scene.size.height as f32 / 2.0);
    Picture::from_fn(scene.size, |x, y| {
        let (dx, dy) = (x as f32 + 0.5 - cx, y as f32 + 0.5 - cy);
        let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
        let at = |t: f32| (t / scene.side + 0.5) * modules;
        let (u, v) = (at(u), at(v));
        let inside = (0.0..modules).contains(&u) && (0.0..modules).contains(&v);
        let margin = (-4.0..modules + 4.0).contains(&u) && (-4.0..modules + 4.0).contains(&v);
        if inside && code[v as usize][u as usize].value() {
            scene.dark
        } else if margin {
            scene.light
        } else {
            let base = scene.room + ((x / 9 + y / 7) % 60 * u32::from(scene.room) / 90) as u8;
            Rgb {
                r: base,
                g: base,
                b: base,
            }
        }
    })
    .unwrap()
}

fn codes(picture: &Picture) -> Vec<Code> {
    code::read(&Luma::of(picture), Effort::Thorough)
}

#[track_caller]
fn check(payload: &[u8], scene: Scene) {
    let picture = drawn(payload, scene);
    let found = codes(&picture);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].payload, payload);
    // And the same through a camera's JPEG.
    let through = photo::decode(&encoded(&picture), photo::Scale::Full, &photo::Limits::default()).unwrap();
    assert_eq!(codes(&through.picture)[0].payload, payload);
}

#[test]
fn an_easy_one() {
    check(TEXT, DESK);
    assert_eq!(codes(&drawn(TEXT, DESK))[0].look, Look::Half);
}

#[test]
fn turned_any_way() {
    for degrees in [12.0, 45.0, 90.0, 137.0, 180.0, 291.0] {
        check(TEXT, Scene { degrees, ..DESK });
    }
}

#[test]
fn small_in_a_large_frame() {
    let size = SizePx {
        width: 1920,
        height: 1080,
    };
    check(
        TEXT,
        Scene {
            size,
            side: 120.0,
            ..DESK
        },
    );
}

#[test]
fn a_small_picture_file() {
    let size = SizePx {
        width: 140,
        height: 140,
    };
    check(
        TEXT,
        Scene {
            size,
            side: 99.0,
            ..DESK
        },
    );
}

#[test]
fn light_on_dark() {
    let scene = Scene {
        dark: WHITE,
        light: BLACK,
        ..DESK
    };
    check(TEXT, scene);
}

#[test]
fn in_the_dark() {
    let grey = |v| Rgb { r: v, g: v, b: v };
    let scene = Scene {
        dark: grey(9),
        light: grey(24),
        room: 8,
        ..DESK
    };
    check(TEXT, scene);
}

#[test]
fn coloured_and_faint() {
    let dark = Rgb { r: 150, g: 120, b: 190 };
    let light = Rgb { r: 205, g: 200, b: 230 };
    check(TEXT, Scene { dark, light, ..DESK });
}

#[test]
fn random_bytes_come_out_as_they_went_in() {
    let mut state = 99_u32;
    for length in [1_usize, 17, 120, 400] {
        let payload: Vec<u8> = (0..length)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8 | 0x80
            })
            .collect();
        check(&payload, Scene { side: 560.0, ..DESK });
    }
    check(&[0, 0xFF, 0xFE, 0x00, b'\n', 0xC3], DESK);
}

#[test]
fn chinese_text_and_digits() {
    check("学号 20260001 · 王小明".as_bytes(), DESK);
    check(b"110101200001011234", DESK);
    check(b"ABC-123 $%", DESK);
}

#[test]
fn inverted_and_plain_give_the_same_bytes() {
    // A code must be the same key either way.
    for payload in [TEXT, &[0xE9, 0x80, 0xFF, 0x00, 0x41][..], "王".as_bytes()] {
        let inverted = Scene {
            dark: WHITE,
            light: BLACK,
            ..DESK
        };
        let (plain, inverted) = (&codes(&drawn(payload, DESK))[0], &codes(&drawn(payload, inverted))[0]);
        assert_eq!(plain.payload, payload);
        assert_eq!(inverted.payload, payload);
    }
}

#[test]
fn held_up_on_a_phone() {
    use testkit::phone::{Spoilt, Strength, held_up};
    let kinds = [Spoilt::Easy, Spoilt::Inverted, Spoilt::Perspective, Spoilt::Glow];
    let mut read = 0;
    for (seed, spoilt) in (1..).zip(kinds) {
        let held = held_up(spoilt, Strength::Mild, seed);
        let found = codes(&held.picture);
        assert!(found.iter().all(|c| c.payload == held.payload), "a wrong text");
        read += found.len();
    }
    assert!(read >= 3, "{read} of 4");
}

#[test]
fn faces_and_noise_hold_no_code() {
    for (_, jpeg) in portraits().iter().take(3) {
        let decoded = photo::decode(jpeg, photo::Scale::Full, &photo::Limits::default()).unwrap();
        assert!(codes(&decoded.picture).is_empty());
    }
    assert!(
        codes(&noise(
            SizePx {
                width: 320,
                height: 240
            },
            5
        ))
        .is_empty()
    );
    for (width, height) in [(1, 1), (2, 1), (1, 300), (21, 21)] {
        assert!(codes(&noise(SizePx { width, height }, 5)).is_empty());
    }
}

#[test]
fn payloads_stay_out_of_debug_output() {
    let found = codes(&drawn(b"secret-person", DESK));
    assert!(!format!("{found:?}").contains("secret"));
}

#[test]
fn the_reader_reports_each_code_once_while_it_is_in_sight() {
    let scene = Scene {
        size: SizePx {
            width: 400,
            height: 300,
        },
        side: 180.0,
        ..DESK
    };
    let picture = |payload: &[u8]| -> Arc<[u8]> { encoded(&drawn(payload, scene)) };
    let pictures = vec![
        ("one".to_owned(), picture(b"code one")),
        ("two".to_owned(), picture(b"code two")),
        ("none".to_owned(), encoded(&noise(scene.size, 1))),
    ];
    let pace = Pace {
        fps: 100.0,
        motion: Motion::Hold,
    };
    let replay = Replay::of_pictures("codes", pictures, pace).unwrap();
    let control = replay.control();
    let camera = CameraHandle::start(Box::new(replay), limits());
    let pace = code::Pace {
        every_frames: 1,
        thorough_every: 4,
        forget_after: Duration::from_millis(50),
        queue: 4,
    };
    let reader = CodeReader::start(camera.watch(), pace).unwrap();
    let seen = |payload: &[u8]| {
        let sighting = reader.next(PATIENCE).unwrap();
        assert_eq!(sighting.code.payload, payload);
        assert!(sighting.elapsed > Duration::ZERO);
        sighting.sequence
    };
    let first = seen(b"code one");
    // Held for many frames it is not reported again.
    assert!(reader.next(Duration::from_millis(150)).is_none());
    control.show("two").unwrap();
    assert!(seen(b"code two") > first);
    control.show("none").unwrap();
    assert!(reader.next(Duration::from_millis(150)).is_none());
    // Out of sight for longer than it is remembered: the same code is a new sighting.
    control.show("one").unwrap();
    seen(b"code one");
    camera.stop();
    assert!(reader.next(PATIENCE).is_none(), "the reader ends with the camera");
}
