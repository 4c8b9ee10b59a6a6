//! How is a head turned?
//!
//! A rigid fit: the rotation that brings a reference face that looks straight ahead onto the 3-D landmarks with the least
//! squares of distances (Kabsch). It uses 40 points that hardly move with the expression. Roll is read off the line between
//! the eyes instead, as `domain::Pose` says.
use domain::{Point3, Pose};

/// The reference face: MediaPipe index and place, origin between the outer eye corners, unit their distance, axes as in
/// `Point3`. Printed by `examples/reference_face.rs` from the frontal test portraits, so zero pitch is how a portrait
/// photographer lets people hold their heads.
#[rustfmt::skip]
const REFERENCE: [(usize, [f64; 3]); 40] = [
    (33, [-0.5000, 0.0, 0.0]), (263, [0.5000, 0.0, 0.0]),
    (133, [-0.1953, 0.0187, -0.0594]), (362, [0.1953, 0.0187, -0.0594]),
    (162, [-0.8020, -0.1385, 0.4468]), (389, [0.8020, -0.1385, 0.4468]),
    (127, [-0.8167, 0.0378, 0.5765]), (356, [0.8167, 0.0378, 0.5765]),
    (234, [-0.8136, 0.2080, 0.6404]), (454, [0.8136, 0.2080, 0.6404]),
    (93, [-0.8071, 0.3856, 0.6564]), (323, [0.8071, 0.3856, 0.6564]),
    (54, [-0.6946, -0.4079, 0.1374]), (284, [0.6946, -0.4079, 0.1374]),
    (67, [-0.4074, -0.5792, -0.1495]), (297, [0.4074, -0.5792, -0.1495]),
    (109, [-0.2204, -0.6128, -0.2276]), (338, [0.2204, -0.6128, -0.2276]),
    (117, [-0.6103, 0.1741, 0.0131]), (346, [0.6103, 0.1741, 0.0131]),
    (50, [-0.5924, 0.3533, -0.0503]), (280, [0.5924, 0.3533, -0.0503]),
    (129, [-0.2590, 0.4047, -0.1615]), (358, [0.2590, 0.4047, -0.1615]),
    (98, [-0.2173, 0.4815, -0.2041]), (327, [0.2173, 0.4815, -0.2041]),
    (48, [-0.2322, 0.4179, -0.3037]), (278, [0.2322, 0.4179, -0.3037]),
    (122, [-0.0657, 0.0696, -0.2870]), (351, [0.0657, 0.0696, -0.2870]),
    (10, [0.0, -0.6187, -0.2488]), (151, [0.0, -0.4276, -0.2780]),
    (9, [0.0, -0.2079, -0.2995]), (8, [0.0, -0.1121, -0.2789]),
    (168, [0.0, -0.0334, -0.2701]), (6, [0.0, 0.0526, -0.3178]),
    (197, [0.0, 0.1363, -0.3713]), (195, [0.0, 0.2121, -0.4313]),
    (5, [0.0, 0.2939, -0.4941]), (4, [0.0, 0.3934, -0.5170]),
];
/// Outer eye corners, left and right in the picture.
const EYES: (usize, usize) = (33, 263);
/// Newton steps towards the rotation at most; it takes six to eight.
const MAX_STEPS: usize = 32;

type Matrix = [[f64; 3]; 3];

/// Reads the pose from landmarks; `None` when they lie in a plane or are not finite, so no rotation fits.
pub(crate) fn of(points: &[Point3]) -> Option<Pose> {
    let rotation = nearest_rotation(correlation(points))?;
    // The reference face looks along −z, towards the camera; this is where the head looks.
    let [x, y, z] = rotation.map(|row| -row[2]);
    let yaw = (-x).atan2(-z);
    let pitch = (-y).atan2(x.hypot(z));
    let (left, right) = (points[EYES.0], points[EYES.1]);
    let roll = (right.y - left.y).atan2(right.x - left.x);
    Some(Pose {
        yaw: yaw.to_degrees() as f32,
        pitch: pitch.to_degrees() as f32,
        roll: roll.to_degrees(),
    })
}

