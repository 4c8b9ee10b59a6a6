//! How is the phone held? Its plane before the camera, and the way from a pixel back to a place on it.
use super::plane::Plane;
use super::screen::Screen;
use super::{Chance, FRAME, Spoilt, Strength};

/// Focal length in pixels: about 70° across, a webcam's.
const FOCAL: f32 = 1400.0;
/// Pixels a module at least, of codes held askew: with less, sampling alone takes what tells neighbours apart.
const LEAST_MODULE_PX: f32 = 2.5;
/// Poses drawn for a frame at most; of harsh perspective about one in five shows all of the code.
const MOST_TRIES: usize = 500;
/// Rays a pixel, on each axis.
const RAYS: usize = 3;

type Matrix = [[f32; 3]; 3];

pub(super) struct Pose {
    /// From a pixel to a place on the screen.
    back: Matrix,
    /// Pixels a point, at the middle of the code.
    scale: f32,
    /// Where the middle of the code is, in pixels.
    pub(super) at: (f32, f32),
}

impl Pose {
    /// Draws one that shows the whole code.
    pub(super) fn draw(chance: &mut Chance, spoilt: Spoilt, strength: Strength, screen: &Screen) -> Self {
        // A code that is cut off, or whose far modules are below two and a half pixels, is not there to be read.
        let whole = |pose: &Self| {
            let (least, inside) = pose.seen_modules(screen);
            let any_size = spoilt != Spoilt::Perspective || strength == Strength::Harsh;
            inside && (any_size || least >= LEAST_MODULE_PX)
        };
        let mut pose = Self::any(chance, spoilt, strength, screen);
        for _ in 0..MOST_TRIES {
            if whole(&pose) {
                break;
            }
            pose = Self::any(chance, spoilt, strength, screen);
        }
        pose
    }

    fn any(chance: &mut Chance, spoilt: Spoilt, strength: Strength, screen: &Screen) -> Self {
        // Pixels a module: below two no picture holds the code any more, above six nothing is hard.
        let module = match spoilt {
            Spoilt::Small => strength.between(chance, [(3.0, 4.0), (2.5, 3.0), (1.5, 2.5)]),
            Spoilt::Mixed => chance.between(2.6, 7.0),
            _ => chance.between(2.6, 9.0),
        };
        let wanted = module * screen.modules as f32;
        let side = wanted.min(FRAME.1 as f32 * 0.88);
        let scale = side / screen.side;
        let (lean, turn) = match spoilt {
            Spoilt::Perspective => (strength.of([25.0, 40.0, 58.0]), 45.0),
            Spoilt::Mixed => (strength.of([14.0, 18.0, 22.0]), 20.0),
            _ => (12.0, 14.0),
        };
        let (pitch, yaw) = (chance.between(-lean, lean), chance.between(-lean, lean));
        let upside = if chance.percent(12.0) {
            [90.0, 180.0, 270.0][chance.below(3)]
        } else {
            0.0
        };
        let roll = upside + chance.between(-turn, turn);
        let room = |full: usize| (full as f32 - side * 1.25).max(0.0) / 2.0;
        let at = (
            FRAME.0 as f32 / 2.0 + chance.between(-1.0, 1.0) * room(FRAME.0),
            FRAME.1 as f32 / 2.0 + chance.between(-1.0, 1.0) * room(FRAME.1),
        );
        Self {
            back: back(screen.centre(), at, scale, [pitch, yaw, roll]),
            scale,
            at,
        }
    }

