//! Is the set ready for the day? Backdrop, lamps, exposure and focus off the newest frame with the chair empty; camera, clock,
//! disk, scanner and shutter key off the station.
use crate::core::{Core, LOW_SHOTS, MIN_FREE_BYTES, SHOT_BYTES, Seat};
use crate::trouble::Trouble;
use domain::{Measure, PhotoSpec, Rgb, SizePx};
use ipc::{SetCheckItem, SetCheckView};
use photo::{Lab, Limits, Picture, Scale, delta_e_2000, luminance};
use std::time::Instant;

/// The frame is looked at in this size.
const LOOK: SizePx = SizePx {
    width: 960,
    height: 540,
};
/// Tiles across and down the part of the frame a portrait is cut from.
const TILES: (u32, u32) = (6, 8);
/// Distance to the nearest allowed colour where the standard gives none, ΔE00.
const COLOUR: f32 = 10.0;
/// Largest distance of a tile to the backdrop's mean, ΔE00; a lamp that falls off by a third across the portrait gives 5.7.
const GRADIENT: f32 = 4.0;
/// Largest difference of light between left and right, percent of their mean.
const BALANCE: f32 = 12.0;
/// From here on a sensor shows no difference any more.
const FULL: u8 = 250;
/// Share of clipped pixels, percent.
const CLIPPED: f32 = 1.0;
/// Steps of brightness from pixel to pixel that only a picture in focus has.
const EDGE: f32 = 40.0;
/// Frames a second people can pose by.
const FPS: f32 = 15.0;
/// Difference to the center's clock in seconds: its signatures allow five minutes.
const CLOCK_S: f32 = 60.0;
/// The scanner and the shutter key were heard within so many minutes.
const HEARD_MIN: f32 = 60.0;

/// What is measured on a frame of the empty set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Set {
    /// Median distance to the nearest allowed colour, ΔE00.
    pub colour: f32,
    /// Largest distance of a tile to the mean, ΔE00.
    pub gradient: f32,
    /// Light at the left against the right, percent of their mean; positive when the left is brighter.
    pub balance: f32,
    /// Pixels clipped in all colours, percent; none count where the backdrop is the white the standard allows.
    pub clipped: f32,
    /// Mean colour of the backdrop.
    pub mean: Rgb,
}

/// What the newest frame told.
struct Look {
    items: Vec<SetCheckItem>,
    /// Why the backdrop was not measured.
    unseen: Option<&'static str>,
    backdrop: Option<Rgb>,
}

/// Measures a frame of the empty set on the middle part, from which portraits are cut.
pub fn measure(picture: &Picture, spec: &PhotoSpec) -> Set {
    let size = picture.size();
    let height = size.height * 96 / 100;
    let width = (height * spec.size.value.width / spec.size.value.height.max(1)).min(size.width);
    let (left, top) = ((size.width - width) / 2, (size.height - height) / 2);
    let tile = (width / TILES.0, height / TILES.1);
    let mut means = Vec::new();
    for row in 0..TILES.1 {
        for column in 0..TILES.0 {
            means.push(mean(picture, (left + column * tile.0, top + row * tile.1), tile));
        }
    }
    let labs: Vec<Lab> = means.iter().map(|m| Lab::from_srgb(*m)).collect();
    let allowed: Vec<Lab> = spec.backgrounds.value.iter().map(|c| Lab::from_srgb(*c)).collect();
    let nearest = |lab: &Lab| {
        allowed
            .iter()
            .map(|a| delta_e_2000(*lab, *a))
            .fold(f32::INFINITY, f32::min)
    };
    let mut distances: Vec<f32> = labs.iter().map(nearest).collect();
    distances.sort_by(f32::total_cmp);
    let mean = average(&means);
    let middle = Lab::from_srgb(mean);
    // A white backdrop that is as white as a picture can be is what such a standard asks for.
    let is_white = |c: &Rgb| [c.r, c.g, c.b].iter().all(|v| *v >= FULL);
    let apart = |c: &&Rgb| delta_e_2000(middle, Lab::from_srgb(**c));
    let wanted = spec
        .backgrounds
        .value
        .iter()
        .min_by(|a, b| apart(a).total_cmp(&apart(b)));
    let white_is_right = wanted.is_some_and(is_white);
    let light = |columns: std::ops::Range<usize>| {
        let tiles = means
            .iter()
            .enumerate()
            .filter(|(at, _)| columns.contains(&(at % TILES.0 as usize)));
        let values: Vec<f32> = tiles.map(|(_, m)| luminance(*m)).collect();
        values.iter().sum::<f32>() / values.len().max(1) as f32
    };
    let (one, other) = (light(0..2), light(4..6));
    let full = picture
        .rgb()
        .chunks_exact(3)
        .filter(|p| !white_is_right && p.iter().all(|v| *v >= FULL))
        .count();
    Set {
        colour: distances.get(distances.len() / 2).copied().unwrap_or(f32::INFINITY),
        gradient: labs.iter().map(|l| delta_e_2000(*l, middle)).fold(0.0, f32::max),
        balance: (one - other) / ((one + other) / 2.0).max(0.001) * 100.0,
        clipped: full as f32 * 300.0 / picture.rgb().len().max(1) as f32,
        mean,
    }
}

