//! Is everything said in both languages?
use assess::words::{self, Words};
use domain::{Measure, Reason, Remedy, Verdict};
use std::collections::HashSet;

fn complete(all: impl Iterator<Item = Words>) {
    let all: Vec<Words> = all.collect();
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for w in &all {
        assert!(
            w.zh.chars().any(chinese) && !w.en.is_empty() && !w.en.chars().any(chinese),
            "{w:?}"
        );
    }
    let distinct = |of: fn(&Words) -> &'static str| all.iter().map(of).collect::<HashSet<_>>().len();
    assert_eq!(distinct(|w| w.zh), all.len());
    assert_eq!(distinct(|w| w.en), all.len());
}

#[test]
fn every_word_is_there_in_both_languages_and_said_once() {
    complete(Reason::ALL.iter().map(|r| words::reason(*r)));
    complete(Remedy::ALL.iter().map(|r| words::remedy(*r)));
    complete(Measure::ALL.iter().map(|m| words::measure(*m)));
    complete(Measure::ALL.iter().map(|m| words::about(*m).what));
    let verdicts = [Verdict::Pass, Verdict::Warn, Verdict::NotMeasured, Verdict::Fail];
    complete(verdicts.into_iter().map(words::verdict));
}

#[test]
fn what_is_measured_does_not_say_it_comes_later() {
    for measure in Measure::ALL {
        let later = words::about(*measure).source.contains("not measured by this version");
        assert_eq!(later, check::measured().all(|m| m != *measure), "{}", measure.id());
    }
}
