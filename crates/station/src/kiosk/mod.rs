//! The graduates' window: one guest at a time. Who that is the station knows, not the window: no call names a person, so none
//! can ask for somebody else's orders. Everything is forgotten on leave, or when the window falls silent.
mod account;
mod booth;
mod change;
mod contact;
mod door;
mod enter;
mod letters;
mod phone;
mod show;
mod site;

pub use change::Erased;
pub use enter::Filled;
pub(crate) use letters::characters;

use crate::core::Core;
use crate::session::Stage;
use crate::trouble::Trouble;
use domain::consent::Consent;
use domain::feature_code::FeatureCode;
use domain::{Campaign, CampaignId, PersonKey};
use std::sync::{Arc, MutexGuard, PoisonError};
use store::people::{self, Person};

/// A window that has not asked for anything this long is gone, and its guest with it.
pub(crate) const SILENCE_MS: u64 = 120_000;
/// Pictures a guest may take before they are sent to a teacher.
const MAX_SHOTS: u32 = 3;

/// Why the kiosk said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KioskRefusal {
    /// Nobody logged in, or they left.
    #[error("nobody is logged in")]
    NoGuest,
    /// No campaign of this kind is open here.
    #[error("no such job is open at this station")]
    NoJob,
    /// The photographer is at work with another campaign.
    #[error("the desk is at work with another campaign")]
    DeskBusy,
    /// Number and proof do not belong together, or nobody has the number.
    #[error("number and last four do not belong together")]
    NoMatch,
    /// Another version of the agreement is in force.
    #[error("another version of the agreement is in force")]
    OldAgreement,
    /// The text is no mobile number.
    #[error("no mobile number")]
    NoPhone,
    /// The code is wrong, used or too old.
    #[error("the code is wrong, used or too old")]
    WrongCode,
    /// Codes were asked for too often.
    #[error("codes were asked for too often")]
    CodeTooSoon,
    /// Nobody here has the number.
    #[error("nobody here has the number")]
    NoRecord,
    /// The center cannot be reached, or sends no codes.
    #[error("the center sends no code now")]
    Offline,
    /// Collected already; nothing awaits a new photo.
    #[error("collected already")]
    Collected,
    /// Somebody else sits in front of the camera.
    #[error("somebody else sits in front of the camera")]
    ChairTaken,
    /// Three pictures were taken.
    #[error("no more pictures here; a teacher helps")]
    FindTeacher,
    /// This job takes no picture files.
    #[error("this job takes no picture files")]
    NoFiles,
    /// The PIN is wrong, or too many were.
    #[error("the PIN is wrong")]
    WrongPin,
    /// Too many wrong ones; the door stays shut for a minute.
    #[error("too many wrong PINs")]
    PinLocked,
    /// No PIN was set at the desk.
    #[error("no PIN is set")]
    NoPin,
}

impl KioskRefusal {
    /// The stable code a window words.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoGuest => "kiosk_no_guest",
            Self::NoJob => "kiosk_no_job",
            Self::DeskBusy => "kiosk_desk_busy",
            Self::NoMatch => "kiosk_no_match",
            Self::NoPhone => "kiosk_no_phone",
            Self::WrongCode => "kiosk_wrong_code",
            Self::CodeTooSoon => "kiosk_code_too_soon",
            Self::NoRecord => "kiosk_no_record",
            Self::Offline => "kiosk_offline",
            Self::OldAgreement => "kiosk_old_agreement",
            Self::Collected => "kiosk_collected",
            Self::ChairTaken => "kiosk_chair_taken",
            Self::FindTeacher => "kiosk_find_teacher",
            Self::NoFiles => "kiosk_no_files",
            Self::WrongPin => "kiosk_wrong_pin",
            Self::PinLocked => "kiosk_pin_locked",
            Self::NoPin => "kiosk_no_pin",
        }
    }
}

