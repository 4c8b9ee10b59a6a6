//! Defects made in code from good pictures; nothing here is random.
use domain::{Face, Point, RectPx, Rgb, SizePx};
use photo::Picture;

fn map(picture: &Picture, mut colour: impl FnMut(f32, f32, Rgb) -> [f32; 3]) -> Picture {
    Picture::from_fn(picture.size(), |x, y| {
        let [r, g, b] = colour(x as f32, y as f32, picture.pixel(x, y)).map(|v| v.clamp(0.0, 255.0) as u8);
        Rgb { r, g, b }
    })
    .unwrap()
}

fn floats(c: Rgb) -> [f32; 3] {
    [c.r, c.g, c.b].map(f32::from)
}

/// Out of focus: detail below `px` pixels is gone.
pub(crate) fn blurred(picture: &Picture, px: u32) -> Picture {
    let size = picture.size();
    let small = SizePx {
        width: size.width / px,
        height: size.height / px,
    };
    picture.resize(small).resize(size)
}

/// Moved sideways by `px` pixels while the shutter was open.
pub(crate) fn moved(picture: &Picture, px: usize) -> Picture {
    let size = picture.size();
    let mut rgb = Vec::with_capacity(picture.rgb().len());
    for y in 0..size.height {
        let row = picture.row(y);
        let mut sum = [0u32; 3];
        for i in 0..size.width as usize {
            for (c, sum) in sum.iter_mut().enumerate() {
                *sum += u32::from(row[i * 3 + c]);
                *sum -= i.checked_sub(px).map_or(0, |old| u32::from(row[old * 3 + c]));
                rgb.push((*sum / (i + 1).min(px) as u32) as u8);
            }
        }
    }
    Picture::new(size, rgb).unwrap()
}

/// Each channel times a gain (of the coded value).
pub(crate) fn gained(picture: &Picture, gain: [f32; 3]) -> Picture {
    map(picture, |_, _, c| {
        let c = floats(c);
        [c[0] * gain[0], c[1] * gain[1], c[2] * gain[2]]
    })
}

/// Light from one side only: the darker half of the face loses light towards its edge, down to `darkest`.
pub(crate) fn one_sided(picture: &Picture, face: &Face, darkest: f32) -> Picture {
    let (middle, half) = (face.bounds.center(), face.bounds.width / 2.0);
    let brightness = |side: f32| {
        let points =
            (0..20).map(|i| Point::new(middle.x + side * half * 0.5, middle.y + (i as f32 - 10.0) * half * 0.05));
        points.map(|p| picture.sample(p.x, p.y)[1]).sum::<f32>()
    };
    let dark = if brightness(1.0) < brightness(-1.0) { 1.0 } else { -1.0 };
    map(picture, |x, _, c| {
        let share = ((x - middle.x) * dark / half + 0.5).clamp(0.0, 1.0);
        floats(c).map(|v| v * (1.0 - share * (1.0 - darkest)))
    })
}

/// The studio's blue replaced: pixels close to it take the other colour.
pub(crate) fn backdrop(picture: &Picture, colour: impl Fn(f32, f32) -> [f32; 3]) -> Picture {
    map(picture, |x, y, c| {
        let blue = c.b > 140 && i32::from(c.b) - i32::from(c.r) > 60;
        if blue { colour(x, y) } else { floats(c) }
    })
}

/// Turned by degrees about a point, clockwise as seen; the edge pixels are repeated.
pub(crate) fn tilted(picture: &Picture, about: Point, degrees: f32) -> Picture {
    let (sin, cos) = degrees.to_radians().sin_cos();
    map(picture, |x, y, _| {
        let (dx, dy) = (x - about.x, y - about.y);
        picture.sample(about.x + dx * cos + dy * sin + 0.5, about.y - dx * sin + dy * cos + 0.5)
    })
}

/// Moved within the frame; the edge pixels are repeated.
pub(crate) fn shifted(picture: &Picture, dx: i64, dy: i64) -> Picture {
    let size = picture.size();
    let inside = |v: i64, limit: u32| v.clamp(0, i64::from(limit) - 1) as u32;
    map(picture, |x, y, _| {
        floats(picture.pixel(inside(x as i64 - dx, size.width), inside(y as i64 - dy, size.height)))
    })
}

/// Two people: the middle of one picture at half size beside the middle of the other.
pub(crate) fn side_by_side(one: &Picture, other: &Picture) -> Picture {
    let size = one.size();
    let middle = RectPx {
        x: size.width / 4,
        y: 0,
        width: size.width / 2,
        height: size.height,
    };
    let (one, other) = (one.crop(middle).unwrap(), other.crop(middle).unwrap());
    Picture::from_fn(size, |x, y| {
        if x < middle.width {
            one.pixel(x, y)
        } else {
            other.pixel(x - middle.width, y)
        }
    })
    .unwrap()
}

/// Nobody there: the top-left corner of the backdrop everywhere.
pub(crate) fn empty(picture: &Picture) -> Picture {
    Picture::from_fn(picture.size(), |x, y| picture.pixel(x % 64, y % 64)).unwrap()
}

/// Both eyes closed: the opening is painted with the skin below the eye, with a line of lashes at the lower lid.
pub(crate) fn eyes_closed(picture: &Picture, face: &Face) -> Picture {
    // Outer and inner corner, lids.
    let eyes = [(33, 133, 159, 145), (263, 362, 386, 374)].map(|(outer, inner, upper, lower)| {
        let [a, b, upper, lower] = [outer, inner, upper, lower].map(|i| face.point(i));
        let width = a.distance(b);
        let below = |i: i32| picture.sample(lower.x + i as f32 * 0.12 * width, lower.y + 0.4 * width);
        let skin = [0, 1, 2].map(|c| (-2..=2).map(|i| below(i)[c]).sum::<f32>() / 5.0);
        (a.midpoint(b), width, upper, lower, skin)
    });
    map(picture, |x, y, c| {
        let c = floats(c);
        for (middle, width, upper, lower, skin) in eyes {
            let dx = (x - middle.x) / (0.62 * width);
            let (top, bottom) = (upper.y - 0.14 * width, lower.y + 0.03 * width);
            let dy = (y - (top + bottom) / 2.0) / ((bottom - top) / 2.0 + 0.05 * width);
            let radius = dx * dx + dy * dy;
            if radius < 1.0 {
                let line = bottom - 0.12 * width * dx * dx;
                let lashes = 1.0 - 0.6 * (1.0 - ((y - line).abs() / (0.03 * width)).min(1.0));
                let fade = ((1.0 - radius) * 5.0).min(1.0);
                return [0, 1, 2].map(|i| c[i] + (skin[i] * lashes - c[i]) * fade);
            }
        }
        c
    })
}
