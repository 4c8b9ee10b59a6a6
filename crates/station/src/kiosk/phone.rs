//! Login by a proved mobile number: the center sends a code to it and checks what was typed; whose record has the number this station
//! knows by itself. Without the center nobody can be sent a code, and the collection code still works.
use super::{KioskRefusal, Proven};
use crate::core::Core;
use crate::trouble::Trouble;
use crate::view;
use domain::campaign::JobKind;
use domain::{Campaign, CampaignId, PersonKey, PhoneNumber};
use ipc::{PersonLine, PhoneCodeView};
use store::people::{self, Person};
use sync::RawAnswer;
use sync::failure::Failure;
use sync::request::{Request, Signer};
use wire::phone::{PhoneCheckRequest, PhoneCodeRequest};
use wire::problem::Code;

/// Several people of one number have this long to say who they are.
const CHOOSE_MS: u64 = 120_000;

impl Core {
    /// Has a code sent to a number, if anybody here has it; the answer is the same if nobody does.
    pub fn kiosk_phone_code(&self, job: &str, phone: &str) -> Result<PhoneCodeView, Trouble> {
        self.heard_kiosk();
        let phone = number(phone)?;
        let campaign = self.offered(kind(job)?)?.ok_or(KioskRefusal::NoJob)?;
        let asked = PhoneCodeRequest {
            known: !self.people_of(&campaign, &phone)?.is_empty(),
            phone: phone.as_str().to_owned(),
        };
        let answer = self.ask_phone(|signer| Request::phone_code(signer, &asked))?;
        let answer = sync::answer::phone_code(&answer).map_err(refusal)?;
        Ok(PhoneCodeView {
            again_in_ms: answer.again_in_ms,
        })
    }

    /// Lets in whoever proved their number. Several people of one number are answered, masked, and one of them says which they are.
    pub fn kiosk_phone_enter(&self, job: &str, phone: &str, code: &str) -> Result<Vec<PersonLine>, Trouble> {
        let (job, phone) = (kind(job)?, number(phone)?);
        self.kiosk_leave()?;
        let asked = PhoneCheckRequest {
            phone: phone.as_str().to_owned(),
            code: code.trim().to_owned(),
        };
        let answer = self.ask_phone(|signer| Request::phone_check(signer, &asked))?;
        sync::answer::done(&answer).map_err(refusal)?;
        let campaign = self.take_up(job)?;
        let mut people = self.people_of(&campaign, &phone)?;
        match people.len() {
            0 => Err(KioskRefusal::NoRecord.into()),
            1 => {
                self.let_in(&campaign, people.remove(0).entry.key);
                Ok(Vec::new())
            }
            _ => {
                let line = |p: &Person| {
                    let school = Some(campaign.school_name.as_str());
                    view::person_line(&p.entry.key, &p.entry.subject, school)
                };
                let lines = people.iter().map(line).collect();
                let mut kiosk = self.kiosk();
                kiosk.heard_ms = self.clock.mono_ms();
                kiosk.proven = Some(Proven {
                    campaign: campaign.id,
                    keys: people.into_iter().map(|p| p.entry.key).collect(),
                    until_ms: self.clock.mono_ms() + CHOOSE_MS,
                });
                Ok(lines)
            }
        }
    }

    /// Which of the people of the proved number it is, by their place in the answer.
    pub fn kiosk_choose(&self, place: u32) -> Result<(), Trouble> {
        self.heard_kiosk();
        let now = self.clock.mono_ms();
        let (of, key): (CampaignId, PersonKey) = {
            let kiosk = self.kiosk();
            let proven = kiosk.proven.as_ref().filter(|p| now < p.until_ms);
            let proven = proven.ok_or(KioskRefusal::NoGuest)?;
            let key = usize::try_from(place).ok().and_then(|at| proven.keys.get(at).cloned());
            (proven.campaign, key.ok_or(Trouble::NoSuch("person"))?)
        };
        let (campaign, _) = self.campaign()?;
        if campaign.id != of {
            return Err(KioskRefusal::DeskBusy.into());
        }
        self.kiosk().proven = None;
        self.let_in(&campaign, key);
        Ok(())
    }

    fn people_of(&self, campaign: &Campaign, phone: &PhoneNumber) -> Result<Vec<Person>, Trouble> {
        Ok(self.store.read(|c| people::by_phone(c, campaign.id, phone))?)
    }

    fn ask_phone(&self, request: impl Fn(&Signer<'_>) -> Request) -> Result<RawAnswer, Trouble> {
        self.ask(request).map_err(|trouble| match trouble {
            Trouble::Unreachable | Trouble::NotEnrolled => KioskRefusal::Offline.into(),
            other => other,
        })
    }
}

fn kind(job: &str) -> Result<JobKind, Trouble> {
    JobKind::from_id(job).ok_or(Trouble::Bad("there is no such job"))
}

fn number(text: &str) -> Result<PhoneNumber, Trouble> {
    Ok(PhoneNumber::parse(text).map_err(|_| KioskRefusal::NoPhone)?)
}

/// What the center's refusal means to somebody at the kiosk.
fn refusal(failure: Failure) -> Trouble {
    let refusal = match failure {
        Failure::Refused(problem) => match problem.code {
            Code::PhoneCodeInvalid => KioskRefusal::WrongCode,
            Code::RateLimited => KioskRefusal::CodeTooSoon,
            _ => KioskRefusal::Offline,
        },
        Failure::Unreachable(_) | Failure::NotCenter { .. } | Failure::BadAnswer { .. } | Failure::Local(_) => {
            KioskRefusal::Offline
        }
    };
    refusal.into()
}
