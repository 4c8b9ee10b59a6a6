//! Do findings say what is wrong, and is the most urgent one said first?
use crate::person::{BLUE, Person, spec};
use check::{FileFacts, Input, best_crop, judge, judge_live, live_hint};
use domain::finding::overall;
use domain::{Faces, Finding, Measure, Reason, Remedy, Rgb, SizePx, Verdict};
use expect_test::{Expect, expect};
use photo::Picture;

const FRAME: SizePx = SizePx {
    width: 1280,
    height: 960,
};
const GOOD: Person = Person {
    x: 640.0,
    eyes_y: 420.0,
    face_width: 260.0,
};
const FILE: FileFacts = FileFacts {
    size: SizePx {
        width: 480,
        height: 640,
    },
    bytes: 30 * 1024,
    dpi: Some(300.0),
    bits: 24,
    quality: Some(80),
};

fn findings(picture: &Picture, faces: &Faces, file: Option<&FileFacts>) -> Vec<Finding> {
    let crop = best_crop(faces, picture.size(), &spec());
    judge(
        &Input {
            picture,
            scale: 1.0,
            faces,
            crop,
            source_quality: None,
            file,
        },
        &spec(),
    )
}

/// What is not a pass, one a line.
fn check(findings: &[Finding], expected: Expect) {
    let lines: String = findings
        .iter()
        .filter(|f| f.verdict != Verdict::Pass)
        .map(|f| {
            let (reason, remedy) = (f.reason.unwrap().id(), f.remedy.unwrap().id());
            format!("{} {}: {reason} {remedy}\n", f.measure.id(), f.verdict.id())
        })
        .collect();
    expected.assert_eq(&lines);
}

#[test]
fn a_good_picture_passes_and_every_finding_is_complete() {
    let findings = findings(&GOOD.picture(FRAME, |_, _| BLUE), &GOOD.faces(FRAME), Some(&FILE));
    check(&findings, expect![""]);
    assert_eq!(overall(&findings), Verdict::Pass);
    let measures: Vec<Measure> = findings.iter().map(|f| f.measure).collect();
    let asked = check::measured().filter(|m| *m == Measure::Readable || spec().rule(*m).is_some());
    let mut asked: Vec<Measure> = asked.collect();
    asked.sort();
    assert_eq!(measures, asked);
    for f in &findings {
        assert_eq!(f.reason.is_some(), f.verdict != Verdict::Pass);
        assert!(f.value.is_some() || f.measure == Measure::Readable);
    }
}

#[test]
fn no_face_fails_and_leaves_the_rest_unmeasured() {
    let findings = findings(&GOOD.picture(FRAME, |_, _| BLUE), &Faces::default(), None);
    assert_eq!(overall(&findings), Verdict::Fail);
    assert_eq!(live_hint(&findings), Some((Reason::NoFace, Remedy::StepIntoFrame)));
    let single = findings
        .iter()
        .find(|f| f.measure == Measure::SingleFacePresent)
        .unwrap();
    assert_eq!(single.verdict, Verdict::Fail);
    let passed: Vec<_> = findings
        .iter()
        .filter(|f| f.verdict == Verdict::Pass)
        .map(|f| f.measure)
        .collect();
    assert_eq!(passed, [Measure::Readable]);
}

