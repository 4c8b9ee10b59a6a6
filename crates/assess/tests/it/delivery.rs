//! Is the finished picture what the standard asks for, and the same each time it is made?
use crate::{ASSESSOR, finding, graduate, picture, studio, with};
use assess::FinishFault;
use domain::{Measure, Reason, RectPx, Remedy, SizePx, Verdict};
use photo::Picture;

#[test]
fn the_finished_picture_meets_the_standard_and_can_be_made_again() {
    let jpeg = studio("rand-paul");
    let (assessment, finished) = ASSESSOR.assess_and_finish(&jpeg, graduate());
    let finished = finished.unwrap();
    assert_eq!(
        assessment.verdict,
        Verdict::Pass,
        "{:?}",
        with(&assessment, Verdict::Fail)
    );
    assert_eq!(
        finished.size,
        SizePx {
            width: 480,
            height: 640
        }
    );
    assert!((20 * 1024..=40 * 1024).contains(&finished.jpeg.len()));
    let header = photo::inspect(&finished.jpeg).unwrap();
    assert_eq!(
        (header.dpi(), header.metadata().count(), header.components),
        (Some((300.0, 300.0)), 0, 3)
    );
    let again = ASSESSOR.finish(&jpeg, graduate(), assessment.crop.unwrap()).unwrap();
    assert_eq!(again.jpeg, finished.jpeg);
    let without = ASSESSOR.assess(&jpeg, graduate());
    assert_eq!(without.crop, assessment.crop);
    assert!(
        without
            .findings
            .iter()
            .all(|f| f.measure == Measure::CompressionArtifacts || assessment.findings.contains(f)),
        "the file's findings come on top, and its compression counts too"
    );
    assert!(assessment.timings.total >= assessment.timings.decode + assessment.timings.detect);
    assert!(assessment.face_box.is_some() && assessment.faces == 1);
}

#[test]
fn a_large_still_is_looked_at_smaller_and_its_finished_picture_can_be_made_again() {
    let frame = picture(&studio("rand-paul"));
    // Odd sides: the decoder rounds half of them up.
    for (width, height) in [(4001, 2251), (6000, 3375)] {
        let jpeg = photo::encode_jpeg(&frame.resize(SizePx { width, height }), 92, 300).unwrap();
        let (assessment, finished) = ASSESSOR.assess_and_finish(&jpeg, graduate());
        let crop = assessment.crop.unwrap();
        assert!(
            crop.x + crop.width <= width && crop.y + crop.height <= height,
            "{crop:?}"
        );
        // The same part of the frame as at 1920 pixels, in pixels of the original.
        let small = ASSESSOR.assess(&studio("rand-paul"), graduate()).crop.unwrap();
        let ratio = width as f32 / 1920.0;
        for (large, small) in [(crop.x, small.x), (crop.y, small.y), (crop.width, small.width)] {
            assert!(
                (large as f32 - small as f32 * ratio).abs() < 12.0 * ratio,
                "{large} {small}"
            );
        }
        let face = assessment.face_box.unwrap().center();
        assert!(crop.to_rect().contains(face), "{face:?}");
        let finished = finished.unwrap();
        let again = ASSESSOR.finish(&jpeg, graduate(), crop).unwrap();
        assert_eq!(again.jpeg, finished.jpeg);
        // A rectangle between the pixels of the smaller look is made from all pixels of the original.
        let between = RectPx { x: crop.x + 1, ..crop };
        assert_eq!(ASSESSOR.finish(&jpeg, graduate(), between).unwrap().size, finished.size);
    }
}

