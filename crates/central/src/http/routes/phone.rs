//! `POST /v1/phone-codes` and `POST /v1/phone-codes/check`: at a station's kiosk somebody proves their mobile number.
use crate::center::Central;
use crate::error::CentralError;
use crate::http::auth::Signed;
use crate::http::body;
use crate::http::fault::Fault;
use crate::store::StationRow;
use crate::usecase::phone::{AGAIN_MS, HOLDS_MS, Known};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::PhoneNumber;
use wire::phone::{PhoneCheckRequest, PhoneCodeAnswer, PhoneCodeRequest};
use wire::problem::Code;

/// Largest body of these requests.
const MAX_BYTES: usize = 1024;

/// Sends a code.
pub async fn ask(State(central): State<Central>, by: Signed<MAX_BYTES>) -> Result<Json<PhoneCodeAnswer>, Fault> {
    let asked: PhoneCodeRequest = body::json(&by.body)?;
    let phone = number(&asked.phone)?;
    let guard = &central.guards().station_phones;
    may_try(&central, &by.station)?;
    guard.failed(Some(by.station.id), central.now());
    let known = Known::ByStation(asked.known);
    let message = central.at_store(move |c| c.phone_code(&phone, known)).await?;
    // Beside the answer: whoever stands at the kiosk could tell by the time whether the number is known.
    let sending = central.clone();
    tokio::spawn(async move { sending.send_code(message).await });
    Ok(Json(answer()))
}

/// Checks a code.
pub async fn check(State(central): State<Central>, by: Signed<MAX_BYTES>) -> Result<StatusCode, Fault> {
    let asked: PhoneCheckRequest = body::json(&by.body)?;
    let phone = number(&asked.phone)?;
    may_try(&central, &by.station)?;
    let checked = central.at_store(move |c| c.check_phone_code(&phone, &asked.code)).await;
    if matches!(checked, Err(CentralError::PhoneCode)) {
        central
            .guards()
            .station_phones
            .failed(Some(by.station.id), central.now());
    }
    checked?;
    Ok(StatusCode::NO_CONTENT)
}

fn may_try(central: &Central, station: &StationRow) -> Result<(), Fault> {
    if central.guards().station_phones.may_try(Some(station.id), central.now()) {
        Ok(())
    } else {
        Err(Fault::new(Code::RateLimited, "Too many codes").after_ms(60_000))
    }
}

/// The number, or that it is none.
pub fn number(text: &str) -> Result<PhoneNumber, Fault> {
    let wrong = |e| Fault::from(CentralError::from(wire::Invalid::new("phone", e)));
    PhoneNumber::parse(text).map_err(wrong)
}

/// What is said whether a code was sent or not.
pub fn answer() -> PhoneCodeAnswer {
    PhoneCodeAnswer {
        again_in_ms: AGAIN_MS.unsigned_abs(),
        holds_ms: HOLDS_MS.unsigned_abs(),
    }
}
