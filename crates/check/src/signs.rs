//! What are the weighed measures made of? Raw signs for setting their weights; nothing is judged by them.
use crate::input::Input;
use crate::measures::{
    background_shadow, face_occlusion, head_covering, illumination, mouth_occlusion, single_face, watermark,
};
use crate::scene::{Detail, Scene};
use domain::PhotoSpec;

/// The signs of a still by name.
pub fn signs(input: &Input, spec: &PhotoSpec) -> Vec<(&'static str, Vec<f32>)> {
    let scene = Scene::new(*input, spec, Detail::Full);
    let Some((chart, skin)) = scene.chart() else {
        return Vec::new();
    };
    let yaw = scene.main_face().map_or(0.0, |f| f.pose.yaw);
    let mut all = vec![
        ("mouth", mouth_occlusion::signs(chart, skin).unwrap_or_default()),
        ("face", face_occlusion::signs(chart, skin).to_vec()),
        ("beside", vec![face_occlusion::beside(chart, skin, yaw)]),
        ("palm", vec![face_occlusion::palm(&scene)]),
        ("light", illumination::slant(chart).into_iter().collect()),
        (
            "shadow",
            background_shadow::near(&scene).map_or_else(Vec::new, |(area, drop)| vec![area, drop]),
        ),
        (
            "head",
            head_covering::signs(chart, skin).map(Vec::from).unwrap_or_default(),
        ),
    ];
    let half = scene.view.half();
    let marks = [
        watermark::on_backdrop(&scene, &half).unwrap_or(f32::NAN),
        crate::marks::on_person(&scene, &half),
        watermark::surest(&scene),
    ];
    all.push(("marks", marks.to_vec()));
    all.push(("strangers", vec![single_face::surest(&scene)]));
    all
}
