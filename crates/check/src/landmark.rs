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
