//! Which numbers does `pose.rs` take as the face that looks straight ahead? Prints its table again from the test portraits.
//!
//! All portraits labelled frontal and level are turned upright by the line between the eyes, scaled to an eye distance of one,
//! averaged, and made symmetric: the mirror image of a face has the opposite yaw and roll, so both vanish in the mean.
#![allow(clippy::print_stdout)]
use domain::Point3;
use face::{FaceModels, Speed};
use photo::{Limits, Scale, decode};
use std::path::Path;

/// Points that hardly move with the expression, left and right in the picture, by MediaPipe index: eye corners, temples,
/// cheekbones, sides of forehead and nose.
#[rustfmt::skip]
const PAIRS: [(usize, usize); 15] = [
    (33, 263), (133, 362), (162, 389), (127, 356), (234, 454), (93, 323), (54, 284), (67, 297), (109, 338), (117, 346),
    (50, 280), (129, 358), (98, 327), (48, 278), (122, 351),
];
/// Points of the same kind on the middle line: forehead, bridge and tip of the nose.
const MIDDLE: [usize; 10] = [10, 151, 9, 8, 168, 6, 197, 195, 5, 4];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let models = FaceModels::embedded()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits");
    let labels = std::fs::read_to_string(root.join("labels.csv"))?;
    let mut sums = vec![[0.0_f64; 3]; 478];
    let mut count = 0.0;
    for cells in labels.lines().skip(1).map(|l| l.split(',').collect::<Vec<_>>()) {
        let [file, yaw, pitch, confidence] = [cells[0], cells[6], cells[7], cells[16]];
        if yaw != "frontal" || pitch != "level" || confidence != "high" {
            continue;
        }
        let bytes = std::fs::read(root.join("raw").join(file))?;
        let picture = decode(&bytes, Scale::Full, &Limits::default())?.picture;
        let (faces, _) = models.find(&picture, Speed::Full)?;
        let Some(main) = faces.main() else { continue };
        for (sum, p) in sums.iter_mut().zip(upright(&main.landmarks)) {
            *sum = std::array::from_fn(|i| sum[i] + p[i]);
        }
        count += 1.0;
    }
    let mean: Vec<[f64; 3]> = sums.iter().map(|s| s.map(|v| v / count)).collect();
    println!("// from {count} portraits");
    for (left, right) in PAIRS {
        let (a, b) = (mean[left], mean[right]);
        let [x, y, z] = [(b[0] - a[0]) / 2.0, (a[1] + b[1]) / 2.0, (a[2] + b[2]) / 2.0];
        println!(
            "    ({left}, [{:.4}, {y:.4}, {z:.4}]),\n    ({right}, [{x:.4}, {y:.4}, {z:.4}]),",
            -x
        );
    }
    for index in MIDDLE {
        println!("    ({index}, [0.0, {:.4}, {:.4}]),", mean[index][1], mean[index][2]);
    }
    Ok(())
}

/// Moves the middle of the eyes to the origin, their line to the x axis, their distance to one.
fn upright(points: &[Point3]) -> impl Iterator<Item = [f64; 3]> {
    let [left, right] = [33, 263].map(|i: usize| points[i]);
    let (dx, dy) = (right.x - left.x, right.y - left.y);
    let length = dx.hypot(dy);
    let (cos, sin) = (dx / length, dy / length);
    let middle = [
        (left.x + right.x) / 2.0,
        (left.y + right.y) / 2.0,
        (left.z + right.z) / 2.0,
    ];
    points.iter().map(move |p| {
        let (x, y, z) = (p.x - middle[0], p.y - middle[1], p.z - middle[2]);
        [x * cos + y * sin, y * cos - x * sin, z].map(|v| f64::from(v / length))
    })
}
