//! Points, rectangles and colours. Origin is the top-left corner, x to the right, y down, unless said otherwise.

/// A point in pixels of the picture it was found in.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: f32,
    /// Pixels from the top edge.
    pub y: f32,
}

impl Point {
    /// Builds a point from its coordinates.
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }
    /// Distance to another point in pixels.
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
    /// The point half way to another.
    pub fn midpoint(self, other: Self) -> Self {
        Self::new((self.x + other.x) / 2.0, (self.y + other.y) / 2.0)
    }
}

/// A landmark with relative depth, same scale as x and y, smaller is nearer to the camera.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point3 {
    /// Pixels from the left edge.
    pub x: f32,
    /// Pixels from the top edge.
    pub y: f32,
    /// Depth in pixels relative to the face centre.
    pub z: f32,
}

impl Point3 {
    /// Drops the depth.
    pub const fn xy(self) -> Point {
        Point::new(self.x, self.y)
    }
}

/// A rectangle with fractional pixels; it may reach beyond the picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width, never negative.
    pub width: f32,
    /// Height, never negative.
    pub height: f32,
}

impl Rect {
    /// Area in square pixels.
    pub fn area(self) -> f32 {
        self.width * self.height
    }
    /// The right edge.
    pub fn right(self) -> f32 {
        self.x + self.width
    }
    /// The bottom edge.
    pub fn bottom(self) -> f32 {
        self.y + self.height
    }
    /// Whether a point lies inside, left and top edge included.
    pub fn contains(self, p: Point) -> bool {
        (self.x..self.right()).contains(&p.x) && (self.y..self.bottom()).contains(&p.y)
    }
    /// Centre of the rectangle.
    pub fn center(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

/// A whole-pixel rectangle inside a picture. Crop rectangles are stored in this form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RectPx {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl RectPx {
    /// The rectangle that covers a whole picture.
    pub const fn whole(size: SizePx) -> Self {
        Self {
            x: 0,
            y: 0,
            width: size.width,
            height: size.height,
        }
    }
    /// The same rectangle with fractional pixels.
    pub const fn to_rect(self) -> Rect {
        Rect {
            x: self.x as f32,
            y: self.y as f32,
            width: self.width as f32,
            height: self.height as f32,
        }
    }
}

/// Width and height of a picture in whole pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SizePx {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// An sRGB colour, 8 bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rgb {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}