/// Who stands at the kiosk.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    pub campaign: CampaignId,
    pub key: PersonKey,
    pub consent: Option<Consent>,
    pub feature_code: Option<FeatureCode>,
    /// Being told by short message was allowed.
    pub messages: Option<Consent>,
    /// Went to the camera.
    pub in_booth: bool,
}

/// People of one proved number.
#[derive(Debug)]
struct Proven {
    campaign: CampaignId,
    keys: Vec<PersonKey>,
    until_ms: u64,
}

/// The kiosk's memory.
#[derive(Debug, Default)]
pub(crate) struct Kiosk {
    guest: Option<Guest>,
    /// People of a proved number, one of whom says which they are.
    proven: Option<Proven>,
    /// When the window last asked for something, in monotonic milliseconds.
    heard_ms: u64,
    /// Until then a code before the camera is the kiosk's.
    expects_until_ms: u64,
    wrong_pins: u32,
    locked_until_ms: u64,
}

impl Core {
    fn kiosk(&self) -> MutexGuard<'_, Kiosk> {
        self.kiosk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The kiosk's window asked for something.
    fn heard_kiosk(&self) {
        self.kiosk().heard_ms = self.clock.mono_ms();
    }

    pub(crate) fn guest(&self) -> Option<Guest> {
        self.kiosk().guest.clone()
    }

    fn need_guest(&self) -> Result<Guest, Trouble> {
        self.heard_kiosk();
        Ok(self.guest().ok_or(KioskRefusal::NoGuest)?)
    }

    fn change_guest(&self, change: impl FnOnce(&mut Guest)) -> Result<(), Trouble> {
        self.kiosk().guest.as_mut().map(change).ok_or(KioskRefusal::NoGuest)?;
        self.board.bump();
        Ok(())
    }

    /// The guest's campaign, which is the one in use, and their row.
    fn guest_person(&self, guest: &Guest) -> Result<(Arc<Campaign>, Person), Trouble> {
        let (campaign, _) = self.campaign()?;
        if campaign.id != guest.campaign {
            return Err(KioskRefusal::DeskBusy.into());
        }
        let person = self.store.read(|c| people::get(c, campaign.id, &guest.key))?;
        Ok((campaign, person.ok_or(Trouble::NoSuch("person"))?))
    }

    /// Whether the person in the chair is the guest who went to the camera by themselves.
    pub(crate) fn guest_sits(&self) -> bool {
        let Some(guest) = self.guest().filter(|g| g.in_booth) else {
            return false;
        };
        self.desk().session.slot().is_some_and(|s| s.sitter.key == guest.key)
    }

    /// The guest leaves: the chair is free, an open shot is thrown away, nothing of them stays.
    pub fn kiosk_leave(&self) -> Result<(), Trouble> {
        self.kiosk().proven = None;
        let Some(guest) = self.kiosk().guest.take() else {
            return Ok(());
        };
        let sits = |core: &Self| core.desk().session.slot().is_some_and(|s| s.sitter.key == guest.key);
        if guest.in_booth && sits(self) {
            let _turn = self.turn();
            let busy = matches!(
                self.desk().session.slot().map(|s| &s.stage),
                Some(Stage::Taking | Stage::Checking(_) | Stage::Saving(_))
            );
            // A shot under way is finished first; the clock thread comes back for the chair.
            if busy {
                self.kiosk().guest = Some(guest);
                return Err(crate::session::Refusal::Busy.into());
            }
            self.give_up_chair()?;
        }
        self.board.bump();
        Ok(())
    }

    /// Lets a guest go whose window fell silent. Called by the clock thread.
    pub(crate) fn forget_silent_guest(&self) {
        let silent = {
            let kiosk = self.kiosk();
            kiosk.guest.is_some() && self.clock.mono_ms().saturating_sub(kiosk.heard_ms) > SILENCE_MS
        };
        if silent && let Err(error) = self.kiosk_leave() {
            tracing::debug!(%error, "the kiosk's guest cannot leave yet");
        }
    }
}
