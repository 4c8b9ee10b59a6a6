//! The search columns of a name: full pinyin and initials in every reading, so that 单 is found by `shan` and by `dan`.
use pinyin::ToPinyinMulti;

/// Most readings kept of one name; a name of several rare characters would multiply them.
const MAX_READINGS: usize = 16;

/// What a name is found by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameKeys {
    /// Full pinyin without tones, readings separated by a blank.
    pub full: String,
    /// Initials, readings separated by a blank.
    pub initials: String,
}

/// The search keys of a name. Characters that are not Chinese stand for themselves, in lower case.
pub fn name_keys(name: &str) -> NameKeys {
    let mut readings = vec![(String::new(), String::new())];
    for (character, multi) in name.chars().zip(name.to_pinyin_multi()) {
        let mut sounds: Vec<String> = match multi {
            Some(multi) => multi.into_iter().map(|p| p.plain().to_owned()).collect(),
            None if character.is_alphanumeric() => vec![character.to_lowercase().collect()],
            None => continue,
        };
        sounds.sort();
        sounds.dedup();
        readings = readings
            .iter()
            .flat_map(|(full, initials)| {
                sounds.iter().map(move |sound| {
                    let first = sound.chars().next().map(String::from).unwrap_or_default();
                    (format!("{full}{sound}"), format!("{initials}{first}"))
                })
            })
            .take(MAX_READINGS)
            .collect();
    }
    let join = |pick: fn(&(String, String)) -> &String| {
        let mut all: Vec<&str> = readings.iter().map(|r| pick(r).as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all.join(" ")
    };
    NameKeys {
        full: join(|r| &r.0),
        initials: join(|r| &r.1),
    }
}
