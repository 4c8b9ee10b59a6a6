//! Is the skin's colour natural? Distance of the cheeks' mean colour from the range of skin in CIELAB, as OFIQ takes it: a from
//! 5 to 25, b from 5 to 35 under D50.
use crate::outcome::{Trouble, judge};
use crate::scene::{Scene, decode, mean_colour};
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// Accepted a and b (OFIQ).
const SKIN: [(f32, f32); 2] = [(5.0, 25.0), (5.0, 35.0)];
/// What OFIQ reports for a colour that skin cannot have.
const NOT_SKIN: f32 = 100.0;

/// `NaturalColour`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::NaturalColour;
    let Some([left, right]) = scene.cheeks() else {
        return scene.not_measured(measure, Unit::None, rule);
    };
    let (left, right) = (mean_colour(&scene.view, left), mean_colour(&scene.view, right));
    let mean: [f32; 3] = std::array::from_fn(|c| (left[c] + right[c]) / 2.0);
    let trouble = Trouble::either(Reason::ColourCast, Remedy::SetWhiteBalance);
    judge(measure, distance(d50_ab(mean)), Unit::None, rule, trouble)
}

fn distance([a, b]: [f32; 2]) -> f32 {
    if a < 0.0 || b < 0.0 {
        return NOT_SKIN;
    }
    let beyond = |v: f32, (min, max): (f32, f32)| (min - v).max(v - max).max(0.0);
    beyond(a, SKIN[0]).hypot(beyond(b, SKIN[1]))
}

/// a and b of CIELAB under D50, the matrix and white point of OFIQ.
fn d50_ab(coded: [f32; 3]) -> [f32; 2] {
    let [r, g, b] = coded.map(decode);
    let x = (0.43605 * r + 0.38508 * g + 0.14309 * b) / 0.964_221;
    let y = 0.22249 * r + 0.71689 * g + 0.06062 * b;
    let z = (0.01393 * r + 0.09710 * g + 0.71419 * b) / 0.825_211;
    let f = |t: f32| {
        if t <= 216.0 / 24389.0 {
            // 24289 (CIE says 24389) is what OFIQ has.
            (24289.0 / 27.0 * t + 16.0) / 116.0
        } else {
            t.cbrt()
        }
    };
    [500.0 * (f(x) - f(y)), 200.0 * (f(y) - f(z))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skin_is_natural_and_blue_is_not() {
        let at = |rgb: [f32; 3]| distance(d50_ab(rgb.map(|v| v / 255.0)));
        assert_eq!(at([224.0, 172.0, 140.0]), 0.0);
        assert_eq!(at([90.0, 56.0, 37.0]), 0.0);
        assert_eq!(at([128.0, 128.0, 200.0]), NOT_SKIN);
        assert!(at([160.0, 160.0, 158.0]) > 4.0);
    }
}
