//! What is the one thing to tell the sitter now?
use domain::{Finding, Reason, Remedy, Verdict};

/// What is said first: whether there is one person, whether they stand right, how they hold the head, face and light. Later
/// entries often go away once earlier ones are put right.
const ORDER: &[Reason] = &[
    Reason::Unreadable,
    Reason::NoFace,
    Reason::SeveralFaces,
    Reason::FaceTooSmall,
    Reason::FaceTooLarge,
    Reason::OffCentre,
    Reason::HeadTooHigh,
    Reason::HeadTooLow,
    Reason::EyesTooHigh,
    Reason::EyesTooLow,
    Reason::CropOutside,
    Reason::TurnedSideways,
    Reason::ChinUp,
    Reason::ChinDown,
    Reason::HeadTilted,
    Reason::TooDark,
    Reason::TooBright,
    Reason::Underexposed,
    Reason::Overexposed,
    Reason::EyesClosed,
    Reason::MouthOpen,
    Reason::NotNeutral,
    Reason::LightUneven,
];

/// The most urgent reason with its remedy: breaches (and what the crop could not show) first, then warnings, each in the
/// order of [`ORDER`]; other reasons last. `None` when there is nothing to say.
pub fn live_hint(findings: &[Finding]) -> Option<(Reason, Remedy)> {
    let place = |reason: Reason| ORDER.iter().position(|r| *r == reason).unwrap_or(ORDER.len());
    findings
        .iter()
        .filter_map(|f| {
            let urgency = match f.verdict {
                Verdict::Pass => return None,
                Verdict::Warn => 1,
                Verdict::NotMeasured | Verdict::Fail => 0,
            };
            Some(((urgency, place(f.reason?)), (f.reason?, f.remedy?)))
        })
        .min_by_key(|(key, _)| *key)
        .map(|(_, said)| said)
}