/// Sum of the products of landmark and reference coordinates, both about their means.
fn correlation(points: &[Point3]) -> Matrix {
    let seen = |index: usize| {
        let p = points[index];
        [p.x, p.y, p.z].map(f64::from)
    };
    let count = REFERENCE.len() as f64;
    let mut means = [[0.0; 3]; 2];
    for (index, reference) in REFERENCE {
        let place = seen(index);
        for axis in 0..3 {
            means[0][axis] += place[axis] / count;
            means[1][axis] += reference[axis] / count;
        }
    }
    let mut sum = [[0.0; 3]; 3];
    for (index, reference) in REFERENCE {
        let place = seen(index);
        for (row, line) in sum.iter_mut().enumerate() {
            for (column, cell) in line.iter_mut().enumerate() {
                *cell += (place[row] - means[0][row]) * (reference[column] - means[1][column]);
            }
        }
    }
    sum
}

/// The orthogonal polar factor by Newton's iteration X ← (X + X⁻ᵀ) / 2 (Higham 1986): the rotation nearest to a matrix.
fn nearest_rotation(mut x: Matrix) -> Option<Matrix> {
    let scale = x.iter().flatten().map(|v| v * v).sum::<f64>().sqrt();
    x = x.map(|row| row.map(|v| v / scale));
    for _ in 0..MAX_STEPS {
        let (cofactors, determinant) = cofactors(&x);
        // Negative would be a mirror image; next to zero is a flat face.
        if determinant.is_nan() || determinant < 1e-9 {
            return None;
        }
        let next: Matrix =
            std::array::from_fn(|i| std::array::from_fn(|j| (x[i][j] + cofactors[i][j] / determinant) / 2.0));
        let step: f64 = next
            .iter()
            .flatten()
            .zip(x.iter().flatten())
            .map(|(a, b)| (a - b).abs())
            .sum();
        x = next;
        if step < 1e-12 {
            return Some(x);
        }
    }
    None
}

/// Cofactor matrix (the transposed inverse times the determinant) and determinant.
fn cofactors(m: &Matrix) -> (Matrix, f64) {
    let minor = |i: usize, j: usize| {
        let (a, b, c, d) = ((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let cofactors: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| minor(i, j)));
    let determinant = (0..3).map(|j| m[0][j] * cofactors[0][j]).sum();
    (cofactors, determinant)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The reference face turned by so many degrees, 100 px between the outer eye corners.
    fn turned(yaw: f64, pitch: f64, roll: f64) -> Vec<Point3> {
        let mut points = vec![Point3::default(); 478];
        for (index, [x, y, z]) in REFERENCE {
            let (s, c) = pitch.to_radians().sin_cos();
            let (y, z) = (y * c + z * s, z * c - y * s);
            let (s, c) = yaw.to_radians().sin_cos();
            let (x, z) = (x * c + z * s, z * c - x * s);
            let (s, c) = roll.to_radians().sin_cos();
            let (x, y) = (x * c - y * s, x * s + y * c);
            points[index] = Point3 {
                x: (500.0 + 100.0 * x) as f32,
                y: (300.0 + 100.0 * y) as f32,
                z: (100.0 * z) as f32,
            };
        }
        points
    }

    #[test]
    fn each_angle_comes_back_with_its_sign() {
        for (yaw, pitch, roll) in [
            (0.0, 0.0, 0.0),
            (25.0, 0.0, 0.0),
            (-25.0, 0.0, 0.0),
            (0.0, 15.0, 0.0),
            (0.0, -15.0, 0.0),
            (0.0, 0.0, 10.0),
        ] {
            let pose = of(&turned(yaw, pitch, roll)).unwrap();
            let near = |a: f32, b: f64| (f64::from(a) - b).abs() < 0.05;
            assert!(
                near(pose.yaw, yaw) && near(pose.pitch, pitch) && near(pose.roll, roll),
                "{pose:?} {yaw} {pitch} {roll}"
            );
        }
    }

    #[test]
    fn a_head_turned_to_the_left_edge_brings_its_nose_there() {
        let points = turned(20.0, 0.0, 0.0);
        assert!(points[4].x < (points[33].x + points[263].x) / 2.0);
    }

    #[test]
    fn a_raised_chin_brings_the_nose_up() {
        let (level, raised) = (turned(0.0, 0.0, 0.0), turned(0.0, 20.0, 0.0));
        assert!(raised[4].y < level[4].y);
    }

    #[test]
    fn a_flat_face_has_no_pose() {
        let flat: Vec<Point3> = turned(0.0, 0.0, 0.0)
            .into_iter()
            .map(|p| Point3 { z: 0.0, ..p })
            .collect();
        assert_eq!(of(&flat), None);
        assert_eq!(of(&vec![Point3::default(); 478]), None);
    }
}
