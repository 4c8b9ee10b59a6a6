//! How is each remedy said?
use super::{Words, words};
use domain::Remedy;

pub(super) fn said(remedy: Remedy) -> Words {
    use Remedy as R;
    match remedy {
        R::TakeAgain => words("请重拍一张", "Take the picture again"),
        R::UseOriginalFile => words("请使用相机原始的 JPEG 文件", "Use the original JPEG file of the camera"),
        R::StepIntoFrame => words("请站到镜头前", "Step into the picture"),
        R::OnePersonOnly => words("画面中只留一个人", "Let only one person be in the picture"),
        R::FaceTheCamera => words("请正对镜头", "Face the camera"),
        R::LowerChin => words("请收一点下巴", "Lower the chin a little"),
        R::RaiseChin => words("请抬一点下巴", "Raise the chin a little"),
        R::LevelHead => words("请把头摆正", "Hold the head level"),
        R::OpenEyes => words("请睁开眼睛", "Open the eyes"),
        R::CloseMouth => words("请闭上嘴", "Close the mouth"),
        R::RelaxFace => words("请放松表情", "Relax the face"),
        R::ClearEyes => words("请把头发和镜框移开眼睛", "Clear hair and frames from the eyes"),
        R::UncoverFace => words("请露出整张脸", "Uncover the face"),
        R::RemoveHat => words("请摘下帽子或头饰", "Take off the hat"),
        R::LookAtLens => words("请看镜头", "Look at the lens"),
        R::LevelShoulders => words("请放平双肩", "Level the shoulders"),
        R::TiltGlasses => words(
            "请稍微低一低镜框，避开反光",
            "Tilt the glasses a little to avoid the glare",
        ),
        R::ComeCloser => words("请靠近镜头一些", "Come closer"),
        R::StepBack => words("请退后一些", "Step back"),
        R::CameraUp => words("请把镜头抬高一些", "Raise the camera"),
        R::CameraDown => words("请把镜头放低一些", "Lower the camera"),
        R::MoveToCentre => words("请站到画面中间", "Move to the middle"),
        R::LeaveMoreRoom => words("请在人像四周多留空间", "Leave more room around the person"),
        R::SmoothBackground => words("请拉平背景，去掉杂物", "Smooth the background and clear it"),
        R::ChangeBackground => words("请更换为规定颜色的背景", "Use a background of the required colour"),
        R::BalanceLights => words("请调整两侧灯光使其一致", "Balance the lights on both sides"),
        R::MoreLight => words("请增加光线", "Add light"),
        R::LessLight => words("请减弱光线", "Use less light"),
        R::HoldStill => words("请保持不动", "Hold still"),
        R::CheckFocus => words("请重新对焦，保持不动", "Check the focus and hold still"),
        R::RaiseQuality => words("请提高 JPEG 质量重新导出", "Export with a higher JPEG quality"),
        R::SetWhiteBalance => words("请设置白平衡", "Set the white balance"),
        R::ShootThePersonDirectly => words("请直接拍摄本人", "Photograph the person directly"),
        R::ExportAgain => words("请按要求重新导出", "Export again to the standard"),
        R::RemoveMarks => words("请使用没有水印和文字的照片", "Use a picture without watermark or text"),
        R::CallOperator => words("请联系现场工作人员", "Call the operator"),
    }
}
