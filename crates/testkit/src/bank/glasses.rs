//! What sits before the eyes: frames, dark and coloured lenses, reflections, a patch.
use super::canvas::{Canvas, Colour, ellipse, mix, times};
use super::rng::Rng;
use super::sitter::Sitter;
use domain::Point;
use photo::Picture;

/// Two lenses and their frame.
struct Glasses {
    lenses: [Vec<Point>; 2],
    frame: Colour,
    thick: f32,
}

impl Glasses {
    fn any(s: &Sitter, rng: &mut Rng) -> Self {
        let (across, down) = (rng.between(0.19, 0.24), rng.between(0.13, 0.19));
        let square = rng.between(2.0, 5.0);
        let drop = rng.between(0.0, 0.05);
        let (left, right) = s.face.eyes();
        let lenses = [left, right].map(|eye| {
            let (u, v) = s.uv(eye);
            let corner = |i: u8| {
                let (sin, cos) = (f32::from(i) * std::f32::consts::TAU / 48.0).sin_cos();
                let grow = |t: f32| t.signum() * t.abs().powf(2.0 / square);
                s.at(u * 1.08 + across * grow(cos), v + drop + down * grow(sin))
            };
            (0..48).map(corner).collect()
        });
        let frame = if rng.holds(0.5) {
            [25.0, 22.0, 22.0]
        } else {
            rng.colour((0.1, 0.7), (0.2, 0.7))
        };
        Self {
            lenses,
            frame,
            thick: rng.between(0.008, 0.03),
        }
    }

    fn draw_frame(&self, canvas: &mut Canvas, s: &Sitter) {
        let width = (self.thick * s.width()).max(1.2);
        for lens in &self.lenses {
            let mut closed = lens.clone();
            closed.push(lens[0]);
            canvas.stroke(&closed, width, self.frame, 1.0);
        }
        let edge = |lens: &[Point], far: f32| {
            let key = |p: &Point| s.uv(*p).0 * far;
            lens.iter()
                .copied()
                .max_by(|a, b| key(a).total_cmp(&key(b)))
                .unwrap_or_default()
        };
        let [left, right] = &self.lenses;
        canvas.stroke(&[edge(left, 1.0), edge(right, -1.0)], width * 1.2, self.frame, 1.0);
        canvas.stroke(&[edge(left, -1.0), s.face.point(127)], width, self.frame, 1.0);
        canvas.stroke(&[edge(right, 1.0), s.face.point(356)], width, self.frame, 1.0);
    }
}

/// Plain glasses, which are allowed.
pub fn plain(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    Glasses::any(s, rng).draw_frame(&mut canvas, s);
    canvas.done()
}

/// Lenses one cannot look through.
pub fn dark(s: &Sitter, rng: &mut Rng) -> Picture {
    let colour = rng.colour((0.0, 0.5), (0.02, 0.2));
    let (top, bottom) = (rng.between(0.85, 1.0), rng.between(0.75, 0.97));
    lenses(s, rng, |v, here| mix(here, colour, if v < 0.0 { top } else { bottom }))
}

/// Lenses with a strong tint.
pub fn tinted(s: &Sitter, rng: &mut Rng) -> Picture {
    let colour = rng.colour((0.3, 0.9), (0.2, 0.6));
    let share = rng.between(0.5, 0.75);
    lenses(s, rng, |_, here| mix(here, colour, share))
}

/// Lenses that mirror sky and ground.
pub fn mirrored(s: &Sitter, rng: &mut Rng) -> Picture {
    let (sky, ground) = (rng.colour((0.2, 0.8), (0.6, 1.0)), rng.colour((0.2, 0.8), (0.2, 0.6)));
    let share = rng.between(0.8, 0.95);
    lenses(s, rng, |v, here| {
        mix(here, mix(sky, ground, (v * 4.0 + 0.5).clamp(0.0, 1.0)), share)
    })
}

fn lenses(s: &Sitter, rng: &mut Rng, through: impl Fn(f32, Colour) -> Colour) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let glasses = Glasses::any(s, rng);
    for lens in &glasses.lenses {
        canvas.fill(lens, 1.5, |p, here| (through(s.uv(p).1, here), 1.0));
    }
    glasses.draw_frame(&mut canvas, s);
    canvas.done()
}

