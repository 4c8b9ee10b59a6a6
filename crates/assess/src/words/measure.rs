//! What is each measure called, and what is it?
use super::{About, Words, words};
use domain::Measure;

const OFIQ: &str = "ISO/IEC 29794-5, defined and mapped as in OFIQ";
const OURS: &str = "ours, under the name of ISO/IEC 29794-5";
const SPEC: &str = "the photo standard";
const LIGHTER: &str =
    "ours, under the name and on the scale of ISO/IEC 29794-5; OFIQ reads it from an occlusion or segmentation network";

/// What a measure is called, what it is and where its definition comes from.
pub fn about(measure: Measure) -> About {
    let (name, what, source) = match measure {
        Measure::SingleFacePresent
        | Measure::HeadPoseYaw
        | Measure::HeadPosePitch
        | Measure::HeadPoseRoll
        | Measure::EyesOpen
        | Measure::MouthClosed
        | Measure::ExpressionNeutrality
        | Measure::EyesVisible
        | Measure::MouthOcclusionPrevention
        | Measure::FaceOcclusionPrevention
        | Measure::NoHeadCoverings
        | Measure::Gaze
        | Measure::ShouldersLevel
        | Measure::GlassesGlare => subject(measure),
        Measure::InterEyeDistance
        | Measure::HeadSize
        | Measure::LeftwardCropOfTheFaceImage
        | Measure::RightwardCropOfTheFaceImage
        | Measure::MarginAboveOfTheFaceImage
        | Measure::MarginBelowOfTheFaceImage
        | Measure::CrownToTop
        | Measure::EyesToTop
        | Measure::EyesToBottom
        | Measure::FaceWidth
        | Measure::HeadHeight
        | Measure::Centring => geometry(measure),
        Measure::BackgroundUniformity
        | Measure::BackgroundColour
        | Measure::BackgroundGradient
        | Measure::BackgroundShadow
        | Measure::IlluminationUniformity
        | Measure::LuminanceMean
        | Measure::LuminanceVariance
        | Measure::UnderExposurePrevention
        | Measure::OverExposurePrevention
        | Measure::DynamicRange
        | Measure::Sharpness
        | Measure::NaturalColour
        | Measure::Moire
        | Measure::Watermark => capture(measure),
        Measure::CompressionArtifacts
        | Measure::PixelSize
        | Measure::Resolution
        | Measure::FileSize
        | Measure::ColourDepth
        | Measure::Readable => file(measure),
    };
    About { name, what, source }
}

