//! How good is a native value on the scale of 0–100?
//!
//! The mappings of OFIQ, the reference implementation of ISO/IEC 29794-5 (BSI-OFIQ/OFIQ-Project, MIT), checked against its
//! published results. Where we have no such mapping the quality is our own and [`is_standard`] says so.
use domain::Measure;

/// OFIQ's general mapping: `height * (offset + sign * sigmoid((x - middle) / width))`, rounded and clamped to 0–100.
struct Sigmoid {
    height: f64,
    offset: f64,
    sign: f64,
    middle: f64,
    width: f64,
}

impl Sigmoid {
    /// Better the larger the value.
    const fn rising(middle: f64, width: f64) -> Self {
        Self {
            height: 100.0,
            offset: 0.0,
            sign: 1.0,
            middle,
            width,
        }
    }

    /// Better the smaller the value.
    const fn falling(height: f64, middle: f64, width: f64) -> Self {
        Self {
            height,
            offset: 1.0,
            sign: -1.0,
            middle,
            width,
        }
    }

    fn at(&self, x: f64) -> f64 {
        self.height * (self.offset + self.sign * logistic((x - self.middle) / self.width))
    }
}

fn logistic(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

/// Whether the quality of a measure follows ISO/IEC 29794-5 (through OFIQ's mapping); otherwise it is our own.
pub fn is_standard(measure: Measure) -> bool {
    mapped(measure, 0.0).is_some()
}

/// The quality 0–100 of a native value by OFIQ's mapping; `None` where it has none or the value is not finite.
///
/// Angles are in degrees, `InterEyeDistance` in pixels already divided by the cosine of the yaw.
pub fn quality(measure: Measure, value: f32) -> Option<u8> {
    if !value.is_finite() {
        return None;
    }
    mapped(measure, f64::from(value)).map(rounded)
}

/// Rounds half away from zero and clamps, as OFIQ does.
pub(crate) fn rounded(quality: f64) -> u8 {
    quality.round().clamp(0.0, 100.0) as u8
}

fn mapped(measure: Measure, x: f64) -> Option<f64> {
    use Measure as M;
    Some(match measure {
        M::BackgroundUniformity => Sigmoid::falling(190.0, 10.0, 100.0).at(x),
        M::IlluminationUniformity => 100.0 * x.max(0.0).powf(0.3),
        M::LuminanceMean => 100.0 * logistic((x - 0.2) / 0.05) * (1.0 - logistic((x - 0.8) / 0.05)),
        M::LuminanceVariance => 100.0 * (60.0 * x / (60.0 * x + 1.0) * std::f64::consts::PI).sin(),
        M::UnderExposurePrevention => {
            let dark = Sigmoid {
                height: 120.0,
                offset: 0.832,
                sign: -1.0,
                middle: 0.92,
                width: 0.05,
            };
            dark.at(x)
        }
        M::OverExposurePrevention => 1.0 / (x.max(0.0) + 0.01),
        M::DynamicRange => 12.5 * x,
        M::NaturalColour => Sigmoid::falling(200.0, 0.0, 10.0).at(x),
        M::SingleFacePresent | M::EyesVisible | M::MouthOcclusionPrevention | M::FaceOcclusionPrevention => {
            100.0 * (1.0 - x)
        }
        // A falling sigmoid about 0.02, stretched so that nothing on the head is 100.
        M::NoHeadCoverings => {
            let rest = |x: f64| 1.0 - logistic((x - 0.02) / 0.1);
            100.0 * (rest(x) - rest(0.95)) / (rest(0.0) - rest(0.95))
        }
        M::EyesOpen => Sigmoid::rising(0.02, 0.01).at(x),
        M::MouthClosed => Sigmoid::falling(100.0, 0.2, 0.06).at(x),
        M::InterEyeDistance => Sigmoid::rising(70.0, 20.0).at(x),
        M::HeadSize => Sigmoid::falling(200.0, 0.0, 0.05).at((x - 0.45).abs()),
        M::LeftwardCropOfTheFaceImage | M::RightwardCropOfTheFaceImage => Sigmoid::rising(0.9, 0.1).at(x),
        M::MarginAboveOfTheFaceImage => Sigmoid::rising(1.4, 0.1).at(x),
        M::MarginBelowOfTheFaceImage => Sigmoid::rising(1.8, 0.1).at(x),
        M::HeadPoseYaw | M::HeadPosePitch | M::HeadPoseRoll => 100.0 * x.to_radians().cos().max(0.0).powi(2),
        _ => return None,
    })
}
