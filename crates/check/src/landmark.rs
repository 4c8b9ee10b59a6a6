//! Which points of the 468-point face mesh are what? "Left" and "right" are sides of the picture.
//!
//! Source of the numbers: the canonical face model of MediaPipe.

/// Point of the chin.
pub(crate) const CHIN: usize = 152;
/// Middle of the forehead near the hairline.
pub(crate) const FOREHEAD: usize = 10;
/// Widest points of the cheeks, left and right.
pub(crate) const CHEEKS: (usize, usize) = (234, 454);
/// Upper and lower lid, three pairs for each eye.
pub(crate) const LIDS: [[(usize, usize); 3]; 2] = [
    [(158, 153), (159, 145), (160, 144)],
    [(385, 380), (386, 374), (387, 373)],
];
/// Inner edge of the upper and lower lip.
pub(crate) const INNER_LIPS: [(usize, usize); 3] = [(82, 87), (13, 14), (312, 317)];
/// Contour from temple to temple along the jaw and back over the brows: what OFIQ calls the landmarked region.
pub(crate) const FACE_REGION: [usize; 33] = [
    127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 356,
    300, 293, 334, 296, 336, 107, 66, 105, 63, 70,
];
/// Points a mesh must have for the checks; the last ten of 478 are irises and not needed.
pub(crate) const MESH_POINTS: usize = 468;
/// The oval of the face.
pub(crate) const FACE_OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
/// Contours of the eyes, left and right.
pub(crate) const EYES: [[usize; 16]; 2] = [
    [
        33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246,
    ],
    [
        263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466,
    ],
];
/// Contours of the brows, left and right.
pub(crate) const BROWS: [[usize; 10]; 2] = [
    [70, 63, 105, 66, 107, 55, 65, 52, 53, 46],
    [300, 293, 334, 296, 336, 285, 295, 282, 283, 276],
];
/// Outer contour of the lips.
pub(crate) const LIPS: [usize; 20] = [
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
];
/// Inner contour of the lips.
pub(crate) const MOUTH: [usize; 20] = [
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
];
/// Centres of the irises, left and right; only in a mesh of 478 points.
pub(crate) const IRISES: (usize, usize) = (468, 473);
/// Outer and inner corner of the eyes, left and right.
pub(crate) const CORNERS: [(usize, usize); 2] = [(33, 133), (263, 362)];
