//! The desk's session: who sits, where a shot belongs, when a photo accepts itself.
use domain::geometry::SizePx;
use domain::order::OverrideReason;
use domain::{CodeHash, PersonKey, RectPx, ShotId, Verdict};
use proptest::prelude::*;
use station::likeness::Doubt;
use station::session::{Acceptance, JudgedShot, MAX_ON_DECK, Refusal, Rules, Scanned, Session, Sitter, Stage, Target};

fn sitter(n: u8) -> Sitter {
    Sitter {
        key: PersonKey::Code(CodeHash::of(&[n])),
        collected: false,
        recall: None,
    }
}

fn shot(n: u128) -> ShotId {
    ShotId(uuid::Uuid::from_u128(n))
}

fn judged(n: u128, verdict: Verdict) -> JudgedShot {
    JudgedShot {
        shot: shot(n),
        verdict,
        findings: vec![],
        crop: Some(RectPx {
            x: 0,
            y: 0,
            width: 3,
            height: 4,
        }),
        original: SizePx { width: 8, height: 8 },
        check_ms: 30,
    }
}

fn seated(n: u8) -> Session {
    let mut s = Session::new(Rules::default());
    assert_eq!(s.scan(sitter(n)), Ok(Scanned::Sits));
    s.open(i64::from(n));
    s
}

#[test]
fn one_head_from_scan_to_saved() {
    let mut s = seated(1);
    assert_eq!(s.scan(sitter(1)), Ok(Scanned::Known));
    assert_eq!(s.scan(sitter(2)), Ok(Scanned::OnDeck));
    let target = s.release().unwrap();
    assert_eq!(target, Target::Slot(1));
    assert_eq!(s.release(), Err(Refusal::Busy));
    s.taken(target, shot(1));
    assert_eq!(s.release(), Err(Refusal::Busy));
    assert!(s.judged(judged(1, Verdict::Pass), 1000));
    assert_eq!(s.release(), Err(Refusal::AnswerFirst));
    assert!(!s.accepts_itself(1699) && s.accepts_itself(1700));
    let (slot, _) = s.accept(Acceptance::Passed).unwrap();
    assert_eq!(slot.sitter.key, sitter(1).key);
    assert_eq!(s.leave(), Err(Refusal::Busy));
    s.saved();
    assert_eq!(s.next().map(|n| n.key.clone()), Some(sitter(2).key));
    s.open(2);
    assert_eq!(s.slot().unwrap().sitter.key, sitter(2).key);
}

#[test]
fn a_shot_that_may_show_somebody_else_waits_for_a_key() {
    let mut s = seated(1);
    let target = s.release().unwrap();
    s.taken(target, shot(1));
    s.judged(judged(1, Verdict::Pass), 0);
    assert!(!s.doubt(shot(2), &Doubt::OtherInSlot), "another shot");
    assert!(s.accepts_itself(700));
    assert!(s.doubt(shot(1), &Doubt::OtherInSlot));
    assert!(!s.accepts_itself(u64::MAX));
    s.accept(Acceptance::Passed).unwrap();
    assert!(!s.doubt(shot(1), &Doubt::OtherInSlot), "it was answered already");
}

#[test]
fn a_failure_needs_a_reason_and_a_warning_a_key() {
    let mut s = seated(1);
    let target = s.release().unwrap();
    s.taken(target, shot(1));
    s.judged(judged(1, Verdict::Fail), 0);
    assert!(!s.accepts_itself(u64::MAX));
    assert_eq!(s.accept(Acceptance::Passed).unwrap_err(), Refusal::DidNotPass);
    assert_eq!(s.retake(), Ok(shot(1)));
    let target = s.release().unwrap();
    s.taken(target, shot(2));
    s.judged(judged(2, Verdict::Warn), 0);
    assert!(!s.accepts_itself(u64::MAX));
    assert!(s.accept(Acceptance::Passed).is_ok());
    s.not_saved();
    assert!(matches!(
        s.slot().unwrap().stage,
        Stage::Judged {
            accepts_at_ms: None,
            ..
        }
    ));
    assert!(s.accept(Acceptance::Override(OverrideReason::CheckWrong)).is_ok());
}

#[test]
fn too_many_shots_lock_the_shutter_until_someone_looks() {
    let mut s = seated(1);
    for n in 0..5 {
        let target = s.release().unwrap();
        s.taken(target, shot(n));
        s.judged(judged(n, Verdict::Fail), 0);
        s.retake().unwrap();
    }
    assert!(s.is_locked());
    assert_eq!(s.release(), Err(Refusal::Locked));
    s.unlock();
    assert!(s.release().is_ok());
}

#[test]
fn a_person_collected_before_must_be_confirmed() {
    let mut s = Session::new(Rules::default());
    s.scan(Sitter {
        collected: true,
        ..sitter(1)
    })
    .unwrap();
    s.open(1);
    assert_eq!(s.release(), Err(Refusal::NotConfirmed));
    s.confirm().unwrap();
    assert!(s.release().is_ok());
}

#[test]
fn a_shot_without_a_slot_is_an_orphan_and_stays_one() {
    let mut s = Session::new(Rules::default());
    let target = s.release().unwrap();
    assert_eq!(target, Target::Orphan);
    // Someone is scanned while the shutter is open: the shot is still nobody's.
    s.scan(sitter(1)).unwrap();
    s.open(1);
    s.taken(target, shot(1));
    assert_eq!(s.slot().unwrap().stage, Stage::Ready);
    assert!(s.judged(judged(1, Verdict::Pass), 0));
    assert_eq!(s.slot().unwrap().shots, 0);
}

#[test]
fn a_missed_shot_and_a_full_deck() {
    let mut s = seated(0);
    let target = s.release().unwrap();
    s.missed(target);
    assert_eq!(s.slot().unwrap().stage, Stage::Ready);
    for n in 1..=u8::try_from(MAX_ON_DECK).unwrap() {
        assert_eq!(s.scan(sitter(n)), Ok(Scanned::OnDeck));
    }
    assert_eq!(s.scan(sitter(99)), Err(Refusal::DeckFull));
    assert!(s.remove(&sitter(3).key).is_some());
    assert!(s.leave().is_ok());
    assert_eq!(s.leave().unwrap_err(), Refusal::NobodySits);
}

proptest! {
    /// Whatever the order of keys and answers, a shot is only ever accepted for the slot it was released in.
    #[test]
    fn a_shot_never_changes_hands(keys in prop::collection::vec(0u8..9, 1..200)) {
        let mut s = Session::new(Rules::default());
        let (mut people, mut slots, mut shots) = (0u8, 0i64, 0u128);
        let mut pending: Option<(Target, ShotId)> = None;
        let mut owner = std::collections::HashMap::new();
        for key in keys {
            match key {
                0 | 1 => { people = people.wrapping_add(1); let _ = s.scan(sitter(people)); }
                2 => if s.next().is_some() { slots += 1; s.open(slots); },
                3 | 4 => if let Ok(target) = s.release() {
                    shots += 1;
                    owner.insert(shot(shots), target);
                    pending = Some((target, shot(shots)));
                },
                5 => if let Some((target, id)) = pending { s.taken(target, id); },
                6 => if let Some((_, id)) = pending { s.judged(JudgedShot { shot: id, ..judged(0, Verdict::Pass) }, 0); },
                7 => { let _ = s.retake(); }
                _ => if let Ok((slot, j)) = s.accept(Acceptance::Passed) {
                    prop_assert_eq!(owner[&j.shot], Target::Slot(slot.id));
                    s.saved();
                    pending = None;
                },
            }
        }
    }
}