/// Bright spots of lamps on the lenses.
pub fn spots(s: &Sitter, rng: &mut Rng) -> Picture {
    glare(s, rng, |s, rng, eye| {
        let w = s.width();
        let (u, v) = (rng.between(-0.08, 0.08), rng.between(-0.07, 0.06));
        let centre = Point::new(eye.x + u * w, eye.y + v * w);
        (
            ellipse(
                centre,
                rng.between(0.06, 0.12) * w,
                rng.between(0.04, 0.09) * w,
                rng.between(-0.6, 0.6),
            ),
            rng.between(0.75, 1.0),
        )
    })
}

/// Slanting streaks across the lenses.
pub fn streaks(s: &Sitter, rng: &mut Rng) -> Picture {
    let slant = rng.between(0.3, 0.9) * rng.sign();
    let (wide, opaque) = (rng.between(0.03, 0.07), rng.between(0.6, 0.9));
    glare(s, rng, move |s, rng, eye| {
        let w = s.width();
        let x = eye.x + rng.between(-0.07, 0.07) * w;
        let half = 0.15 * w;
        let corner = |dx: f32, dy: f32| Point::new(x + (dx * wide) * w + dy * half * slant, eye.y + dy * half);
        (
            vec![
                corner(-1.0, -1.0),
                corner(1.0, -1.0),
                corner(1.0, 1.0),
                corner(-1.0, 1.0),
            ],
            opaque,
        )
    })
}

/// A window with its bars, seen in the lenses.
pub fn window(s: &Sitter, rng: &mut Rng) -> Picture {
    let (wide, high, lean) = (rng.between(0.07, 0.12), rng.between(0.06, 0.1), rng.between(-0.3, 0.3));
    let opaque = rng.between(0.55, 0.85);
    glare(s, rng, move |s, rng, eye| {
        let w = s.width();
        let (cx, cy) = (
            eye.x + rng.between(-0.06, 0.06) * w,
            eye.y + rng.between(-0.05, 0.03) * w,
        );
        let corner = |dx: f32, dy: f32| Point::new(cx + (dx * wide + dy * high * lean) * w, cy + dy * high * w);
        (
            vec![
                corner(-1.0, -1.0),
                corner(1.0, -1.0),
                corner(1.0, 1.0),
                corner(-1.0, 1.0),
            ],
            opaque,
        )
    })
}

fn glare(s: &Sitter, rng: &mut Rng, reflection: impl Fn(&Sitter, &mut Rng, Point) -> (Vec<Point>, f32)) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let glasses = Glasses::any(s, rng);
    let (left, right) = s.face.eyes();
    let white = mix([255.0; 3], [225.0, 240.0, 255.0], rng.between(0.0, 1.0));
    let only = rng.holds(0.25).then(|| rng.holds(0.5));
    for (i, eye) in [left, right].into_iter().enumerate() {
        let (shape, opaque) = reflection(s, rng, eye);
        if only.is_none_or(|first| first == (i == 0)) {
            canvas.fill(&shape, 3.0, |_, _| (white, opaque));
        }
    }
    glasses.draw_frame(&mut canvas, s);
    canvas.done()
}

/// A patch over one eye.
pub fn patch(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let colour = rng.colour((0.0, 0.3), (0.02, 0.95));
    let (left, right) = s.face.eyes();
    let eye = if rng.holds(0.5) { left } else { right };
    let w = s.width();
    canvas.stroke(
        &[s.at(-0.5, -0.35), eye, s.at(0.5, 0.1)],
        0.02 * w,
        times(colour, 0.8),
        1.0,
    );
    let shape = ellipse(eye, rng.between(0.14, 0.18) * w, rng.between(0.12, 0.16) * w, s.angle());
    canvas.fill(&shape, 2.0, |_, _| (colour, 1.0));
    canvas.done()
}

/// A lock of hair hanging over one or both eyes.
pub fn hair(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let colour = rng.pick(&[[30.0, 25.0, 24.0], [60.0, 42.0, 30.0], [120.0, 88.0, 55.0]]);
    let side = rng.sign();
    let w = s.width();
    let (from, to) = if rng.holds(0.5) { (0.02, 0.5) } else { (-0.5, 0.5) };
    for i in 0..220 {
        let t = f32::from(i as u8) / 220.0;
        let u = side * (from + (to - from) * t);
        let end = rng.between(0.06, 0.14);
        let lean = rng.between(-0.06, 0.06);
        let line = [s.at(u + lean, -0.62), s.at(u + lean * 0.5, -0.25), s.at(u, end)];
        canvas.stroke(
            &line,
            rng.between(0.006, 0.014) * w,
            times(colour, rng.between(0.6, 1.3)),
            0.9,
        );
    }
    canvas.done()
}
