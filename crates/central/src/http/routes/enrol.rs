//! `POST /v1/enrol`: signed with the key it names, so that nobody enrols a key they do not have.
use crate::center::Central;
use crate::error::CentralError;
use crate::http::auth;
use crate::http::body;
use crate::http::fault::Fault;
use crate::http::serve::Peer;
use crate::usecase::enrol::public_key;
use axum::Json;
use axum::extract::{Request, State};
use wire::enrol::{EnrolAnswer, EnrolRequest};
use wire::problem::Code;

/// Largest enrolment taken.
const MAX_BYTES: usize = 16 * 1024;

/// Trades a one-time code for an identity.
pub async fn enrol(State(central): State<Central>, request: Request) -> Result<Json<EnrolAnswer>, Fault> {
    let (parts, stream) = request.into_parts();
    let from = parts.extensions.get::<Peer>().map(|p| p.0.ip());
    let (headers, digest) = auth::signature_headers(&parts.headers)?;
    let bytes = body::read(&parts.headers, stream, MAX_BYTES, central.config().limits.body_pause).await?;
    body::check_digest(&digest, &bytes)?;
    let request: EnrolRequest = body::json(&bytes)?;
    let key = public_key(&request.public_key).map_err(CentralError::from)?;
    let claims = auth::check(&key, &parts, &headers, &digest)?;
    auth::check_clock(&central, &claims)?;
    let guard = &central.guards().enrol;
    if !guard.may_try(from, central.now()) {
        return Err(Fault::new(Code::RateLimited, "Too many wrong enrolment codes").after_ms(60_000));
    }
    match central.at_store(move |c| c.enrol(&request)).await {
        Ok(answer) => Ok(Json(answer)),
        Err(error) => {
            if matches!(error, CentralError::EnrolCode) {
                guard.failed(from, central.now());
            }
            Err(error.into())
        }
    }
}
