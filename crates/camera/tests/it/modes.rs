//! Which mode is chosen of what cameras offer?
use camera::mode::{Coding, Mode, Wish, choose, choose_after};
use domain::SizePx;
use expect_test::{Expect, expect};

fn mode(coding: Coding, width: u32, height: u32, fps: u32) -> Mode {
    Mode {
        coding,
        size: SizePx { width, height },
        interval_numerator: 1,
        interval_denominator: fps,
    }
}

fn check(offered: &[Mode], expected: Expect) {
    let chosen = choose(offered, &Wish::default());
    let told = chosen.map_or("none".to_owned(), |m| {
        format!("{:?} {}x{} at {:.2}", m.coding, m.size.width, m.size.height, m.fps())
    });
    expected.assert_eq(&told);
}

use Coding::{Mjpeg, Nv12, Yuyv};

#[test]
fn a_common_webcam() {
    let offered = [
        mode(Yuyv, 640, 480, 30),
        mode(Yuyv, 1920, 1080, 5),
        mode(Mjpeg, 640, 480, 60),
        mode(Mjpeg, 1920, 1080, 30),
        mode(Mjpeg, 1920, 1080, 60),
        mode(Mjpeg, 1280, 720, 30),
    ];
    check(&offered, expect!["Mjpeg 1920x1080 at 30.00"]);
}

#[test]
fn four_k_at_two_frames_a_second_is_not_taken() {
    let offered = [
        mode(Mjpeg, 3840, 2160, 2),
        mode(Mjpeg, 3840, 2160, 30),
        mode(Mjpeg, 1280, 720, 25),
    ];
    check(&offered, expect!["Mjpeg 1280x720 at 25.00"]);
}

#[test]
fn jpeg_goes_before_larger_pixels_at_the_same_speed() {
    check(
        &[mode(Yuyv, 1280, 720, 30), mode(Mjpeg, 800, 600, 30)],
        expect!["Mjpeg 800x600 at 30.00"],
    );
}

#[test]
fn without_jpeg_the_fast_pixels_are_taken() {
    check(
        &[mode(Yuyv, 1920, 1080, 5), mode(Yuyv, 640, 480, 30)],
        expect!["Yuyv 640x480 at 30.00"],
    );
    check(
        &[mode(Nv12, 1280, 720, 30), mode(Yuyv, 640, 480, 30)],
        expect!["Nv12 1280x720 at 30.00"],
    );
}

#[test]
fn the_best_of_bad_ones() {
    check(
        &[mode(Mjpeg, 1600, 1200, 5), mode(Mjpeg, 640, 480, 10)],
        expect!["Mjpeg 640x480 at 10.00"],
    );
    check(
        &[mode(Mjpeg, 7680, 4320, 30), mode(Mjpeg, 3840, 2160, 30)],
        expect!["Mjpeg 3840x2160 at 30.00"],
    );
}

#[test]
fn fractional_rates_are_rates() {
    let half = Mode {
        interval_numerator: 2,
        interval_denominator: 25,
        ..mode(Mjpeg, 640, 480, 1)
    };
    let ntsc = Mode {
        interval_numerator: 1001,
        interval_denominator: 30_000,
        ..mode(Mjpeg, 640, 480, 1)
    };
    check(&[half, ntsc], expect!["Mjpeg 640x480 at 29.97"]);
}

#[test]
fn nonsense_is_nothing() {
    let broken = Mode {
        interval_numerator: 0,
        ..mode(Mjpeg, 640, 480, 30)
    };
    check(&[], expect!["none"]);
    check(&[broken, mode(Mjpeg, 0, 480, 30)], expect!["none"]);
}

/// What is tried one after the other when nothing can be opened.
fn tried(offered: &[Mode], expected: Expect) {
    let mut failed = Vec::new();
    while let Some(next) = choose_after(offered, &Wish::default(), &failed) {
        failed.push(next);
    }
    let said: Vec<String> = failed
        .iter()
        .map(|m| format!("{:?} {}x{} at {:.0}", m.coding, m.size.width, m.size.height, m.fps()))
        .collect();
    expected.assert_eq(&said.join(", "));
}

#[test]
fn what_cannot_be_opened_is_followed_by_another_coding() {
    tried(
        &[
            mode(Mjpeg, 1920, 1080, 30),
            mode(Mjpeg, 1280, 720, 30),
            mode(Yuyv, 640, 480, 30),
            mode(Nv12, 1280, 720, 30),
        ],
        expect!["Mjpeg 1920x1080 at 30, Nv12 1280x720 at 30, Yuyv 640x480 at 30, Mjpeg 1280x720 at 30"],
    );
    tried(&[mode(Yuyv, 640, 480, 30)], expect!["Yuyv 640x480 at 30"]);
    tried(&[], expect![""]);
    let many: Vec<Mode> = (1..20).map(|n| mode(Mjpeg, 64 * n, 48 * n, 30)).collect();
    tried(
        &many,
        expect![
            "Mjpeg 1216x912 at 30, Mjpeg 1152x864 at 30, Mjpeg 1088x816 at 30, Mjpeg 1024x768 at 30, Mjpeg 960x720 at 30, Mjpeg 896x672 at 30"
        ],
    );
}