#[test]
fn a_finished_picture_is_judged_and_delivered_as_it_is() {
    let (_, finished) = ASSESSOR.assess_and_finish(&studio("rand-paul"), graduate());
    let delivered = finished.unwrap().jpeg;
    let (assessment, again) = ASSESSOR.assess_and_finish(&delivered, graduate());
    assert_eq!(
        assessment.verdict,
        Verdict::Pass,
        "{:?}",
        with(&assessment, Verdict::Fail)
    );
    assert_eq!(
        assessment.crop,
        Some(RectPx {
            x: 0,
            y: 0,
            width: 480,
            height: 640
        })
    );
    assert_eq!(again.unwrap().jpeg, delivered);

    // The same pixels in too many bytes: the file fails, what is made of it does not.
    let large = photo::encode_jpeg(&picture(&delivered), 100, 72).unwrap();
    let (assessment, again) = ASSESSOR.assess_and_finish(&large, graduate());
    assert_eq!(
        with(&assessment, Verdict::Fail),
        [Measure::Resolution, Measure::FileSize]
    );
    assert!(again.unwrap().jpeg.len() <= 40 * 1024);
}

#[test]
fn what_cannot_be_read_fails_with_its_own_reason() {
    let good = studio("rand-paul");
    let torn = &good[..good.len() / 2];
    let mut spliced = good[..good.len() / 2].to_vec();
    spliced.extend_from_slice(&good[good.len() - 2000..]);
    let png = b"\x89PNG\r\n\x1a\n and then nothing";
    let mut huge = good.clone();
    let sof = huge
        .windows(2)
        .position(|w| w == [0xFF, 0xC0] || w == [0xFF, 0xC2])
        .unwrap();
    huge[sof + 5..sof + 9].copy_from_slice(&[0x27, 0x10, 0x27, 0x10]);
    let cases: [(&[u8], Reason, Remedy); 6] = [
        (&[], Reason::Unreadable, Remedy::UseOriginalFile),
        (png, Reason::Unreadable, Remedy::UseOriginalFile),
        (b"MZ\x90\0 not a picture", Reason::Unreadable, Remedy::UseOriginalFile),
        (torn, Reason::Torn, Remedy::TakeAgain),
        (&spliced, Reason::Torn, Remedy::TakeAgain),
        (&huge, Reason::TooLarge, Remedy::ExportAgain),
    ];
    for (bytes, reason, remedy) in cases {
        let (assessment, finished) = ASSESSOR.assess_and_finish(bytes, graduate());
        assert_eq!(assessment.verdict, Verdict::Fail);
        assert!(finished.is_none() && assessment.findings.len() == 1);
        let readable = finding(&assessment, Measure::Readable);
        assert_eq!((readable.reason, readable.remedy), (Some(reason), Some(remedy)));
    }
}

#[test]
fn no_face_fails_but_says_nothing_was_measured() {
    let wall = Picture::from_fn(
        SizePx {
            width: 800,
            height: 600,
        },
        |_, _| graduate().backgrounds.value[0],
    )
    .unwrap();
    let jpeg = photo::encode_jpeg(&wall, 90, 300).unwrap();
    let (assessment, finished) = ASSESSOR.assess_and_finish(&jpeg, graduate());
    assert_eq!(
        (assessment.verdict, assessment.crop, assessment.faces),
        (Verdict::Fail, None, 0)
    );
    assert!(finished.is_none());
    assert_eq!(with(&assessment, Verdict::Fail), [Measure::SingleFacePresent]);
    // The file itself says how hard it was compressed.
    let of_the_file = [Measure::CompressionArtifacts, Measure::Readable];
    assert_eq!(with(&assessment, Verdict::Pass), of_the_file);
}

#[test]
fn a_rectangle_that_does_not_fit_is_refused() {
    let jpeg = studio("rand-paul");
    let wide = RectPx {
        x: 0,
        y: 0,
        width: 400,
        height: 400,
    };
    let outside = RectPx {
        x: 1800,
        y: 0,
        width: 480,
        height: 640,
    };
    for crop in [wide, outside] {
        assert!(matches!(
            ASSESSOR.finish(&jpeg, graduate(), crop),
            Err(FinishFault::Finish(_))
        ));
    }
    assert!(matches!(
        ASSESSOR.finish(&jpeg[..5000], graduate(), wide),
        Err(FinishFault::Original(_))
    ));
}
