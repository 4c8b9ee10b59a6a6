//! Where do the local check and the review disagree? Per station and measure: what the check let pass and a reviewer rejected, and
//! what it failed or warned of and a reviewer approved. Decisions alone count; one that was taken back does not.
use crate::center::Central;
use crate::error::CentralError;
use crate::person::Person;
use crate::store::{OutcomeCount, SchoolCode};
use domain::review::RejectReason;
use domain::{CampaignId, Measure, StationId};
use std::collections::BTreeMap;

/// Decided photos of one station.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StationFeedback {
    /// Photos that were decided.
    pub decided: u64,
    /// Of these, rejected.
    pub rejected: u64,
    /// Rejected for a reason of which no measure had failed or warned.
    pub missed: u64,
    /// Taken although the check failed, and approved.
    pub approved_failed: u64,
    /// Approved although the check had warned; those that failed, too, are not among them.
    pub approved_warned: u64,
}

/// Decided photos of one station, as far as one measure goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MeasureFeedback {
    /// Rejected for the measure's reason; neither it nor another measure of that reason had failed or warned.
    pub missed: u64,
    /// Rejected for the measure's reason, and it had failed or warned.
    pub caught: u64,
    /// It failed, and the photo was approved.
    pub approved_failed: u64,
    /// It warned, and the photo was approved.
    pub approved_warned: u64,
}

/// Where the two disagree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feedback {
    /// By school and station.
    pub stations: BTreeMap<(SchoolCode, StationId), StationFeedback>,
    /// By station and measure; those nothing is to be said of are left out.
    pub measures: BTreeMap<(StationId, Measure), MeasureFeedback>,
}

impl Central {
    /// Where the local check and the review disagree, as far as this person sees.
    ///
    /// # Errors
    /// When the filter names a school this person does not see.
    pub fn feedback_for(
        &self,
        person: &Person,
        school: Option<SchoolCode>,
        campaign: Option<CampaignId>,
    ) -> Result<Feedback, CentralError> {
        let school = person.narrowed(school)?;
        let counts = self.read(|rows| rows.outcomes(school.as_ref(), campaign.as_ref()))?;
        Ok(Feedback::of(&counts))
    }
}

impl Feedback {
    fn of(counts: &[OutcomeCount]) -> Self {
        let mut feedback = Self::default();
        for count in counts {
            let station = feedback
                .stations
                .entry((count.school.clone(), count.station))
                .or_default();
            station.decided += count.photos;
            if count.approved {
                feedback.approved(count);
            } else {
                feedback.rejected(count);
            }
        }
        feedback
    }

    fn approved(&mut self, count: &OutcomeCount) {
        let station = self.stations.entry((count.school.clone(), count.station)).or_default();
        if !count.failed.is_empty() {
            station.approved_failed += count.photos;
        } else if !count.warned.is_empty() {
            station.approved_warned += count.photos;
        }
        for measure in &count.failed {
            self.measure(count.station, *measure).approved_failed += count.photos;
        }
        for measure in &count.warned {
            self.measure(count.station, *measure).approved_warned += count.photos;
        }
    }

    fn rejected(&mut self, count: &OutcomeCount) {
        let saw = |measure: &Measure| count.failed.contains(measure) || count.warned.contains(measure);
        let mut missed = false;
        for reason in &count.reasons {
            let any = reason.measures().iter().any(saw);
            for measure in reason.measures() {
                match (any, saw(measure)) {
                    (_, true) => self.measure(count.station, *measure).caught += count.photos,
                    (false, false) => self.measure(count.station, *measure).missed += count.photos,
                    // Another measure of the same reason saw it.
                    (true, false) => {}
                }
            }
            // Only a person can tell whether it is somebody else: the check missed nothing there.
            missed |= !any && *reason != RejectReason::WrongPerson;
        }
        let station = self.stations.entry((count.school.clone(), count.station)).or_default();
        station.rejected += count.photos;
        if missed {
            station.missed += count.photos;
        }
    }

    fn measure(&mut self, station: StationId, measure: Measure) -> &mut MeasureFeedback {
        self.measures.entry((station, measure)).or_default()
    }
}
