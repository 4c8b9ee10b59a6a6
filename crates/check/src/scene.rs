//! What do all measures share? The finished picture as it would be, the head on it, face and backdrop regions.
use crate::chart::Chart;
use crate::complexion::Complexion;
use crate::crop::ideal;
use crate::head::{Head, contour};
use crate::input::Input;
use crate::region::{Backdrop, Region};
use crate::tiles::{Tile, tiles};
use domain::{Face, PhotoSpec, Point, Rect, RectPx, SizePx};
use photo::{Lab, Picture};
use std::cell::OnceCell;

/// How finely the pixels are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Half the finished picture's width and height, without the backdrop: for hints while the camera runs.
    Live,
    /// The finished picture's own pixels.
    Full,
}

/// An input prepared for measuring. Lengths are in pixels of the finished picture at either detail.
pub struct Scene<'a> {
    /// What was given.
    pub input: Input<'a>,
    /// What it is judged against.
    pub spec: &'a PhotoSpec,
    /// The head in pixels of the finished picture; `None` without a face.
    pub head: Option<Head>,
    /// Finished pixels per pixel of the frame.
    pub scale: f32,
    /// The finished picture's pixels, or half as many across and down at live detail.
    pub view: Picture,
    /// Luminance 0–255 of each pixel of the view (linear light, BT.709, rounded), as OFIQ takes it.
    pub luminance: Vec<u8>,
    /// The landmarked region on the view: temples, jaw and brows; `None` without a face.
    pub face: Option<Region>,
    /// Certain backdrop on the view; `None` without a person mask.
    pub backdrop: Option<Backdrop>,
    /// Pixels of the view per pixel of the finished picture.
    pub density: f32,
    /// Where the view begins, in pixels of the view from the wanted rectangle's corner; not zero when that is outside the frame.
    offset: Point,
    /// From pixels of the frame to pixels of the view.
    place: Placement,
    chart: OnceCell<Option<(Chart, Complexion)>>,
    tiles: OnceCell<Vec<Tile>>,
}

impl<'a> Scene<'a> {
    /// Prepares an input. Without a crop the part of the wished-for rectangle that lies in the frame is looked at, or the
    /// whole frame without a face, so that colours and light can still be measured.
    pub fn new(input: Input<'a>, spec: &'a PhotoSpec, detail: Detail) -> Self {
        let size = input.picture.size();
        let head = Head::of(input.faces);
        let wanted = match (input.crop, head) {
            (Some(crop), _) => crop.to_rect(),
            (None, Some(head)) => ideal(head, spec),
            (None, None) => RectPx::whole(size).to_rect(),
        };
        let scale = spec.size.value.width as f32 / wanted.width.max(1.0);
        let density = match detail {
            Detail::Live => 0.5,
            Detail::Full => 1.0,
        };
        let cut = clipped(wanted, size);
        let place = Placement {
            origin: Point::new(cut.x as f32, cut.y as f32),
            scale: scale * density,
        };
        let view = look(input.picture, cut, scale * density);
        let luminance = luminance(&view);
        let face = input.faces.main().filter(|_| head.is_some());
        let face_region = face.map(|f| face_region(f, &place, view.size()));
        let backdrop = match detail {
            Detail::Live => None,
            Detail::Full => {
                let mask = input.faces.mask.as_ref();
                mask.map(|mask| Backdrop::new(mask, view.size(), |p| place.to_frame(p)))
            }
        };
        Self {
            input,
            spec,
            head: head.map(|h| h.map(|p| Point::new((p.x - wanted.x) * scale, (p.y - wanted.y) * scale))),
            scale,
            view,
            luminance,
            face: face_region,
            backdrop,
            density,
            offset: Point::new(
                (cut.x as f32 - wanted.x) * scale * density,
                (cut.y as f32 - wanted.y) * scale * density,
            ),
            place,
            chart: OnceCell::new(),
            tiles: OnceCell::new(),
        }
    }

    /// The head laid flat and the colour of its skin, made when first asked for; `None` without a face.
    pub(crate) fn chart(&self) -> Option<(&Chart, &Complexion)> {
        let made = self.chart.get_or_init(|| {
            let mask = self.input.faces.mask.as_ref();
            let chart = Chart::new(self.main_face()?, mask, &self.view, |p| self.place.to_view(p));
            let skin = Complexion::of(&chart)?;
            Some((chart, skin))
        });
        made.as_ref().map(|(chart, skin)| (chart, skin))
    }

    /// A point of the view in pixels of the frame.
    pub(crate) fn to_frame(&self, p: Point) -> Point {
        self.place.to_frame(p)
    }

    /// The tiles of certain backdrop, made when first asked for; empty without a mask.
    pub(crate) fn tiles(&self) -> &[Tile] {
        self.tiles.get_or_init(|| tiles(self))
    }

