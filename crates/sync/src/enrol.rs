//! How does a station become one of a center's? A one-time code and a key made here, against an identity.
use crate::answer;
use crate::error::SyncError;
use crate::failure::Failure;
use crate::pump::{Clock, Identity, Random};
use crate::remote::Remote;
use crate::request::{Request, Signer, public_key};
use domain::UtcMs;
use ed25519_dalek::SigningKey;
use wire::enrol::{ENROL_KEY_ID, EnrolAnswer, EnrolRequest};
use wire::problem::Code;

/// Who asks to be enrolled.
#[derive(Clone, Copy)]
pub struct Enrolment<'a> {
    /// One-time code from the center.
    pub code: &'a str,
    /// Name people give the station.
    pub name: &'a str,
    /// Made on this station; never leaves it.
    pub signing_key: &'a SigningKey,
    /// Version of the station.
    pub app_version: &'a str,
}

/// Enrols. A station whose clock is off is enrolled all the same: it signs again with the center's time.
///
/// # Errors
/// When the center is not reached, does not take the code, or answers without a usable key.
pub async fn enrol(
    remote: &impl Remote,
    enrolment: Enrolment<'_>,
    clock: &dyn Clock,
    random: &mut Random,
) -> Result<EnrolAnswer, SyncError> {
    let answer = match attempt(remote, enrolment, clock.now(), random).await? {
        Tried::Enrolled(answer) => answer,
        Tried::ClockIsOff { center } => match attempt(remote, enrolment, center, random).await? {
            Tried::Enrolled(answer) => answer,
            Tried::ClockIsOff { .. } => return Err(refused_for_its_clock()),
        },
    };
    // A key that does not hold would only show at the first receipt, on the day.
    Identity::new(
        answer.station_id.clone(),
        enrolment.signing_key.as_bytes(),
        &answer.server_key,
    )?;
    Ok(answer)
}

enum Tried {
    Enrolled(EnrolAnswer),
    ClockIsOff { center: UtcMs },
}

async fn attempt(
    remote: &impl Remote,
    enrolment: Enrolment<'_>,
    now: UtcMs,
    random: &mut Random,
) -> Result<Tried, SyncError> {
    let request = EnrolRequest {
        code: enrolment.code.to_owned(),
        public_key: public_key(enrolment.signing_key),
        name: enrolment.name.to_owned(),
        app_version: enrolment.app_version.to_owned(),
    };
    let signer = Signer {
        key: enrolment.signing_key,
        key_id: ENROL_KEY_ID,
        now,
        nonce: [random(), random()],
    };
    let request = Request::enrol(&signer, &request).map_err(SyncError::Encode)?;
    let raw = remote.send(request).await.map_err(|e| SyncError::Enrol(e.into()))?;
    match answer::enrolled(&raw) {
        Ok(answer) => Ok(Tried::Enrolled(answer)),
        Err(Failure::Refused(problem)) if problem.code == Code::ClockSkew => {
            let center = answer::server_time_ms(&raw).ok_or_else(refused_for_its_clock)?;
            Ok(Tried::ClockIsOff { center: UtcMs(center) })
        }
        Err(failure) => Err(SyncError::Enrol(failure)),
    }
}

fn refused_for_its_clock() -> SyncError {
    let problem = wire::problem::Problem::new(Code::ClockSkew, "the clocks of station and center differ");
    SyncError::Enrol(Failure::Refused(Box::new(problem)))
}
