//! What are the weighed measures made of? Raw signs for setting their weights; nothing is judged by them.
use crate::input::Input;
use crate::measures::{face_occlusion, head_covering, mouth_occlusion, watermark};
use crate::scene::{Detail, Scene};
use domain::PhotoSpec;

/// The signs of a still by name.
pub fn signs(input: &Input, spec: &PhotoSpec) -> Vec<(&'static str, Vec<f32>)> {
    let scene = Scene::new(*input, spec, Detail::Full);
    let Some((chart, skin)) = scene.chart() else {
        return Vec::new();
    };
    let mut all = vec![
        ("mouth", mouth_occlusion::signs(chart, skin).unwrap_or_default()),
        ("face", face_occlusion::signs(chart, skin).to_vec()),
        (
            "head",
            head_covering::signs(chart, skin).map(Vec::from).unwrap_or_default(),
        ),
    ];
    let half = scene.view.half();
    let marks = [
        watermark::on_backdrop(&scene, &half).unwrap_or(f32::NAN),
        crate::marks::on_person(&scene, &half),
    ];
    all.push(("marks", marks.to_vec()));
    all
}
