//! Does a shadow lie on the backdrop? Lightness (L* of CIELAB, 0–100) by which the darkest twentieth of its tiles lies below the
//! middle one: a shadow is a dark part of an otherwise even wall. Or by which the wall is darker close to the head, where a narrow
//! shadow hides from the tiles and the mask may take it for hair: there its colour tells it. Our own. Weak: anything dark on the
//! wall looks the same, and a shadow over more than half of it is taken for the wall.
use crate::chart::{at_share, median};
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::{Scene, lab, mean_colour};
use crate::tiles::ENOUGH;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Point, Reason, RectPx, Remedy};

/// Lightness at which our own quality is zero.
const POOR: f64 = 40.0;
/// Which part of the tiles is read as the darkest.
const DARKEST: f32 = 0.05;
/// Side of a small tile near the head in pixels of the view.
const FINE: u32 = 8;
/// Chroma (CIELAB) from which a wall can be told from hair and clothes by its colour, where the mask takes a shadow for the person.
const COLOURED: f32 = 20.0;
/// How far from the wall's own hue a shadow may be (CIELAB).
const SAME: f32 = 9.0;
/// A shadow keeps this share of the wall's lightness; hair does not.
const DEEPEST: f32 = 0.5;
/// Area of it, in squares of a face's width, that is more than the seam of hair and wall: clean portraits reach 0.08, drawn shadows
/// begin at 0.32 on the people the limits were set on.
const WIDE: f32 = 0.13;
/// Lightness by which it is darker.
const SEEN: f32 = 6.0;

/// `BackgroundShadow`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::BackgroundShadow;
    let near = near(scene)
        .filter(|(area, _)| *area > WIDE)
        .map_or(0.0, |(_, drop)| drop);
    let mut lights: Vec<f32> = scene.tiles().iter().map(|t| t.colour.l).collect();
    let (true, Some(middle), Some(dark)) = (
        lights.len() >= ENOUGH,
        at_share(&mut lights, 0.5),
        at_share(&mut lights, DARKEST),
    ) else {
        return scene.not_measured(measure, Unit::Lightness, rule);
    };
    let value = (middle - dark).max(near);
    let finding = judge(
        measure,
        value,
        Unit::Lightness,
        rule,
        Trouble::either(Reason::BackgroundUneven, Remedy::BalanceLights),
    );
    with_quality(finding, 100.0 * (1.0 - f64::from(value) / POOR))
}

/// The part of the picture about the head, in squares of a face's width, that has the wall's colour and is darker, and by how much
/// lightness in the middle.
pub(crate) fn near(scene: &Scene) -> Option<(f32, f32)> {
    let walls = scene.tiles();
    let head = scene.head_on_view()?;
    let mask = scene.input.faces.mask.as_ref()?;
    if walls.len() < ENOUGH {
        return None;
    }
    let middle = |of: fn(&crate::tiles::Tile) -> f32| median(walls.iter().map(of).collect());
    let wall = photo::Lab {
        l: middle(|t| t.colour.l)?,
        a: middle(|t| t.colour.a)?,
        b: middle(|t| t.colour.b)?,
    };
    let chroma = wall.a.hypot(wall.b);
    let size = scene.view.size();
    let end = (head.chin.y.max(0.0) as u32).min(size.height.saturating_sub(FINE));
    let mut drops = Vec::new();
    for y in (0..end).step_by(FINE as usize) {
        for x in (0..size.width.saturating_sub(FINE)).step_by(FINE as usize) {
            let at = Point::new((x + FINE / 2) as f32, (y + FINE / 2) as f32);
            let person = mask.at(scene.to_frame(at));
            if person > 128 && chroma < COLOURED {
                continue;
            }
            let tile = RectPx {
                x,
                y,
                width: FINE,
                height: FINE,
            };
            let colour = lab(mean_colour(&scene.view, tile));
            let share = colour.l / wall.l.max(1.0);
            // A shadow takes lightness and colour away alike.
            let off = (colour.a - wall.a * share).hypot(colour.b - wall.b * share);
            if off < SAME && share > DEEPEST && wall.l - colour.l > SEEN {
                drops.push(wall.l - colour.l);
            }
        }
    }
    let area = drops.len() as f32 * (FINE * FINE) as f32 / head.face_width().powi(2).max(1.0);
    Some((area, median(drops).unwrap_or(0.0)))
}
