//! What do the models say about the labelled portraits?
use crate::support::*;
use domain::{Face, Point};
use face::Speed;

/// Outermost points of the face on the middle row and on the middle column: cheeks, forehead, chin.
const RIM: [usize; 4] = [234, 454, 10, 152];

#[test]
fn every_studio_portrait_has_one_face_and_a_mask_of_the_person() {
    let mut files: Vec<_> = std::fs::read_dir(folder("studio"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 24);
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let picture = picture(&file);
        let found = find(&picture, Speed::Full);
        assert_eq!(found.faces.len(), 1, "{name}");
        let main = found.main().unwrap();
        assert_eq!(main.landmarks.len(), 478, "{name}");
        assert!(
            main.score > 0.8 && main.presence > 0.9 && main.blendshapes.is_some(),
            "{name}"
        );
        assert!(holds_landmarks(main), "{name}");

        let mask = found.mask.as_ref().unwrap();
        assert_eq!(mask.values.len(), (mask.width * mask.height) as usize);
        let (left, right) = main.eyes();
        for p in [left, right, main.point(4)].into_iter().chain(inner_rim(main)) {
            assert!(mask.at(p) > 200, "{name}: {p:?} is person, mask {}", mask.at(p));
        }
        let r = mask.region;
        // The corners beside the head: the lower ones show shoulders.
        for x in [r.x + r.width / 50, r.x + r.width - r.width / 50] {
            let p = Point::new(x as f32, (r.y + r.height / 50) as f32);
            assert!(mask.at(p) < 55, "{name}: {p:?} is backdrop, mask {}", mask.at(p));
        }
        assert_eq!(mask.at(Point::new(5.0, 5.0)), 0, "{name}: beyond the region");
    }
}

/// The rim drawn in by a tenth towards the nose.
fn inner_rim(face: &Face) -> impl Iterator<Item = Point> {
    let nose = face.point(4);
    RIM.into_iter().map(move |i| {
        let p = face.point(i);
        Point::new(p.x + (nose.x - p.x) * 0.1, p.y + (nose.y - p.y) * 0.1)
    })
}

/// Whether eyes, nose and mouth lie inside the detector's box.
fn holds_landmarks(face: &Face) -> bool {
    let b = face.bounds;
    [33, 263, 4, 13].into_iter().all(|i| {
        let p = face.point(i);
        p.x > b.x && p.x < b.x + b.width && p.y > b.y && p.y < b.y + b.height
    })
}

/// One row of `labels.csv` and what was found.
struct Row {
    name: String,
    yaw: String,
    roll: String,
    mouth: String,
    sure: bool,
    faces: usize,
    main: Option<Face>,
}

fn rows() -> Vec<Row> {
    let labels = std::fs::read_to_string(folder("labels.csv")).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    labels
        .lines()
        .skip(1)
        .map(cells)
        .map(|c| {
            let found = find(&picture(&folder("raw").join(&c[0])), Speed::Full);
            Row {
                name: c[0].clone(),
                yaw: c[6].clone(),
                roll: c[8].clone(),
                mouth: c[9].clone(),
                sure: c[16] == "high",
                faces: found.faces.len(),
                main: found.faces.into_iter().next(),
            }
        })
        .collect()
}

#[test]
fn raw_portraits_agree_with_their_labels() {
    let rows = rows();
    assert_eq!(rows.len(), 81);
    // Measured: one face in 81 of 81.
    let one = rows.iter().filter(|r| r.faces == 1).count();
    assert!(one >= 79, "one face in {one} of 81");

    let yaw = |label: &str| -> Vec<f32> {
        let labelled = rows.iter().filter(|r| r.yaw == label);
        labelled
            .filter_map(|r| r.main.as_ref())
            .map(|f| f.pose.yaw.abs())
            .collect()
    };
    let (frontal, turned) = (yaw("frontal"), yaw("turned"));
    // Measured: frontal 0–12°; turned 10–46°, all but three above 18°.
    let below = frontal.iter().filter(|y| **y < 13.0).count();
    let above = turned.iter().filter(|y| **y > 15.0).count();
    assert!(
        below * 100 >= frontal.len() * 97,
        "{below} of {} frontal ones below 13°",
        frontal.len()
    );
    assert!(
        above * 100 >= turned.len() * 85,
        "{above} of {} turned ones above 15°",
        turned.len()
    );

    let misjudged: Vec<&str> = rows
        .iter()
        .filter(|r| r.sure && tilt_contradicts(r))
        .map(|r| r.name.as_str())
        .collect();
    assert!(misjudged.len() <= 4, "roll: {misjudged:?}");

    // A smile with teeth scores high on most, closed lips with a straight face low on most.
    let smile = |mouth: &str| {
        let scores: Vec<f32> = rows
            .iter()
            .filter(|r| r.mouth == mouth)
            .filter_map(|r| r.main.as_ref()?.blendshapes)
            .map(|b| b.smile)
            .collect();
        scores.iter().sum::<f32>() / scores.len() as f32
    };
    assert!(
        smile("teeth_smile") > smile("closed") + 0.3,
        "{} {}",
        smile("teeth_smile"),
        smile("closed")
    );
}

/// Whether the found roll lies clearly on the other side of the label's 4° limit.
fn tilt_contradicts(row: &Row) -> bool {
    let Some(face) = &row.main else { return true };
    let roll = face.pose.roll.abs();
    match row.roll.as_str() {
        "level" => roll > 6.0,
        _ => roll < 2.5,
    }
}