fn mean(picture: &Picture, at: (u32, u32), tile: (u32, u32)) -> Rgb {
    let places = (0..tile.1).flat_map(|y| (0..tile.0).map(move |x| (x, y)));
    let colours: Vec<Rgb> = places.map(|(x, y)| picture.pixel(at.0 + x, at.1 + y)).collect();
    average(&colours)
}

fn average(colours: &[Rgb]) -> Rgb {
    let of = |part: fn(&Rgb) -> u8| {
        let sum: u64 = colours.iter().map(|c| u64::from(part(c))).sum();
        (sum / colours.len().max(1) as u64) as u8
    };
    Rgb {
        r: of(|c| c.r),
        g: of(|c| c.g),
        b: of(|c| c.b),
    }
}

impl Core {
    /// Looks at everything now.
    pub fn set_check(&self) -> Result<SetCheckView, Trouble> {
        let (_, spec) = self.campaign()?;
        let mut items = vec![self.camera_item()];
        let look = self.look(&spec);
        items.extend(look.items);
        items.extend([self.clock_item(), self.disk_item()]);
        let (gun, key) = {
            let desk = self.desk();
            (desk.heard_gun, desk.heard_key)
        };
        items.extend([heard("scanner", gun), heard("pedal", key)]);
        Ok(SetCheckView {
            ready: items.iter().all(|i| matches!(i.verdict.as_str(), "pass" | "warn")),
            items,
            unseen: look.unseen.map(str::to_owned),
            backdrop: look.backdrop.map(|c| format!("#{:02x}{:02x}{:02x}", c.r, c.g, c.b)),
            at_ms: self.now().0,
        })
    }

    /// The scanner or the shutter key was tried where neither does anything.
    pub fn heard(&self, what: &str) -> Result<(), Trouble> {
        let mut desk = self.desk();
        match what {
            "scanner" => desk.heard_gun = Some(Instant::now()),
            "pedal" => desk.heard_key = Some(Instant::now()),
            _ => return Err(Trouble::Bad("scanner or pedal can be heard")),
        }
        Ok(())
    }

    fn camera_item(&self) -> SetCheckItem {
        let report = self.seat().map(|s| s.handle.report());
        let fps = report
            .filter(|r| r.state == camera::CameraState::Streaming)
            .map(|r| r.fps);
        match fps {
            None => item("camera", "fail", None, "fps", (Some(FPS), None)),
            Some(fps) => item(
                "camera",
                if fps + 0.5 >= FPS { "pass" } else { "warn" },
                Some(fps),
                "fps",
                (Some(FPS), None),
            ),
        }
    }