    /// The main face, in pixels of the frame.
    pub fn main_face(&self) -> Option<&'a Face> {
        self.head.and(self.input.faces.main())
    }

    /// The head in pixels of the view.
    pub(crate) fn head_on_view(&self) -> Option<Head> {
        let (density, offset) = (self.density, self.offset);
        let head = self.head?;
        Some(head.map(|p| Point::new(p.x * density - offset.x, p.y * density - offset.y)))
    }

    /// Luminances of the landmarked region as a histogram of 256 shares that sum to 1; `None` without a face in the view.
    pub(crate) fn face_histogram(&self) -> Option<[f32; 256]> {
        let region = self.face.as_ref()?;
        let width = self.view.size().width as usize;
        histogram(
            region
                .spans()
                .flat_map(|(y, xs)| self.luminance[y * width..][xs].iter().copied()),
        )
    }

    /// The two cheek squares of OFIQ's illumination and colour measures, in pixels of the view: (left, right in the picture).
    pub(crate) fn cheeks(&self) -> Option<[RectPx; 2]> {
        let head = self.head_on_view()?;
        let face = self.main_face()?;
        // Half the way from the eyes to the mouth, squares of 0.3 inter-eye distances (OFIQ).
        let (upper, lower) = crate::landmark::INNER_LIPS[1];
        let mouth = face.point(upper).midpoint(face.point(lower));
        let (left, right) = face.eyes();
        let drop = left.midpoint(right).distance(mouth) / 2.0 * self.scale * self.density;
        let side = (head.inter_eye() * 0.3).floor();
        let square = |x: f32, y: f32| {
            let size = self.view.size();
            let fits = x >= 0.0 && y >= 0.0 && x + side <= size.width as f32 && y + side <= size.height as f32;
            (fits && side >= 4.0).then_some(RectPx {
                x: x as u32,
                y: y as u32,
                width: side as u32,
                height: side as u32,
            })
        };
        Some([
            square(head.left_eye.x, head.left_eye.y + drop)?,
            square(head.right_eye.x - side, head.right_eye.y + drop)?,
        ])
    }
}

/// From pixels of the frame to pixels of the view and back.
struct Placement {
    origin: Point,
    scale: f32,
}

impl Placement {
    fn to_view(&self, p: Point) -> Point {
        Point::new((p.x - self.origin.x) * self.scale, (p.y - self.origin.y) * self.scale)
    }
    fn to_frame(&self, p: Point) -> Point {
        Point::new(p.x / self.scale + self.origin.x, p.y / self.scale + self.origin.y)
    }
}

/// The whole pixels of the frame a rectangle covers; at least one.
fn clipped(wanted: Rect, frame: SizePx) -> RectPx {
    let span = |from: f32, to: f32, limit: u32| {
        let start = (from.max(0.0) as u32).min(limit - 1);
        let end = (to.max(0.0).round() as u32).clamp(start + 1, limit);
        (start, end - start)
    };
    let (x, width) = span(wanted.x, wanted.right(), frame.width);
    let (y, height) = span(wanted.y, wanted.bottom(), frame.height);
    RectPx { x, y, width, height }
}

/// Cuts and scales. The same steps as for the finished file, so what is measured is what is delivered.
fn look(frame: &Picture, cut: RectPx, scale: f32) -> Picture {
    let side = |px: u32| ((px as f32 * scale).round() as u32).max(1);
    let target = SizePx {
        width: side(cut.width),
        height: side(cut.height),
    };
    match frame.crop(cut) {
        Ok(part) => part.resize(target),
        // `clipped` keeps the rectangle inside; the whole frame is the honest answer should that ever change.
        Err(_) => frame.resize(target),
    }
}

fn luminance(view: &Picture) -> Vec<u8> {
    let (pixels, _) = view.rgb().as_chunks::<3>();
    let of = |&[r, g, b]: &[u8; 3]| (photo::luminance(domain::Rgb { r, g, b }) * 255.0 + 0.5) as u8;
    pixels.iter().map(of).collect()
}

fn face_region(face: &Face, place: &Placement, view: SizePx) -> Region {
    let points: Vec<Point> = contour(face).into_iter().map(|p| place.to_view(p)).collect();
    Region::hull(&points, view)
}

/// Shares of the 256 values; `None` when there is nothing to count.
pub(crate) fn histogram(values: impl Iterator<Item = u8>) -> Option<[f32; 256]> {
    let mut counts = [0u32; 256];
    for v in values {
        counts[usize::from(v)] += 1;
    }
    let total: u32 = counts.iter().sum();
    (total > 0).then(|| counts.map(|n| n as f32 / total as f32))
}

/// Mean colour of a rectangle of a picture: coded sRGB, each channel 0–1.
pub(crate) fn mean_colour(picture: &Picture, rect: RectPx) -> [f32; 3] {
    let mut sum = [0u64; 3];
    let (from, to) = (rect.x as usize * 3, (rect.x + rect.width) as usize * 3);
    for y in rect.y..rect.y + rect.height {
        let (pixels, _) = picture.row(y)[from..to].as_chunks::<3>();
        for p in pixels {
            for (s, &v) in sum.iter_mut().zip(p) {
                *s += u64::from(v);
            }
        }
    }
    let count = (u64::from(rect.width) * u64::from(rect.height)).max(1) as f32;
    sum.map(|s| s as f32 / count / 255.0)
}

/// CIELAB (D65) of a coded colour with fractional channels 0–1.
pub(crate) fn lab(coded: [f32; 3]) -> Lab {
    Lab::from_linear(coded.map(decode))
}

/// The sRGB curve (IEC 61966-2-1) for one channel 0–1.
pub(crate) fn decode(v: f32) -> f32 {
    if v <= 0.04045 {
        v / 12.92
    } else {
        ((v + 0.055) / 1.055).powf(2.4)
    }
}
