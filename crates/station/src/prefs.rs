//! What the people at this station prefer, and its defaults.
use crate::trigger::{MAX_BURST, MAX_COUNTDOWN_S};
use ipc::Preferences;

/// Longest list of shutter keys.
const MAX_KEYS: usize = 12;
/// Keys that mean something else on the capture screen (`RESERVED` in `ui/src/lib/capture/keys.ts`): such a pedal would never shoot.
const RESERVED: [&str; 24] = [
    "Backspace",
    "Delete",
    "Digit1",
    "Digit2",
    "Digit3",
    "Digit4",
    "Escape",
    "F2",
    "KeyF",
    "KeyH",
    "KeyK",
    "KeyL",
    "KeyN",
    "KeyO",
    "KeyR",
    "KeyT",
    "KeyZ",
    "Numpad1",
    "Numpad2",
    "Numpad3",
    "Numpad4",
    "NumpadDivide",
    "Slash",
    "Tab",
];

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
        lan: true,
        compare_faces: true,
    }
}

/// Reads stored preferences; anything unreadable gives the defaults, for a preference must never keep the desk shut.
pub fn from_json(json: Option<&str>) -> Preferences {
    let kept = |mut p: Preferences| {
        // A version before took them.
        p.shutter_keys.retain(|k| !RESERVED.contains(&k.as_str()));
        if p.shutter_keys.is_empty() {
            p.shutter_keys = defaults().shutter_keys;
        }
        p
    };
    json.and_then(|j| serde_json::from_str(j).ok())
        .map(kept)
        .filter(holds)
        .unwrap_or_else(defaults)
}

/// Whether preferences can be used: a known language and at least one shutter key.
pub fn holds(p: &Preferences) -> bool {
    let named = |k: &str| !k.is_empty() && k.len() <= 32 && k.bytes().all(|b| b.is_ascii_alphanumeric());
    let key = |k: &String| named(k) && !RESERVED.contains(&k.as_str());
    matches!(p.language.as_str(), "zh-CN" | "en")
        && p.countdown_s <= MAX_COUNTDOWN_S
        && p.burst <= MAX_BURST
        && !p.shutter_keys.is_empty()
        && p.shutter_keys.len() <= MAX_KEYS
        && p.shutter_keys.iter().all(key)
}
