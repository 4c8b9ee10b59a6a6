//! What is the expression of a face?
use crate::network::{FaceError, Network};
use domain::{Blendshapes, Point3};

/// The points the model takes, by MediaPipe index; the last ten are the irises.
#[rustfmt::skip]
const POINTS: [usize; 146] = [
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80, 81, 82, 84,
    87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159,
    160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283,
    284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361,
    362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415,
    454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
];
/// Scores the model gives, in MediaPipe's order.
const SCORES: usize = 52;
const EYE_BLINK_LEFT: usize = 9;
const EYE_BLINK_RIGHT: usize = 10;
/// `eyeLookDownLeft` to `eyeLookUpRight`.
const EYE_LOOK: std::ops::RangeInclusive<usize> = 11..=18;
const JAW_OPEN: usize = 25;
const MOUTH_CLOSE: usize = 27;
const MOUTH_SMILE_LEFT: usize = 44;
const MOUTH_SMILE_RIGHT: usize = 45;

/// Reads the expression from the 478 points, in pixels of the frame; the model takes out position and size itself.
pub(crate) fn read(network: &Network, points: &[Point3]) -> Result<Blendshapes, FaceError> {
    let input = POINTS.iter().flat_map(|i| [points[*i].x, points[*i].y]).collect();
    let answer = network.run(&[1, POINTS.len(), 2], input)?;
    let scores = answer.of(SCORES)?;
    let score = |index: usize| scores[index].clamp(0.0, 1.0);
    Ok(Blendshapes {
        jaw_open: score(JAW_OPEN),
        smile: (score(MOUTH_SMILE_LEFT) + score(MOUTH_SMILE_RIGHT)) / 2.0,
        blink_left: score(EYE_BLINK_LEFT),
        blink_right: score(EYE_BLINK_RIGHT),
        mouth_close: score(MOUTH_CLOSE),
        look_away: EYE_LOOK.map(score).fold(0.0, f32::max),
    })
}
