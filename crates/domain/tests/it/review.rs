//! Reasons of a rejection beside what the local check measures.
use domain::Measure;
use domain::review::RejectReason;

#[test]
fn a_measure_belongs_to_one_reason_at_most() {
    for reason in RejectReason::ALL {
        for measure in reason.measures() {
            assert_eq!(RejectReason::of_measure(*measure), Some(reason), "{}", measure.id());
        }
    }
    // Whose face it is, no check can tell; how large the head is, no reason of a reviewer names.
    assert!(RejectReason::WrongPerson.measures().is_empty());
    assert_eq!(RejectReason::of_measure(Measure::HeadSize), None);
}