    /// Pixels of the shortest module side at the code's corners, and whether all of them are in the frame.
    fn seen_modules(&self, screen: &Screen) -> (f32, bool) {
        let forth = inverse(self.back);
        let at = |(x, y): (f32, f32)| {
            let row = |r: &[f32; 3]| r[0] * x + r[1] * y + r[2];
            let depth = row(&forth[2]);
            (row(&forth[0]) / depth, row(&forth[1]) / depth)
        };
        let (half, module) = (screen.side / 2.0, screen.side / screen.modules.max(1) as f32);
        let (x, y) = screen.centre();
        let (mut least, mut inside) = (f32::MAX, true);
        for (i, j) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
            let corner = (x + i * half, y + j * half);
            let here = at(corner);
            for next in [(corner.0 - i * module, corner.1), (corner.0, corner.1 - j * module)] {
                let next = at(next);
                least = least.min((next.0 - here.0).hypot(next.1 - here.1));
            }
            let within = |v: f32, full: usize| (2.0..full as f32 - 2.0).contains(&v);
            inside &= within(here.0, FRAME.0) && within(here.1, FRAME.1);
        }
        (least, inside)
    }

    /// Pixels a module.
    pub(super) fn module_px(&self, screen: &Screen) -> f32 {
        screen.side * self.scale / screen.modules.max(1) as f32
    }

    /// Draws the phone into the room.
    pub(super) fn project(&self, screen: &Screen, plane: &mut Plane, light: f32) {
        for y in 0..FRAME.1 {
            for x in 0..FRAME.0 {
                if self.seen(screen, x as f32 + 0.5, y as f32 + 0.5).is_none() {
                    continue;
                }
                let (mut sum, mut hits) = (0.0, 0);
                for ray in 0..RAYS * RAYS {
                    let step = |n: usize| (n as f32 + 0.5) / RAYS as f32;
                    let (px, py) = (x as f32 + step(ray % RAYS), y as f32 + step(ray / RAYS));
                    if let Some(value) = self.seen(screen, px, py) {
                        sum += value * light;
                        hits += 1;
                    }
                }
                let rest = (RAYS * RAYS - hits) as f32 * plane.at(x, y);
                plane.put(x, y, (sum + rest) / (RAYS * RAYS) as f32);
            }
        }
    }

    fn seen(&self, screen: &Screen, x: f32, y: f32) -> Option<f32> {
        let row = |r: &[f32; 3]| r[0] * x + r[1] * y + r[2];
        let depth = row(&self.back[2]);
        screen.light(row(&self.back[0]) / depth, row(&self.back[1]) / depth)
    }
}

/// The inverse of the projection of the screen's plane.
fn back(centre: (f32, f32), at: (f32, f32), scale: f32, [pitch, yaw, roll]: [f32; 3]) -> Matrix {
    let (sp, cp) = pitch.to_radians().sin_cos();
    let (sy, cy) = yaw.to_radians().sin_cos();
    let (sr, cr) = roll.to_radians().sin_cos();
    // Columns one and two of Rz(roll)·Rx(pitch)·Ry(yaw).
    let one = [cr * cy - sr * sp * sy, sr * cy + cr * sp * sy, -cp * sy];
    let two = [-sr * cp, cr * cp, sp];
    let depth = FOCAL / scale;
    let eye = (FRAME.0 as f32 / 2.0, FRAME.1 as f32 / 2.0);
    let place = [(at.0 - eye.0) / scale, (at.1 - eye.1) / scale, depth];
    let moved = |row: usize| place[row] - one[row] * centre.0 - two[row] * centre.1;
    let camera = |row: usize| [one[row], two[row], moved(row)];
    let (r0, r1, r2) = (camera(0), camera(1), camera(2));
    let pixel = |r: [f32; 3], middle: f32| [0, 1, 2].map(|i| FOCAL * r[i] + middle * r2[i]);
    inverse([pixel(r0, eye.0), pixel(r1, eye.1), r2])
}

fn inverse(m: Matrix) -> Matrix {
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a][c] * m[b][d] - m[a][d] * m[b][c];
    let adjoint = [
        [minor(1, 2, 1, 2), -minor(0, 2, 1, 2), minor(0, 1, 1, 2)],
        [-minor(1, 2, 0, 2), minor(0, 2, 0, 2), -minor(0, 1, 0, 2)],
        [minor(1, 2, 0, 1), -minor(0, 2, 0, 1), minor(0, 1, 0, 1)],
    ];
    // A scale common to all is lost in the division by depth; only the sign matters, and a phone faces the camera.
    adjoint
}
