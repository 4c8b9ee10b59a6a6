//! A reviewer's rejection: always at least one reason, each with what to do about it.
use crate::finding::Measure;
use crate::time::UtcMs;

/// Why a reviewer sent a photo back. Digits 1–9 on the review screen, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RejectReason {
    /// Extra content in the picture: hands, watermarks (图像额外内容).
    ExtraContent,
    /// Background colour or evenness.
    Background,
    /// Head not level or not facing the camera.
    Pose,
    /// Eyes closed, covered, or behind glare.
    Eyes,
    /// Open mouth or a grimace.
    Expression,
    /// Hair, hat or jewellery.
    Covering,
    /// Too dark, too bright, one-sided.
    Light,
    /// Blurred, compressed, re-photographed.
    Quality,
    /// The picture does not show the person it is filed under.
    WrongPerson,
}

impl RejectReason {
    /// In the order of the digits.
    pub const ALL: [Self; 9] = [
        Self::ExtraContent,
        Self::Background,
        Self::Pose,
        Self::Eyes,
        Self::Expression,
        Self::Covering,
        Self::Light,
        Self::Quality,
        Self::WrongPerson,
    ];
    /// The stable word used in stores and on the wire.
    pub const fn id(self) -> &'static str {
        match self {
            Self::ExtraContent => "extra_content",
            Self::Background => "background",
            Self::Pose => "pose",
            Self::Eyes => "eyes",
            Self::Expression => "expression",
            Self::Covering => "covering",
            Self::Light => "light",
            Self::Quality => "quality",
            Self::WrongPerson => "wrong_person",
        }
    }
    /// Reads [`RejectReason::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.id() == id)
    }
    /// 原因 as shown to the graduate.
    pub const fn words_zh(self) -> &'static str {
        match self {
            Self::ExtraContent => "图像额外内容（手、水印等）",
            Self::Background => "背景颜色或均匀度不符合要求",
            Self::Pose => "头部不正或未正视镜头",
            Self::Eyes => "闭眼、遮挡眼睛或镜片反光",
            Self::Expression => "张嘴、露齿或表情不自然",
            Self::Covering => "头发、帽子或饰物遮挡面部",
            Self::Light => "光线过暗、过亮或不均匀",
            Self::Quality => "图像模糊、压缩过度或为翻拍",
            Self::WrongPerson => "照片与本人信息不符",
        }
    }
    /// 解决办法 as shown to the graduate.
    pub const fn remedy_zh(self) -> &'static str {
        match self {
            Self::ExtraContent => "请勿使用艺术照，移开多余物品后到现场重新拍摄。",
            Self::Background => "请在规定颜色的背景前重新拍摄。",
            Self::Pose => "请摆正头部、双肩放平、正视镜头后重新拍摄。",
            Self::Eyes => "请睁开双眼、露出眼睛，必要时摘下眼镜后重新拍摄。",
            Self::Expression => "请闭合双唇、表情自然后重新拍摄。",
            Self::Covering => "请摘下帽子和饰物、将头发拨开后重新拍摄。",
            Self::Light => "请调整灯光后重新拍摄。",
            Self::Quality => "请保持静止、直接拍摄本人后重新提交。",
            Self::WrongPerson => "请核对采集码后重新采集。",
        }
    }
    /// What the local check measures of the same defect; nothing where only a person can tell.
    pub const fn measures(self) -> &'static [Measure] {
        match self {
            Self::ExtraContent => &[Measure::SingleFacePresent, Measure::Watermark],
            Self::Background => &[
                Measure::BackgroundUniformity,
                Measure::BackgroundColour,
                Measure::BackgroundGradient,
                Measure::BackgroundShadow,
            ],
            Self::Pose => &[
                Measure::HeadPoseYaw,
                Measure::HeadPosePitch,
                Measure::HeadPoseRoll,
                Measure::ShouldersLevel,
            ],
            Self::Eyes => &[
                Measure::EyesOpen,
                Measure::EyesVisible,
                Measure::Gaze,
                Measure::GlassesGlare,
            ],
            Self::Expression => &[Measure::MouthClosed, Measure::ExpressionNeutrality],
            Self::Covering => &[
                Measure::MouthOcclusionPrevention,
                Measure::FaceOcclusionPrevention,
                Measure::NoHeadCoverings,
            ],
            Self::Light => &[
                Measure::IlluminationUniformity,
                Measure::LuminanceMean,
                Measure::LuminanceVariance,
                Measure::UnderExposurePrevention,
                Measure::OverExposurePrevention,
                Measure::DynamicRange,
                Measure::NaturalColour,
            ],
            Self::Quality => &[Measure::Sharpness, Measure::CompressionArtifacts, Measure::Moire],
            Self::WrongPerson => &[],
        }
    }
    /// The reason a reviewer gives for what this measure sees, if there is one.
    pub fn of_measure(measure: Measure) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.measures().contains(&measure))
    }
}

/// A rejection. It cannot be made without a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    reasons: Vec<RejectReason>,
    /// A reviewer's own words, if any.
    pub note: Option<String>,
    /// When the center recorded it.
    pub at: UtcMs,
    /// The last moment a new photo is taken.
    pub deadline: UtcMs,
}

impl Rejection {
    /// Makes a rejection; `None` without a reason. Repeated reasons are kept once.
    pub fn new(reasons: &[RejectReason], note: Option<String>, at: UtcMs, deadline: UtcMs) -> Option<Self> {
        let mut reasons = reasons.to_vec();
        reasons.sort_unstable();
        reasons.dedup();
        (!reasons.is_empty()).then_some(Self {
            reasons,
            note,
            at,
            deadline,
        })
    }
    /// The reasons, at least one.
    pub fn reasons(&self) -> &[RejectReason] {
        &self.reasons
    }
}
