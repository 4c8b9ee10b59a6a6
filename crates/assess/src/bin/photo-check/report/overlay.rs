//! What is drawn over a thumbnail: the points of the face and the lines the standard has for eyes, crown and width?
use crate::work::Checked;
use domain::finding::Bound;
use domain::{Measure, Point};
use std::fmt::Write;

/// Contours worth drawing, by landmark: oval, eyes, brows, lips, nose.
const CONTOURS: [&[usize]; 7] = [
    &[
        10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
        150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10,
    ],
    &[33, 160, 159, 158, 133, 153, 145, 144, 33],
    &[263, 387, 386, 385, 362, 380, 374, 373, 263],
    &[70, 63, 105, 66, 107],
    &[300, 293, 334, 296, 336],
    &[61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91, 61],
    &[168, 6, 195, 4],
];

/// The drawing, in pixels of the finished picture.
pub(super) fn svg(checked: &Checked) -> String {
    let size = checked.spec.size.value;
    let Some(crop) = checked.assessment.crop else {
        return String::new();
    };
    let by = size.width as f32 / crop.width.max(1) as f32;
    let on = |p: &Point| ((p.x - crop.x as f32) * by, (p.y - crop.y as f32) * by);
    let (w, h) = (size.width as f32, size.height as f32);
    let mut drawing = format!("<svg class=over viewBox=\"0 0 {w} {h}\">");
    // Writing to a string cannot fail.
    for (measure, class) in [
        (Measure::CrownToTop, "crown"),
        (Measure::EyesToTop, "eyes"),
        (Measure::EyesToBottom, "eyes"),
    ] {
        if let Some(rule) = checked.spec.rule(measure) {
            let Bound { min, max } = rule.pass;
            let (from, to) = match measure {
                Measure::EyesToBottom => (max.map_or(0.0, |m| h - m), min.map_or(h, |m| h - m)),
                _ => (min.unwrap_or(0.0), max.unwrap_or(h)),
            };
            let _ = write!(
                drawing,
                "<rect class={class} y={from:.0} width={w} height={:.0} />",
                to - from
            );
        }
    }
    let _ = write!(drawing, "<path class=axis d=\"M{} 0V{h}\"/>", w / 2.0);
    let points = &checked.assessment.landmarks;
    for contour in CONTOURS {
        let places: Vec<String> = contour
            .iter()
            .filter_map(|&i| points.get(i))
            .map(|p| {
                let (x, y) = on(p);
                format!("{x:.0},{y:.0}")
            })
            .collect();
        let _ = write!(drawing, "<polyline points=\"{}\"/>", places.join(" "));
    }
    drawing.push_str("</svg>");
    drawing
}