type Row = (Words, Words, &'static str);

fn row(name: (&'static str, &'static str), what: (&'static str, &'static str), source: &'static str) -> Row {
    (words(name.0, name.1), words(what.0, what.1), source)
}

#[rustfmt::skip]
fn subject(measure: Measure) -> Row {
    match measure {
        Measure::SingleFacePresent => row(("单人", "one face"), ("第二大人脸与最大人脸的面积比；0 为只有一人。只露出一部分、模糊或转过去的头也算，但只提醒", "Area of the second largest face over the largest; 0 when there is one person. A head that is cut, blurred or turned away counts too, but only warns"), OFIQ),
        Measure::HeadPoseYaw => row(("左右转头", "turned"), ("头向一侧转动的角度，度；转向画面左边为正", "Angle of the head to the side in degrees; positive towards the left edge of the picture"), "ISO/IEC 29794-5 (squared cosine); angle from a rigid fit to the landmarks"),
        Measure::HeadPosePitch => row(("抬头低头", "nod"), ("抬头或低头的角度，度；抬头为正", "Angle up or down in degrees; positive with the chin up"), "ISO/IEC 29794-5 (squared cosine); angle from a rigid fit to the landmarks"),
        Measure::HeadPoseRoll => row(("歪头", "tilt"), ("两眼连线的倾斜角度，度；顺时针为正", "Tilt of the line between the eyes in degrees; positive clockwise"), "ISO/IEC 29794-5 (squared cosine); angle of the line between the outer eye corners"),
        Measure::EyesOpen => row(("睁眼", "eyes open"), ("较小一只眼的上下眼睑距离与眼到下巴距离之比", "Lid distance of the less open eye over eyes-to-chin"), OFIQ),
        Measure::MouthClosed => row(("闭嘴", "mouth closed"), ("上下唇内缘的最大间距与眼到下巴距离之比", "Largest gap between the inner lips over eyes-to-chin"), OFIQ),
        Measure::ExpressionNeutrality => row(("表情", "expression"), ("微笑程度 0–1", "How much of a smile, 0–1"), OURS),
        Measure::EyesVisible => row(("眼睛可见", "eyes visible"), ("较难看清的一只眼被深色镜片、眼罩或头发遮挡的程度 0–1：眼下皮肤过暗、颜色不似皮肤、眼内没有明暗对比", "How far the less visible eye is hidden by dark lenses, a patch or hair, 0–1: skin under it too dark or of another hue, or no contrast in its opening"), LIGHTER),
        Measure::MouthOcclusionPrevention => row(("嘴无遮挡", "mouth free"), ("嘴被口罩、围巾、手或物品遮挡的程度 0–1：嘴唇不比皮肤红，或与周围没有差别", "How far a mask, scarf, hand or thing covers the mouth, 0–1: lips not as red as skin, or not to be told from what surrounds them"), LIGHTER),
        Measure::FaceOcclusionPrevention => row(("脸无遮挡", "face free"), ("脸上不是本人肤色、或只有一侧有边缘线的部分 0–1（手、口罩、物品）", "Share of the face that is not the person's own skin, or has edges the other half lacks (hand, mask, thing), 0–1"), LIGHTER),
        Measure::NoHeadCoverings => row(("无头饰", "no head covering"), ("头上戴有帽子、头巾、兜帽等的可能性 0–1：由颜色、额上边线、轮廓、纹理、颈部判断", "How likely something is worn on the head (cap, scarf, hood), 0–1: from colours, the line over the forehead, outline, texture and neck"), LIGHTER),
        Measure::Gaze => row(("视线", "gaze"), ("虹膜离眼角中点的偏移，以眼宽为单位，已扣除转头的影响", "How far the irises lie from the middle of the eyes' corners, in eye widths, less what the turn of the head brings"), "ours"),
        Measure::ShouldersLevel => row(("双肩水平", "shoulders level"), ("双肩连线的倾斜角度，度（由人像分割得到）", "Tilt of the line of the shoulders in degrees, from the person mask"), "ours"),
        _ => row(("眼镜反光", "glare"), ("镜片区域中近乎白色的部分 0–1，不含眼睛和眉毛", "Share of the zone of the lenses that is near white, 0–1, without eyes and brows"), "ours"),
    }
}

#[rustfmt::skip]
fn geometry(measure: Measure) -> Row {
    match measure {
        Measure::InterEyeDistance => row(("两眼距离", "between the eyes"), ("两眼中心距离，成品像素（原图像素更少时按原图），按转头角度修正", "Pixels between the eyes in the finished picture, or in the original where that has fewer; corrected for the turn of the head"), OFIQ),
        Measure::HeadSize => row(("头部比例", "head size"), ("眼到下巴距离与成品高度之比", "Eyes-to-chin over the height of the finished picture"), OFIQ),
        Measure::LeftwardCropOfTheFaceImage => row(("左侧余量", "room at the left"), ("左边缘到较远一眼的距离与两眼距离之比", "Left edge to the far eye over the distance between the eyes"), OFIQ),
        Measure::RightwardCropOfTheFaceImage => row(("右侧余量", "room at the right"), ("右边缘到较远一眼的距离与两眼距离之比", "Right edge to the far eye over the distance between the eyes"), OFIQ),
        Measure::MarginAboveOfTheFaceImage => row(("上方余量", "room above"), ("上边缘到眼线的距离与眼到下巴距离之比", "Top edge to the eyes over eyes-to-chin"), OFIQ),
        Measure::MarginBelowOfTheFaceImage => row(("下方余量", "room below"), ("下边缘到眼线的距离与眼到下巴距离之比", "Bottom edge to the eyes over eyes-to-chin"), OFIQ),
        Measure::CrownToTop => row(("头顶到上边", "crown to top"), ("头顶（含头发，由人像分割得到）到上边缘，成品像素", "Top of the head, hair included (from the person mask), to the top edge; pixels of the finished picture"), SPEC),
        Measure::EyesToTop => row(("眼睛到上边", "eyes to top"), ("眼线到上边缘，成品像素", "Eye line to the top edge; pixels of the finished picture"), SPEC),
        Measure::EyesToBottom => row(("眼睛到下边", "eyes to bottom"), ("眼线到下边缘，成品像素", "Eye line to the bottom edge; pixels of the finished picture"), SPEC),
        Measure::FaceWidth => row(("脸宽", "face width"), ("两颊之间的距离，成品像素", "Cheek to cheek; pixels of the finished picture"), SPEC),
        Measure::HeadHeight => row(("头高", "head height"), ("头顶到下巴，成品像素", "Crown to chin; pixels of the finished picture"), SPEC),
        _ => row(("居中", "centring"), ("脸的中线到画面中线的距离，成品像素", "Distance of the face's middle from the picture's; pixels of the finished picture"), SPEC),
    }
}

#[rustfmt::skip]
fn capture(measure: Measure) -> Row {
    match measure {
        Measure::BackgroundUniformity => row(("背景均匀", "background smooth"), ("背景亮度的平均梯度（Scharr）", "Mean gradient (Scharr) of the background's luminance"), "ISO/IEC 29794-5, mapped as in OFIQ; backdrop from the person mask"),
        Measure::BackgroundColour => row(("背景颜色", "background colour"), ("背景与最近的规定颜色的色差 ΔE00（取第 90 百分位）", "CIEDE2000 of the background to the nearest allowed colour (90th percentile of its tiles)"), "ours; CIE 142-2001"),
        Measure::BackgroundGradient => row(("背景渐变", "background gradient"), ("背景从最暗角到最亮角的明度差 L*（平面拟合）", "Lightness L* by which a plane through the background rises from its darkest to its lightest corner"), "ours; CIE 1976 L*"),
        Measure::BackgroundShadow => row(("背景阴影", "background shadow"), ("背景最暗处（或头边与墙同色的暗处）比中间明度低多少 L*", "Lightness L* by which the darkest part of the background, or the wall close to the head, lies below its middle"), "ours; CIE 1976 L*"),
        Measure::IlluminationUniformity => row(("光线均匀", "even light"), ("左右脸颊亮度直方图的重叠 0–1，并以左右对称位置的明暗之比校正", "Overlap of the luminance histograms of the two cheeks, 0–1, bounded by the ratio of light at mirrored places of the skin"), OFIQ),
        Measure::LuminanceMean => row(("亮度", "brightness"), ("脸部平均亮度 0–1（线性光）", "Mean luminance of the face, 0–1 (linear light)"), OFIQ),
        Measure::LuminanceVariance => row(("亮度方差", "brightness variance"), ("脸部亮度的方差（线性光）", "Variance of the face's luminance (linear light)"), OFIQ),
        Measure::UnderExposurePrevention => row(("欠曝", "underexposure"), ("脸部几乎全黑像素的比例 0–1", "Share of nearly black pixels of the face, 0–1"), OFIQ),
        Measure::OverExposurePrevention => row(("过曝", "overexposure"), ("脸部几乎全白像素的比例 0–1", "Share of nearly white pixels of the face, 0–1"), OFIQ),
        Measure::DynamicRange => row(("层次", "tones"), ("脸部亮度直方图的熵，比特", "Entropy of the face's luminance histogram in bits"), OFIQ),
        Measure::Sharpness => row(("清晰度", "sharpness"), ("1 减去感知模糊度，0–1（脸部，成品大小）", "One minus the perceptual blur of the face at finished size, 0–1"), "ours; Crété-Roffet et al., The blur effect, 2007"),
        Measure::NaturalColour => row(("肤色", "skin colour"), ("脸颊平均颜色与肤色范围（CIELAB）的距离", "Distance of the cheeks' mean colour from the range of skin in CIELAB"), OFIQ),
        Measure::Moire => row(("摩尔纹", "moiré"), ("脸上和背景上都有的同一种波纹在细节中的占比 0–1（分块傅里叶变换）", "Share of the fine detail that lies in one wave, on the face and away from it, 0–1 (Fourier transform of blocks)"), "ours"),
        _ => row(("水印", "watermark"), ("细小笔画所占的部分 0–1（背景上直接测量，其余由网络判断）", "Share of the picture that small strokes cover, 0–1: measured on the backdrop, seen by a network elsewhere"), "ours"),
    }
}

#[rustfmt::skip]
fn file(measure: Measure) -> Row {
    match measure {
        Measure::CompressionArtifacts => row(("压缩质量", "JPEG quality"), ("由量化表估计的 JPEG 质量 1–100", "JPEG quality 1–100 its quantisation table stands for"), OURS),
        Measure::PixelSize => row(("像素尺寸", "size in pixels"), ("成品的宽（宽正确时为高），像素", "Width of the finished picture, or its height where only that is wrong"), SPEC),
        Measure::Resolution => row(("分辨率", "resolution"), ("文件头中的每英寸像素数", "Pixels per inch in the file's header"), SPEC),
        Measure::FileSize => row(("文件大小", "file size"), ("文件大小，KB（1024 字节）", "Size of the file in KB of 1024 bytes"), SPEC),
        Measure::ColourDepth => row(("颜色位数", "colour depth"), ("每像素位数", "Bits a pixel"), SPEC),
        _ => row(("可读", "readable"), ("文件是一张完整的照片", "The file is one whole picture"), "ours; marker walk and strict decode"),
    }
}
