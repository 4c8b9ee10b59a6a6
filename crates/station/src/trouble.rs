//! Why a use case did not do what was asked, and the code a window words it by.
use crate::bundle::BundleFault;
use crate::delivery::DeliveryFault;
use crate::session::Refusal;
use ipc::Fault;
use std::collections::BTreeMap;

/// A use case that was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// A rule of the trade.
    #[error(transparent)]
    Refused(#[from] domain::Refused),
    /// A rule of the desk.
    #[error(transparent)]
    Desk(#[from] Refusal),
    /// The camera.
    #[error(transparent)]
    Camera(#[from] camera::CameraError),
    /// The replay camera.
    #[error(transparent)]
    Replay(#[from] camera::replay::ReplayError),
    /// A scanned code.
    #[error(transparent)]
    Code(#[from] domain::code::CodeError),
    /// A feature code.
    #[error(transparent)]
    FeatureCode(#[from] domain::feature_code::FeatureCodeError),
    /// A roster file.
    #[error(transparent)]
    Roster(#[from] roster::RosterError),
    /// A campaign file.
    #[error(transparent)]
    CampaignFile(#[from] wire::campaign::CampaignFileError),
    /// A message of the center.
    #[error(transparent)]
    Wire(#[from] wire::Invalid),
    /// The center.
    #[error(transparent)]
    Link(#[from] sync::SyncError),
    /// The finished picture.
    #[error(transparent)]
    Finish(#[from] assess::FinishFault),
    /// A picture file.
    #[error(transparent)]
    Picture(#[from] photo::DecodeError),
    /// A bundle for a USB stick, or the answer to one.
    #[error(transparent)]
    Bundle(#[from] BundleFault),
    /// A delivery package.
    #[error(transparent)]
    Delivery(#[from] DeliveryFault),
    /// A rule of the kiosk.
    #[error(transparent)]
    Kiosk(#[from] crate::kiosk::KioskRefusal),
    /// Nothing can be done before a campaign is chosen.
    #[error("no campaign is chosen")]
    NoCampaign,
    /// The campaign names a standard this station does not know.
    #[error("the standard {0} is not known here")]
    UnknownSpec(String),
    /// No camera is chosen or found.
    #[error("there is no camera")]
    NoCamera,
    /// There is no other camera.
    #[error("there is no spare camera")]
    NoSpareCamera,
    /// The camera chosen is not the replay camera.
    #[error("only the replay camera takes commands")]
    NotReplay,
    /// The folder that is to be watched is not there.
    #[error("there is no such folder")]
    FolderMissing,
    /// It may not be read.
    #[error("the folder may not be read")]
    FolderDenied,
    /// More lies in it than can be passed over.
    #[error("the folder holds too many pictures already")]
    FolderFull,
    /// Less than a gigabyte is left.
    #[error("the disk is nearly full; no photo is taken")]
    DiskLow,
    /// No such thing.
    #[error("there is no such {0}")]
    NoSuch(&'static str),
    /// An argument that cannot be.
    #[error("{0}")]
    Bad(&'static str),
    /// Nobody on the roster has this number.
    #[error("nobody on the roster has this number")]
    NotOnRoster,
    /// There is nothing to take back.
    #[error("there is nothing to take back")]
    NothingToUndo,
    /// An order of a repair does not take another photo.
    #[error("order {number} does not take another photo: {refused}")]
    NotShifted {
        /// Its number.
        number: String,
        /// Where it is.
        state: domain::OrderState,
        /// Why.
        refused: domain::Refused,
    },
    /// It has left the station.
    #[error("it has been sent already; take a new photo instead")]
    TooLateToUndo,
    /// The station knows no center.
    #[error("the station is not enrolled")]
    NotEnrolled,
    /// The center does not answer.
    #[error("the center cannot be reached")]
    Unreachable,
    /// The center answers something else than it should.
    #[error("the center's answer does not hold")]
    BadAnswer,
    /// The order is still on its way to the center.
    #[error("the order has not reached the center yet")]
    OnItsWay,
    /// The center gives no code for the order: it needs no money, or no payments are taken there.
    #[error("this order cannot be paid here")]
    NotPayable,
    /// The payment provider does not answer the center.
    #[error("the payment provider does not answer")]
    PaymentAway,
    /// A thread ended while its answer was awaited.
    #[error("the station is closing")]
    Closing,
}

impl Trouble {
    /// The stable code, the values for the words, and whether trying again may help.
    pub fn fault(&self) -> Fault {
        let (code, retry) = self.code();
        let mut values = BTreeMap::new();
        // The message names no person: the errors below it are built that way.
        values.insert("detail".to_owned(), self.to_string());
        if let Self::Roster(e) = self {
            values.insert("problem".to_owned(), e.code().to_owned());
        }
        if let Self::NotShifted { number, state, .. } = self {
            values.insert("number".to_owned(), number.clone());
            values.insert("state".to_owned(), state.words_zh().to_owned());
        }
        Fault {
            code: code.to_owned(),
            values,
            retry,
        }
    }

    pub(crate) fn code(&self) -> (&'static str, bool) {
        use store::StoreError as S;
        match self {
            Self::Store(S::DiskFull { .. }) => ("disk_full", true),
            Self::Store(S::Busy { .. }) => ("store_busy", true),
            Self::Store(S::Corrupt { .. }) => ("store_damaged", false),
            Self::Store(_) => ("store", false),
            Self::Refused(refused) => (refused_code(refused), false),
            Self::Desk(refusal) => (desk_code(*refusal), false),
            Self::Camera(error) if error.is_absence() => ("camera_absent", true),
            Self::Camera(_) => ("camera", true),
            Self::Replay(_) => ("replay", false),
            Self::Code(domain::code::CodeError::OtherUse) => ("code_of_other_use", false),
            Self::Code(_) => ("bad_code", false),
            Self::FeatureCode(e) => (feature_code(*e), false),
            Self::Roster(_) => ("roster", false),
            Self::CampaignFile(_) | Self::Wire(_) => ("campaign_file", false),
            Self::Link(_) => ("link", true),
            Self::Finish(_) => ("finish", false),
            Self::Picture(_) => ("picture", false),
            Self::Bundle(fault) => fault.code(),
            Self::Delivery(fault) => fault.code(),
            Self::Kiosk(refusal) => (refusal.code(), false),
            Self::NoCampaign => ("no_campaign", false),
            Self::UnknownSpec(_) => ("unknown_spec", false),
            Self::NoCamera => ("camera_absent", true),
            Self::NoSpareCamera => ("no_spare_camera", true),
            Self::NotReplay => ("not_replay", false),
            Self::FolderMissing => ("folder_missing", true),
            Self::FolderDenied => ("folder_denied", true),
            Self::FolderFull => ("folder_full", false),
            Self::DiskLow => ("disk_low", true),
            Self::NoSuch(_) => ("not_found", false),
            Self::Bad(_) => ("bad_argument", false),
            Self::NotOnRoster => ("not_on_roster", false),
            Self::NothingToUndo => ("nothing_to_undo", false),
            Self::NotShifted { .. } => ("not_shifted", false),
            Self::TooLateToUndo => ("too_late_to_undo", false),
            Self::NotEnrolled => ("not_enrolled", false),
            Self::Unreachable => ("unreachable", true),
            Self::BadAnswer => ("bad_answer", true),
            Self::OnItsWay => ("on_its_way", true),
            Self::NotPayable => ("not_payable", false),
            Self::PaymentAway => ("payment_away", true),
            Self::Closing => ("closing", true),
        }
    }
}

fn desk_code(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::DeckFull => "deck_full",
        Refusal::Busy => "busy",
        Refusal::NotConfirmed => "not_confirmed",
        Refusal::Locked => "shot_limit",
        Refusal::AnswerFirst => "answer_first",
        Refusal::NobodySits => "nobody_sits",
        Refusal::NothingToAccept => "nothing_to_accept",
        Refusal::DidNotPass => "did_not_pass",
        Refusal::NoCrop => "no_crop",
    }
}

fn feature_code(e: domain::feature_code::FeatureCodeError) -> &'static str {
    use domain::feature_code::FeatureCodeError as F;
    match e {
        F::Form => "feature_code_form",
        F::Unknown => "feature_code_unknown",
        F::OtherSchool => "feature_code_other_school",
        F::Expired => "feature_code_expired",
    }
}

fn refused_code(refused: &domain::Refused) -> &'static str {
    use domain::Refused as R;
    match refused {
        R::SamePhoto => "same_photo",
        R::NoTriesLeft => "no_tries_left",
        R::TooLate => "too_late",
        R::CheckFailed => "did_not_pass",
        R::CampaignClosed => "campaign_closed",
        R::FeatureCodeNeeded => "feature_code_needed",
        R::FeatureCode(e) => feature_code(*e),
        R::WrongPersonKey => "wrong_person_key",
        R::NoConsent => "no_consent",
        R::BadAddress => "bad_argument",
        _ => "state_forbidden",
    }
}
