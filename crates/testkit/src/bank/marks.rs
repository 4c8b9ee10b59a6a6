//! What is written over a picture: words, logos, tiles of them, dates.
use super::canvas::{Canvas, Colour, ellipse};
use super::rng::Rng;
use super::sitter::Sitter;
use domain::Point;
use photo::Picture;

/// 5 × 7 letters, a row a byte.
const LETTERS: [(char, [u8; 7]); 14] = [
    ('S', [0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E]),
    ('A', [0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11]),
    ('M', [0x11, 0x1B, 0x15, 0x15, 0x11, 0x11, 0x11]),
    ('P', [0x1E, 0x11, 0x11, 0x1E, 0x10, 0x10, 0x10]),
    ('L', [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F]),
    ('E', [0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F]),
    ('0', [0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E]),
    ('1', [0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E]),
    ('2', [0x0E, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1F]),
    ('6', [0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E]),
    ('8', [0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E]),
    ('-', [0x00, 0x00, 0x00, 0x1F, 0x00, 0x00, 0x00]),
    ('样', [0x15, 0x0E, 0x1F, 0x04, 0x1F, 0x0E, 0x15]),
    (' ', [0; 7]),
];

/// One line of words across the picture, half transparent.
pub fn words(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let crop = s.crop;
    let text = rng.pick(&["SAMPLE", "SAMPLE 样样", "PLEASE", "样样样样"]);
    let high = crop.width as f32 * rng.between(0.08, 0.14);
    let turn = rng.between(-0.6, 0.6);
    let middle = Point::new(
        crop.x as f32 + crop.width as f32 * 0.5,
        crop.y as f32 + crop.height as f32 * rng.between(0.3, 0.75),
    );
    let (colour, opaque) = ink(rng);
    write(&mut canvas, text, middle, high, turn, colour, opaque);
    canvas.done()
}

/// The same words again and again over everything.
pub fn tiled(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let crop = s.crop;
    let text = rng.pick(&["SAMPLE", "样样", "PLEASE 样"]);
    let high = crop.width as f32 * rng.between(0.04, 0.07);
    let turn = rng.between(-0.7, -0.2) * rng.sign();
    let (colour, opaque) = ink(rng);
    let step = high * rng.between(5.0, 7.0);
    for i in -1..6 {
        for j in -1..8 {
            let (dx, dy) = (i as f32 * step * 1.2 + j as f32 * 0.4 * step, j as f32 * step * 0.7);
            let at = Point::new(crop.x as f32 + dx, crop.y as f32 + dy);
            write(&mut canvas, text, at, high, turn, colour, opaque * 0.9);
        }
    }
    canvas.done()
}

/// The date a camera stamps into a corner.
pub fn date(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let crop = s.crop;
    let high = crop.width as f32 * rng.between(0.035, 0.06);
    let colour = rng.pick(&[
        [255.0, 150.0, 30.0],
        [255.0, 220.0, 60.0],
        [240.0, 60.0, 40.0],
        [250.0, 250.0, 250.0],
    ]);
    let across = rng.pick(&[0.28, 0.7]);
    let down = rng.pick(&[0.05, 0.94]);
    let at = Point::new(
        crop.x as f32 + crop.width as f32 * across,
        crop.y as f32 + crop.height as f32 * down,
    );
    write(&mut canvas, "2016-08-12", at, high, 0.0, colour, 1.0);
    canvas.done()
}

/// A studio's sign in a corner or on the chest: a ring with a star and a word.
pub fn logo(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let crop = s.crop;
    let radius = crop.width as f32 * rng.between(0.07, 0.12);
    let place = rng.pick(&[(0.14, 0.12), (0.86, 0.12), (0.5, 0.88), (0.84, 0.88)]);
    let at = Point::new(
        crop.x as f32 + crop.width as f32 * place.0,
        crop.y as f32 + crop.height as f32 * place.1,
    );
    let (colour, opaque) = ink(rng);
    let mut ring = ellipse(at, radius, radius, 0.0);
    ring.push(ring[0]);
    canvas.stroke(&ring, radius * 0.14, colour, opaque);
    let star = |i: u8| {
        let (sin, cos) = (f32::from(i) * std::f32::consts::TAU / 10.0).sin_cos();
        let r = radius * if i.is_multiple_of(2) { 0.7 } else { 0.3 };
        Point::new(at.x + sin * r, at.y - cos * r)
    };
    canvas.fill(&(0..10).map(star).collect::<Vec<_>>(), 1.0, |_, _| (colour, opaque));
    write(
        &mut canvas,
        "SAMPLE",
        Point::new(at.x, at.y + radius * 1.4),
        radius * 0.4,
        0.0,
        colour,
        opaque,
    );
    canvas.done()
}

fn ink(rng: &mut Rng) -> (Colour, f32) {
    let colour = if rng.holds(0.6) {
        let v = rng.pick(&[255.0, 235.0, 40.0, 0.0]);
        [v; 3]
    } else {
        rng.colour((0.4, 1.0), (0.4, 1.0))
    };
    (colour, rng.between(0.35, 0.75))
}

/// Writes a line with its middle at a point, `high` pixels tall, turned by radians.
fn write(canvas: &mut Canvas, text: &str, middle: Point, high: f32, turn: f32, colour: Colour, opaque: f32) {
    let dot = high / 7.0;
    let count = text.chars().count() as f32;
    let (sin, cos) = turn.sin_cos();
    for (i, c) in text.chars().enumerate() {
        let Some((_, rows)) = LETTERS.iter().find(|(l, _)| *l == c) else {
            continue;
        };
        for (y, bits) in rows.iter().enumerate() {
            // One bar for each run of dots, so that they do not darken where they meet.
            let mut x = 0;
            while x < 5 {
                let run = (x..5).take_while(|x| bits >> (4 - x) & 1 == 1).count();
                if run > 0 {
                    let (left, top) = ((i as f32 - count / 2.0) * 6.0 + x as f32, y as f32 - 3.5);
                    let corner = |dx: f32, dy: f32| {
                        let (u, v) = ((left + dx) * dot, (top + dy) * dot);
                        Point::new(middle.x + u * cos - v * sin, middle.y + u * sin + v * cos)
                    };
                    let run_f = run as f32;
                    let bar = [
                        corner(0.0, 0.0),
                        corner(run_f, 0.0),
                        corner(run_f, 1.0),
                        corner(0.0, 1.0),
                    ];
                    canvas.fill(&bar, 0.9, |_, _| (colour, opaque));
                }
                x += run + 1;
            }
        }
    }
}