#[test]
fn a_missing_mask_is_not_measured_and_not_a_pass() {
    let mut faces = GOOD.faces(FRAME);
    faces.mask = None;
    let findings = findings(&GOOD.picture(FRAME, |_, _| BLUE), &faces, None);
    check(
        &findings,
        expect![[r#"
            BackgroundUniformity not_measured: NotMeasured TakeAgain
            BackgroundColour not_measured: NotMeasured TakeAgain
        "#]],
    );
    assert_eq!(overall(&findings), Verdict::Fail);
}

#[test]
fn a_second_person_counts_in_the_crop_or_when_as_large() {
    let picture = GOOD.picture(FRAME, |_, _| BLUE);
    let with = |other: Person| {
        let mut faces = GOOD.faces(FRAME);
        faces.faces.push(other.face());
        findings(&picture, &faces, None)
    };
    let rival = with(Person {
        x: 1180.0,
        eyes_y: 420.0,
        face_width: 180.0,
    });
    check(
        &rival,
        expect![[r#"
        SingleFacePresent fail: SeveralFaces OnePersonOnly
    "#]],
    );
    let behind = with(Person {
        x: 760.0,
        eyes_y: 300.0,
        face_width: 50.0,
    });
    check(
        &behind,
        expect![[r#"
        SingleFacePresent fail: SeveralFaces OnePersonOnly
    "#]],
    );
    check(
        &with(Person {
            x: 1240.0,
            eyes_y: 300.0,
            face_width: 50.0,
        }),
        expect![""],
    );
}

#[test]
fn the_backdrop_tells_a_wrong_colour_from_a_shadow() {
    let shade = |c: u8, share: f32| (f32::from(c) * share) as u8;
    let dim = |share: f32| Rgb {
        r: shade(BLUE.r, share),
        g: shade(BLUE.g, share),
        b: shade(BLUE.b, share),
    };
    let faces = GOOD.faces(FRAME);
    let grey = findings(
        &GOOD.picture(FRAME, |_, _| Rgb { r: 120, g: 120, b: 120 }),
        &faces,
        None,
    );
    check(
        &grey,
        expect![[r#"
        BackgroundColour fail: BackgroundWrongColour ChangeBackground
    "#]],
    );
    let shadow = findings(
        &GOOD.picture(FRAME, |x, _| if x > 860 { dim(0.6) } else { BLUE }),
        &faces,
        None,
    );
    check(
        &shadow,
        expect![[r#"
        BackgroundColour fail: BackgroundUneven BalanceLights
    "#]],
    );
    let stripes = findings(
        &GOOD.picture(FRAME, |x, _| dim(if x % 16 < 8 { 1.0 } else { 0.85 })),
        &faces,
        None,
    );
    check(
        &stripes,
        expect![[r#"
        BackgroundUniformity fail: BackgroundUneven SmoothBackground
    "#]],
    );
}

#[test]
fn the_delivered_file_is_judged_where_there_is_one() {
    let picture = GOOD.picture(FRAME, |_, _| BLUE);
    let wrong = FileFacts {
        size: SizePx {
            width: 480,
            height: 600,
        },
        bytes: 41 * 1024,
        dpi: None,
        bits: 8,
        quality: Some(50),
    };
    check(
        &findings(&picture, &GOOD.faces(FRAME), Some(&wrong)),
        expect![[r#"
            CompressionArtifacts fail: Compressed RaiseQuality
            PixelSize fail: WrongPixelSize ExportAgain
            Resolution not_measured: WrongResolution ExportAgain
            FileSize fail: FileTooLarge ExportAgain
            ColourDepth fail: WrongColourDepth ExportAgain
        "#]],
    );
}

#[test]
fn a_crop_that_does_not_fit_says_which_way() {
    let said = |person: Person| {
        let findings = findings(&person.picture(FRAME, |_, _| BLUE), &person.faces(FRAME), None);
        let hint = live_hint(&findings).unwrap();
        (hint.0.id(), hint.1.id())
    };
    assert_eq!(
        said(Person {
            face_width: 900.0,
            ..GOOD
        }),
        ("FaceTooLarge", "StepBack")
    );
    assert_eq!(said(Person { x: 100.0, ..GOOD }), ("OffCentre", "MoveToCentre"));
    assert_eq!(said(Person { eyes_y: 60.0, ..GOOD }), ("HeadTooHigh", "CameraUp"));
    assert_eq!(said(Person { eyes_y: 860.0, ..GOOD }), ("HeadTooLow", "CameraDown"));
}

#[test]
fn the_live_view_uses_the_same_measures_and_needs_no_mask() {
    let picture = GOOD.picture(FRAME, |_, _| BLUE);
    let mut faces = GOOD.faces(FRAME);
    faces.mask = None;
    let live = |faces: &Faces| {
        let crop = best_crop(faces, FRAME, &spec());
        let input = Input {
            picture: &picture,
            scale: 1.0,
            faces,
            crop,
            source_quality: None,
            file: None,
        };
        live_hint(&judge_live(&input, &spec()))
    };
    assert_eq!(live(&faces), None);
    faces.faces[0].pose.roll = 6.0;
    assert_eq!(live(&faces), Some((Reason::HeadTilted, Remedy::LevelHead)));
    faces.faces[0].pose.pitch = -20.0;
    assert_eq!(live(&faces), Some((Reason::ChinDown, Remedy::RaiseChin)));
    faces.faces.push(Person { x: 300.0, ..GOOD }.face());
    assert_eq!(live(&faces), Some((Reason::SeveralFaces, Remedy::OnePersonOnly)));
}
