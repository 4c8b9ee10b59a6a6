//! What is on the phone? A code with a quiet zone, on a card, in an app of one of several looks.
use super::Chance;
use fast_qr::{ECL, QRBuilder};

/// Width of the screen in points.
pub(super) const WIDTH: f32 = 390.0;
/// Height of the screen in points.
pub(super) const HEIGHT: f32 = 844.0;
/// Width of the frame around the screen in points.
pub(super) const BEZEL: f32 = 11.0;

/// A screen. Places are in points from its top left corner, brightness from 0 to 1.
pub(super) struct Screen {
    /// The bytes in the code.
    pub(super) payload: Vec<u8>,
    dark: Vec<bool>,
    /// Modules a side.
    pub(super) modules: usize,
    /// Left and top of the code.
    at: (f32, f32),
    /// Side of the code.
    pub(super) side: f32,
    quiet: f32,
    ink: f32,
    paper: f32,
    ground: f32,
    /// Modules are drawn as dots.
    dots: bool,
    /// Rows of would-be text: left, top, width, height, brightness.
    lines: Vec<[f32; 5]>,
}

impl Screen {
    pub(super) fn draw(chance: &mut Chance, inverted: bool) -> Self {
        let payload = payload(chance);
        let level = [ECL::L, ECL::M, ECL::M, ECL::Q, ECL::H][chance.below(5)];
        let code = QRBuilder::new(payload.as_slice())
            .ecl(level)
            .build()
            .or_else(|_| QRBuilder::new(payload.as_slice()).ecl(ECL::L).build());
        let (modules, dark) = code.map_or_else(
            |_| (0, Vec::new()),
            |code| {
                let rows = (0..code.size).flat_map(|y| (0..code.size).map(move |x| (y, x)));
                (code.size, rows.map(|(y, x)| code[y][x].value()).collect())
            },
        );
        let side = chance.between(190.0, 330.0);
        let night = chance.percent(35.0);
        let ground = if night {
            chance.between(0.04, 0.15)
        } else {
            chance.between(0.75, 0.98)
        };
        let (mut ink, mut paper) = (chance.between(0.01, 0.14), chance.between(0.86, 1.0));
        if inverted {
            std::mem::swap(&mut ink, &mut paper);
        }
        let at = ((WIDTH - side) / 2.0, chance.between(150.0, HEIGHT - side - 150.0));
        let mut screen = Self {
            payload,
            dark,
            modules,
            at,
            side,
            quiet: chance.between(2.0, 4.5),
            ink,
            paper,
            ground,
            dots: chance.percent(12.0),
            lines: Vec::new(),
        };
        screen.write(chance, night);
        screen
    }

    /// A header and some lines above and below the code.
    fn write(&mut self, chance: &mut Chance, night: bool) {
        let colour = if night { 0.8 } else { 0.2 };
        self.lines
            .push([0.0, 0.0, WIDTH, chance.between(50.0, 96.0), chance.between(0.2, 0.6)]);
        for _ in 0..chance.below(5) + 3 {
            let above = chance.percent(40.0);
            let top = if above {
                chance.between(100.0, self.at.1 - 40.0)
            } else {
                chance.between(self.at.1 + self.side + 30.0, HEIGHT - 20.0)
            };
            let (left, end) = (chance.between(20.0, 90.0), chance.between(150.0, 370.0));
            let mut x = left;
            while x < end {
                let width = chance.between(5.0, 13.0);
                self.lines.push([x, top, width, chance.between(9.0, 15.0), colour]);
                x += width + chance.between(2.0, 5.0);
            }
        }
    }

    /// Middle of the code.
    pub(super) fn centre(&self) -> (f32, f32) {
        (self.at.0 + self.side / 2.0, self.at.1 + self.side / 2.0)
    }

    /// Brightness at a place; absent outside the phone.
    pub(super) fn light(&self, x: f32, y: f32) -> Option<f32> {
        let inside = |margin: f32| (-margin..WIDTH + margin).contains(&x) && (-margin..HEIGHT + margin).contains(&y);
        if !inside(BEZEL) {
            return None;
        }
        if !inside(0.0) {
            return Some(0.02);
        }
        let module = self.side / self.modules.max(1) as f32;
        let (u, v) = ((x - self.at.0) / module, (y - self.at.1) / module);
        let span = self.modules as f32;
        if (0.0..span).contains(&u) && (0.0..span).contains(&v) {
            return Some(if self.is_ink(u, v) { self.ink } else { self.paper });
        }
        let quiet = -self.quiet..span + self.quiet;
        if quiet.contains(&u) && quiet.contains(&v) {
            return Some(self.paper);
        }
        let line = |l: &&[f32; 5]| (l[0]..l[0] + l[2]).contains(&x) && (l[1]..l[1] + l[3]).contains(&y);
        Some(self.lines.iter().find(line).map_or(self.ground, |l| l[4]))
    }

    fn is_ink(&self, u: f32, v: f32) -> bool {
        let (column, row) = (u as usize, v as usize);
        let dark = self.dark[row * self.modules + column];
        let near = |a: usize| a < 7 || a + 7 >= self.modules;
        if !dark || !self.dots || (near(column) && near(row)) {
            return dark;
        }
        let (dx, dy) = (u.fract() - 0.5, v.fract() - 0.5);
        dx * dx + dy * dy < 0.22
    }
}

/// 40 to 300 bytes of the kinds one meets: an address with a token, base64, digits and capitals, Chinese, any bytes.
fn payload(chance: &mut Chance) -> Vec<u8> {
    const WORDS: [&str; 10] = [
        "采集码",
        "学号",
        "姓名",
        "王",
        "李",
        "张",
        "二零二六",
        "学院",
        "专业",
        "毕业",
    ];
    let length = [40, 48, 64, 80, 96, 128, 160, 200, 240, 300][chance.below(10)];
    let mut from = |alphabet: &[u8], count: usize| -> Vec<u8> {
        (0..count).map(|_| alphabet[chance.below(alphabet.len())]).collect()
    };
    let token = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    match from(b"uubbcxn", 1)[0] {
        b'u' => [b"https://collect.example.cn/t/".to_vec(), from(token, length - 29)].concat(),
        b'b' => from(token, length),
        b'n' => from(b"0123456789", length),
        b'x' => (0..length.min(120)).map(|_| (chance.bits() >> 56) as u8).collect(),
        _ => {
            let mut text = String::new();
            while text.len() < length {
                text.push_str(WORDS[chance.below(WORDS.len())]);
                text.push_str(&chance.below(10_000).to_string());
            }
            text.into_bytes()
        }
    }
}