    /// What the newest frame tells; nothing of the backdrop while somebody stands before it.
    fn look(&self, spec: &PhotoSpec) -> Look {
        let limit = spec.limit(Measure::BackgroundColour).and_then(|l| l.pass.max);
        let colour = limit.unwrap_or(COLOUR);
        let live = |seat: &Seat| seat.handle.state() == camera::CameraState::Streaming;
        let decoded = self.seat().filter(live).and_then(|seat| {
            let jpeg = seat.upright(&seat.handle.newest()?.jpeg);
            let picture = photo::decode(&jpeg, Scale::AtLeast(LOOK), &Limits::default())
                .ok()?
                .picture;
            Some((jpeg, picture))
        });
        let empty = decoded.as_ref().is_some_and(|(jpeg, _)| {
            self.assessor
                .live_jpeg(jpeg, spec, None)
                .is_ok_and(|seen| seen.count == 0)
        });
        let set = decoded
            .as_ref()
            .filter(|_| empty)
            .map(|(_, picture)| measure(picture, spec));
        let at_most = |id: &str, value: Option<f32>, unit: &str, most: f32| {
            let verdict = match value {
                None => "not_measured",
                Some(v) if v.abs() <= most => "pass",
                Some(v) if v.abs() <= most * 1.5 => "warn",
                Some(_) => "fail",
            };
            item(id, verdict, value, unit, (None, Some(most)))
        };
        let edges = decoded.as_ref().map(|(jpeg, _)| sharpest(jpeg));
        // A plain backdrop has nothing to focus on: hold something before it.
        let focus = match edges {
            Some(edge) if edge >= EDGE => "pass",
            Some(_) | None => "warn",
        };
        let items = vec![
            at_most("backdrop_colour", set.map(|s| s.colour), "dE00", colour),
            at_most("backdrop_gradient", set.map(|s| s.gradient), "dE00", GRADIENT),
            at_most("lamp_balance", set.map(|s| s.balance), "%", BALANCE),
            at_most("exposure", set.map(|s| s.clipped), "%", CLIPPED),
            item("sharpness", focus, edges, "score", (Some(EDGE), None)),
        ];
        Look {
            items,
            unseen: match (&decoded, empty) {
                (None, _) => Some("no_frame"),
                (Some(_), false) => Some("somebody"),
                (Some(_), true) => None,
            },
            backdrop: set.map(|s| s.mean),
        }
    }

    fn clock_item(&self) -> SetCheckItem {
        let skew = self.queue_view().clock_skew_ms.map(|ms| ms as f32 / 1000.0);
        let verdict = match skew {
            Some(s) if s.abs() > CLOCK_S => "fail",
            Some(_) => "pass",
            // Nothing to compare with before the first exchange.
            None => "warn",
        };
        item("clock", verdict, skew, "s", (None, Some(CLOCK_S)))
    }

    fn disk_item(&self) -> SetCheckItem {
        let free = self.store.free_bytes().unwrap_or(0);
        let shots = free.saturating_sub(MIN_FREE_BYTES) / SHOT_BYTES;
        let verdict = match free {
            b if b < MIN_FREE_BYTES => "fail",
            _ if shots < LOW_SHOTS => "warn",
            _ => "pass",
        };
        item(
            "disk",
            verdict,
            Some(shots as f32),
            "shots",
            (Some(LOW_SHOTS as f32), None),
        )
    }
}

fn item(
    id: &str,
    verdict: &str,
    value: Option<f32>,
    unit: &str,
    (min, max): (Option<f32>, Option<f32>),
) -> SetCheckItem {
    SetCheckItem {
        id: id.to_owned(),
        verdict: verdict.to_owned(),
        value: value.map(|v| (v * 10.0).round() / 10.0),
        unit: unit.to_owned(),
        min,
        max,
    }
}

fn heard(id: &str, at: Option<Instant>) -> SetCheckItem {
    let minutes = at.map(|at| at.elapsed().as_secs_f32() / 60.0);
    let verdict = if minutes.is_some_and(|m| m <= HEARD_MIN) {
        "pass"
    } else {
        "warn"
    };
    item(id, verdict, minutes, "min", (None, Some(HEARD_MIN)))
}

/// The step of brightness that one pixel in a thousand exceeds.
fn sharpest(jpeg: &[u8]) -> f32 {
    let Ok((size, grey)) = photo::decode_grey(jpeg, &Limits::default()) else {
        return 0.0;
    };
    let mut counts = [0_usize; 256];
    for row in grey.chunks_exact(size.width as usize) {
        row.windows(2)
            .for_each(|w| counts[usize::from(w[0].abs_diff(w[1]))] += 1);
    }
    let mut above = 0;
    for step in (0..256).rev() {
        above += counts[step];
        if above * 1000 > grey.len() {
            return step as f32;
        }
    }
    0.0
}
