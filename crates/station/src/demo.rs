//! The demo: two campaigns of an invented school, a real center inside, a reviewer who sends every fifth photo back.
//! Everything but the reviewer's judgement is what a real day runs through.
use crate::core::Core;
use crate::embedded::{Embedded, EmbeddedError};
use crate::setup::RosterFile;
use crate::trouble::Trouble;
use central::people::AccountRole;
use central::{Central, CentralError, OrderFilter, SchoolCode};
use domain::OrderState;
use domain::review::RejectReason;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use wire::campaign::CampaignDoc;

const GRADUATE: &str = include_str!("../../../assets/demo/campaign-graduate.toml");
const FRESHMAN: &str = include_str!("../../../assets/demo/campaign-freshman.toml");
const ROSTER: &[u8] = include_bytes!("../../../assets/demo/roster.xlsx");
const PEOPLE: &str = include_str!("../../../assets/demo/people.csv");
/// The graduate campaign's feature code, entered for the visitor.
const FEATURE_CODE: &str = "xy2027";
/// Time an order waits before the reviewer looks at it.
const REVIEW_AFTER_MS: i64 = 12_000;
/// A coordinator who may look on in the review window, or decide: then the demo's own reviewer waits.
const COORDINATOR: (&str, &str) = ("coordinator", "review-the-demo");
const REVIEW_PACE: Duration = Duration::from_secs(3);
/// Every so many orders one is sent back.
const REJECT_EVERY: usize = 5;

/// A demo that could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The station's part.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The embedded center.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The center's part.
    #[error("the demo's center: {0}")]
    Center(#[from] CentralError),
    /// A file of the demo does not hold.
    #[error("the demo's files: {0}")]
    Files(#[from] wire::campaign::CampaignFileError),
}

/// Opens the embedded center, enrols the station with it, and fills in what a school would have sent. Again changes nothing.
pub(crate) fn set_up(core: &Arc<Core>, folder: &Path) -> Result<Embedded, DemoError> {
    let embedded = Embedded::open(folder)?;
    let (graduate, freshman) = (CampaignDoc::from_toml(GRADUATE)?, CampaignDoc::from_toml(FRESHMAN)?);
    // The first to be known is the one taken up: the freshmen, whose roster is there; it is changed to graduates below.
    for campaign in [&graduate, &freshman] {
        embedded.central.put_campaign(campaign)?;
    }
    if embedded.central.accounts(None)?.is_empty() {
        let (name, password) = COORDINATOR;
        let school = SchoolCode::parse(&graduate.school_code).map_err(CentralError::from)?;
        embedded
            .central
            .add_account("demo", name, AccountRole::Coordinator, Some(school), password)?;
    }
    if core.sync_view()?.enrolled {
        core.use_center_at(&embedded.url)?;
        return Ok(embedded);
    }
    let code = embedded.central.enrol_code(&graduate.school_code)?.code;
    core.enrol(&embedded.url, &code)?;
    core.choose_campaign(&freshman.id)?;
    core.import_roster(&RosterFile {
        name: "roster.xlsx",
        bytes: ROSTER,
        encoding: None,
        sheet: None,
        mapping: None,
    })?;
    core.choose_campaign(&graduate.id)?;
    core.enter_feature_code(FEATURE_CODE)?;
    Ok(embedded)
}

/// The code of the person in a frame of the demo, or their number on the roster when the job is not blind.
pub(crate) fn code_of(frame: &str, is_blind: bool) -> Option<String> {
    let row = PEOPLE
        .lines()
        .skip(1)
        .find(|line| line.split(',').next() == Some(frame))?;
    let mut cells = row.splitn(4, ',').skip(2);
    let (number, code) = (cells.next()?, cells.next()?);
    Some(if is_blind {
        code.trim().to_owned()
    } else {
        number.to_owned()
    })
}

impl Core {
    /// Reviews the demo's orders until the station closes. Runs on the reviewer thread.
    pub(crate) fn review_demo(&self, central: &Central) {
        let mut reviewed = 0;
        while !self.is_stopping() {
            if self.review.is_open() {
                // A visitor reviews.
            } else if let Err(error) = self.review_once(central, &mut reviewed) {
                tracing::warn!(%error, "the demo's reviewer");
            }
            std::thread::sleep(REVIEW_PACE);
        }
    }

    fn review_once(&self, central: &Central, reviewed: &mut usize) -> Result<(), CentralError> {
        let waiting = OrderFilter {
            state: Some(OrderState::PendingReview),
            ..OrderFilter::default()
        };
        for line in central.orders(&waiting)? {
            if self.now().since(line.updated_at) < REVIEW_AFTER_MS {
                continue;
            }
            *reviewed += 1;
            // The second, the seventh, the twelfth …: soon enough to be seen by a visitor, and never the same photo twice.
            if *reviewed % REJECT_EVERY == 2 && line.tries == 0 {
                central.reject("demo", &line.id, &[RejectReason::Covering], None)?;
            } else {
                central.approve("demo", &line.id)?;
            }
        }
        Ok(())
    }
}
