//! Findings: one measured value against one bound, with a reason and a remedy when it does not hold.

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* #[allow(missing_docs)] $variant),+ }
        impl $name {
            /// Every value, in the order reports list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The stable identifier used in JSON, logs and reports.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),+ }
            }
            /// Finds a value by its identifier.
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.id() == id)
            }
        }
    };
}

named! {
    /// What is measured. Names follow ISO/IEC 29794-5 where it has one; the rest are ours.
    Measure {
        SingleFacePresent, HeadPoseYaw, HeadPosePitch, HeadPoseRoll, EyesOpen, MouthClosed, ExpressionNeutrality,
        EyesVisible, MouthOcclusionPrevention, FaceOcclusionPrevention, NoHeadCoverings, Gaze, ShouldersLevel, GlassesGlare,
        InterEyeDistance, HeadSize, LeftwardCropOfTheFaceImage, RightwardCropOfTheFaceImage, MarginAboveOfTheFaceImage,
        MarginBelowOfTheFaceImage, CrownToTop, EyesToTop, EyesToBottom, FaceWidth, HeadHeight, Centring,
        BackgroundUniformity, BackgroundColour, BackgroundGradient, BackgroundShadow, IlluminationUniformity, LuminanceMean, LuminanceVariance,
        UnderExposurePrevention, OverExposurePrevention, DynamicRange, Sharpness, CompressionArtifacts, NaturalColour, Moire,
        PixelSize, Resolution, FileSize, ColourDepth, Watermark,
        /// The file could not be read as a whole, unbroken picture.
        Readable,
    }
}

named! {
    /// Why a finding does not hold. The words live with the screens and reports.
    Reason {
        Unreadable, Torn, TooLarge, NoFace, SeveralFaces, TurnedSideways, ChinUp, ChinDown, HeadTilted, EyesClosed, MouthOpen,
        NotNeutral, EyesCovered, MouthCovered, FaceCovered, HeadCovered, LookingAway, ShouldersTilted, Glare, FaceTooSmall,
        FaceTooLarge, HeadTooHigh, HeadTooLow, EyesTooHigh, EyesTooLow, OffCentre, CropOutside, BackgroundUneven,
        BackgroundWrongColour, LightUneven, TooDark, TooBright, Underexposed, Overexposed, LowContrast, Blurred, Compressed,
        ColourCast, ScreenPattern, WrongPixelSize, WrongResolution, FileTooLarge, FileTooSmall, WrongColourDepth, Marked,
        NotMeasured,
    }
}

named! {
    /// What to do about it.
    Remedy {
        TakeAgain, UseOriginalFile, StepIntoFrame, OnePersonOnly, FaceTheCamera, LowerChin, RaiseChin, LevelHead, OpenEyes,
        CloseMouth, RelaxFace, ClearEyes, UncoverFace, RemoveHat, LookAtLens, LevelShoulders, TiltGlasses, ComeCloser, StepBack,
        CameraUp, CameraDown, MoveToCentre, LeaveMoreRoom, SmoothBackground, ChangeBackground, BalanceLights, MoreLight, LessLight,
        HoldStill, CheckFocus, RaiseQuality, SetWhiteBalance, ShootThePersonDirectly, ExportAgain, RemoveMarks, CallOperator,
    }
}

/// Outcome of one measure or of a whole picture. Ordered from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Within the bound.
    Pass,
    /// Within the bound but near it, or a soft rule.
    Warn,
    /// The value could not be measured. Never a pass.
    NotMeasured,
    /// Outside the bound.
    Fail,
}

impl Verdict {
    /// The stable word used in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::NotMeasured => "not_measured",
            Self::Fail => "fail",
        }
    }
}

/// Unit of a measured value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Unit {
    Px,
    Degrees,
    Ratio,
    Score,
    DeltaE,
    Lightness,
    Kilobytes,
    Dpi,
    Bits,
    Count,
    None,
}

impl Unit {
    /// The word used in JSON and tables.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Px => "px",
            Self::Degrees => "deg",
            Self::Ratio => "ratio",
            Self::Score => "score",
            Self::DeltaE => "dE00",
            Self::Lightness => "L*",
            Self::Kilobytes => "KB",
            Self::Dpi => "dpi",
            Self::Bits => "bit",
            Self::Count => "count",
            Self::None => "",
        }
    }
}

/// The accepted interval; either end may be open.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bound {
    /// Smallest accepted value.
    pub min: Option<f32>,
    /// Largest accepted value.
    pub max: Option<f32>,
}

impl Bound {
    /// Both ends closed.
    pub const fn between(min: f32, max: f32) -> Self {
        Self {
            min: Some(min),
            max: Some(max),
        }
    }
    /// Open above.
    pub const fn at_least(min: f32) -> Self {
        Self {
            min: Some(min),
            max: None,
        }
    }
    /// Open below.
    pub const fn at_most(max: f32) -> Self {
        Self {
            min: None,
            max: Some(max),
        }
    }
    /// Whether the value lies inside, ends included. NaN never does.
    pub fn holds(self, value: f32) -> bool {
        !value.is_nan() && self.min.is_none_or(|m| value >= m) && self.max.is_none_or(|m| value <= m)
    }
}

/// One measured value, what the standard allows, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What was measured.
    pub measure: Measure,
    /// The native value; absent when not measured.
    pub value: Option<f32>,
    /// Unit of the value and the bound.
    pub unit: Unit,
    /// Quality 0–100 (ISO/IEC 29794-5 mapping where it has one, else our own).
    pub quality: Option<u8>,
    /// What passes; a standard may have a wider zone that only warns.
    pub bound: Bound,
    /// Pass, warn, fail or not measured.
    pub verdict: Verdict,
    /// Present unless the verdict is pass.
    pub reason: Option<Reason>,
    /// Present unless the verdict is pass.
    pub remedy: Option<Remedy>,
}

/// The verdict of a whole picture: the worst finding, where "not measured" counts as fail.
pub fn overall(findings: &[Finding]) -> Verdict {
    match findings.iter().map(|f| f.verdict).max() {
        None | Some(Verdict::NotMeasured) => Verdict::Fail,
        Some(v) => v,
    }
}
