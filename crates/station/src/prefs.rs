//! What the people at this station prefer, and its defaults.
use crate::trigger::{MAX_BURST, MAX_COUNTDOWN_S};
use ipc::Preferences;

/// Longest list of shutter keys.
const MAX_KEYS: usize = 12;

/// Preferences of a fresh station.
pub fn defaults() -> Preferences {
    Preferences {
        language: "zh-CN".to_owned(),
        mirror_preview: true,
        shutter_keys: ["Space", "Enter", "PageDown", "F8"].map(str::to_owned).to_vec(),
        auto_accept: true,
        sounds: true,
        auto_shoot: false,
        countdown_s: 0,
        burst: 1,
        preview_turns: 0,
        lan: true,
        compare_faces: true,
    }
}

/// Reads stored preferences; anything unreadable gives the defaults, for a preference must never keep the desk shut.
pub fn from_json(json: Option<&str>) -> Preferences {
    json.and_then(|j| serde_json::from_str(j).ok())
        .filter(holds)
        .unwrap_or_else(defaults)
}

/// Whether preferences can be used: a known language and at least one shutter key.
pub fn holds(p: &Preferences) -> bool {
    let key = |k: &String| !k.is_empty() && k.len() <= 32 && k.bytes().all(|b| b.is_ascii_alphanumeric());
    matches!(p.language.as_str(), "zh-CN" | "en")
        && p.countdown_s <= MAX_COUNTDOWN_S
        && p.burst <= MAX_BURST
        && p.preview_turns < 4
        && !p.shutter_keys.is_empty()
        && p.shutter_keys.len() <= MAX_KEYS
        && p.shutter_keys.iter().all(key)
}
