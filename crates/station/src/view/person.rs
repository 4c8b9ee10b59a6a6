//! People, masked.
use domain::{PersonKey, Subject, mask};
use ipc::{CollectedView, PersonCard, PersonLine, RecallView};

/// The first eight hex digits of a code's hash: enough to tell two codes apart by eye.
pub fn code_short(key: &PersonKey) -> Option<String> {
    match key {
        PersonKey::Code(hash) => Some(hash.hex()[..8].to_owned()),
        PersonKey::Roster(_) | PersonKey::Temporary(_) => None,
    }
}

/// A person on the capture screen.
pub fn person_card(
    key: &PersonKey,
    subject: &Subject,
    collected: Option<CollectedView>,
    recall: Option<RecallView>,
    namesake: bool,
) -> PersonCard {
    PersonCard {
        key: key.text(),
        name: subject.shown_name(),
        id_masked: subject.shown_id(),
        student_number: subject.student_number.clone(),
        faculty: subject.faculty.clone(),
        major: subject.major.clone(),
        class: subject.class.clone(),
        code_short: code_short(key),
        namesake,
        collected,
        recall,
        temporary: matches!(key, PersonKey::Temporary(_)),
    }
}

/// A person in a list.
pub fn person_line(key: &PersonKey, subject: &Subject, school: Option<&str>) -> PersonLine {
    PersonLine {
        name: subject.shown_name(),
        id_masked: subject.shown_id(),
        phone_masked: subject.phone.as_deref().map(mask::phone),
        student_number: subject.student_number.clone(),
        school: school.map(str::to_owned),
        faculty: subject.faculty.clone(),
        major: subject.major.clone(),
        class: subject.class.clone(),
        code_short: code_short(key),
    }
}
